/** The thin strip beside the scroll bar: where annotations and search hits are in the whole document. */
import { useEffect, useRef, type RefObject } from 'react';
import type { AnnotationView } from '../../shared/contract/annotations.ts';
import type { UnitId } from '../../shared/ids.ts';
import type { Found } from './find.ts';

/** Decoration for the eye; everything it shows is in the list as well. A press goes there. */
export function ScrollStrip({
  annotations,
  found,
  scroller,
}: {
  readonly annotations: readonly AnnotationView[];
  readonly found: readonly Found[];
  readonly scroller: RefObject<HTMLElement | null>;
}) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const element = canvas.current;
    const pane = scroller.current;
    if (!element || !pane) return undefined;
    const draw = (): void => {
      const height = pane.clientHeight;
      const ratio = window.devicePixelRatio;
      element.width = 8 * ratio;
      element.height = height * ratio;
      element.style.blockSize = `${height}px`;
      const context = element.getContext('2d');
      if (!context) return;
      context.scale(ratio, ratio);
      const style = getComputedStyle(element);
      const share = height / pane.scrollHeight;
      const place = (unit: UnitId): number | null => {
        const target = document.getElementById(unit);
        return target ? target.offsetTop * share : null;
      };
      const tick = (unit: UnitId | null, colour: string): void => {
        const top = unit === null ? null : place(unit);
        if (top === null) return;
        context.fillStyle = style.getPropertyValue(colour);
        context.fillRect(1, top, 6, 2);
      };
      for (const { placement, kind } of annotations) tick(placement.unit, `--${kind}`);
      for (const { unit } of found) tick(unit, '--warn');
    };
    draw();
    const observer = new ResizeObserver(draw);
    observer.observe(pane);
    return () => observer.disconnect();
  }, [annotations, found, scroller]);
  return (
    <canvas
      ref={canvas}
      className="rd-strip no-print"
      aria-hidden
      onClick={(event) => {
        const pane = scroller.current;
        if (!pane) return;
        const share = (event.clientY - event.currentTarget.getBoundingClientRect().top) / pane.clientHeight;
        pane.scrollTo({ top: share * pane.scrollHeight - pane.clientHeight / 2 });
      }}
    />
  );
}
