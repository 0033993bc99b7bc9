import { useEffect } from 'react';
import { isTypingTarget, runByKey } from './commands.ts';

const isMac = typeof navigator !== 'undefined' && /Mac|iPhone|iPad/.test(navigator.platform);

/** The one key listener of the page. What a control has handled itself (an open menu's Escape) is left alone. */
export function useKeys(): void {
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || event.isComposing) return;
      // While a dialog or palette is open its keys are its own.
      if (event.target instanceof Element && event.target.closest('[role="dialog"][data-modal], .wb-veil')) return;
      if (runByKey(event, isMac)) event.preventDefault();
    };
    window.addEventListener('keydown', onKeyDown);
    return () => window.removeEventListener('keydown', onKeyDown);
  }, []);
}

/** Escape while typing: first out of the field, to the pane it stands in. */
export function leaveField(): boolean {
  const active = document.activeElement;
  if (!isTypingTarget(active)) return false;
  const pane = active?.closest<HTMLElement>('[data-pane]');
  if (pane) pane.focus();
  else if (active instanceof HTMLElement) active.blur();
  return true;
}
