import { useRef, type KeyboardEvent, type PointerEvent } from 'react';

/**
 * The line between two panes: drag it, or focus it and use the arrow keys (with Shift in larger steps; Home and End go to
 * the limits). `side` says which pane it sizes: the one at the inline start or at the inline end of the line.
 */
export function PaneResizer({
  label,
  side,
  width,
  min,
  max,
  onResize,
  onResized,
}: {
  readonly label: string;
  readonly side: 'start' | 'end';
  /** Pixels. */
  readonly width: number;
  readonly min: number;
  readonly max: number;
  readonly onResize: (width: number) => void;
  /** The hand let go or a key was pressed: a good moment to remember it. */
  readonly onResized: (width: number) => void;
}) {
  const drag = useRef<{ x: number; width: number; current: number } | null>(null);
  const clamp = (value: number): number => Math.round(Math.min(max, Math.max(min, value)));
  /** +1 when moving to the right widens the pane. */
  const sign = (element: Element): number =>
    (getComputedStyle(element).direction === 'rtl' ? -1 : 1) * (side === 'start' ? 1 : -1);

  const onPointerDown = (event: PointerEvent<HTMLDivElement>): void => {
    if (event.button !== 0) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    drag.current = { x: event.clientX, width, current: width };
  };
  const onPointerMove = (event: PointerEvent<HTMLDivElement>): void => {
    if (!drag.current) return;
    const next = clamp(drag.current.width + (event.clientX - drag.current.x) * sign(event.currentTarget));
    drag.current.current = next;
    onResize(next);
  };
  const onPointerUp = (): void => {
    if (drag.current) onResized(drag.current.current);
    drag.current = null;
  };
  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>): void => {
    const step = (event.shiftKey ? 48 : 12) * sign(event.currentTarget);
    const next = { ArrowLeft: width - step, ArrowRight: width + step, Home: min, End: max }[event.key];
    if (next === undefined) return;
    event.preventDefault();
    onResize(clamp(next));
    onResized(clamp(next));
  };

  return (
    <div
      className="wb-resizer no-print"
      role="separator"
      aria-orientation="vertical"
      aria-label={label}
      aria-valuenow={width}
      aria-valuemin={min}
      aria-valuemax={max}
      tabIndex={0}
      data-side={side}
      onPointerDown={onPointerDown}
      onPointerMove={onPointerMove}
      onPointerUp={onPointerUp}
      onPointerCancel={onPointerUp}
      onKeyDown={onKeyDown}
    />
  );
}
