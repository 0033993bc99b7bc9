/**
 * Where the keyboard is. A pane takes focus at the place that it marks (`data-pane-focus`, its current row), else as a
 * whole; and focus that vanished with its element (a closed report, a removed card, the last view) goes to the pane it was
 * in instead of to nowhere.
 */
import { useEffect } from 'react';
import { useView } from './view-state.ts';

const places = ['[data-pane-focus]', '[aria-current="page"]', '[aria-current="true"]'];

/** Gives focus to a pane, at the place that it marks. */
export function focusInto(pane: HTMLElement): void {
  for (const place of places) {
    const element = pane.querySelector<HTMLElement>(place);
    if (element && element.offsetParent !== null) {
      element.focus({ preventScroll: true });
      return;
    }
  }
  pane.focus({ preventScroll: true });
}

/** As the ref of something that opens far down and is longer than what it takes the place of: all of it comes into sight. */
export function intoView(element: HTMLElement | null): void {
  element?.scrollIntoView({ block: 'nearest' });
}

const workPane = (): HTMLElement | null => document.querySelector<HTMLElement>('[data-pane="work"]');

/** Overlays give focus back by themselves, a moment after they have gone. */
const graceMs = 90;

/** Keeps focus on the page: mounted once, in the frame. */
export function useFocusKeeper(): void {
  const route = useView((state) => state.route);
  useEffect(() => {
    let pane: HTMLElement | null = null;
    let last: Element | null = null;
    let timer = 0;
    const onFocus = (event: FocusEvent): void => {
      last = event.target instanceof Element ? event.target : null;
      pane = last?.closest<HTMLElement>('[data-pane]') ?? pane;
    };
    const restore = (): void => {
      if (document.activeElement !== document.body) return;
      const target = pane?.isConnected && pane.offsetParent !== null ? pane : workPane();
      if (target) focusInto(target);
    };
    const observer = new MutationObserver(() => {
      if (document.activeElement !== document.body || last === null) return;
      // A click beside everything also leaves focus with the body; that one is meant.
      if (last.isConnected && (last as HTMLElement).offsetParent !== null) return;
      clearTimeout(timer);
      timer = window.setTimeout(restore, graceMs);
    });
    observer.observe(document.body, {
      childList: true,
      subtree: true,
      attributes: true,
      attributeFilter: ['hidden', 'disabled'],
    });
    // While it comes down: cards in a text keep their events to themselves.
    document.addEventListener('focusin', onFocus, true);
    return () => {
      observer.disconnect();
      clearTimeout(timer);
      document.removeEventListener('focusin', onFocus, true);
    };
  }, []);
  useEffect(() => {
    const timer = window.setTimeout(() => {
      const work = workPane();
      if (work && document.activeElement === document.body) focusInto(work);
    }, graceMs);
    return () => clearTimeout(timer);
  }, [route]);
}
