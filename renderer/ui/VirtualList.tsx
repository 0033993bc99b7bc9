import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useRef, type ReactNode } from 'react';

/**
 * A list of thousands: only the rows in sight are in the document. Rows are measured, so they may differ in height;
 * `estimate` (pixels) is a guess for those not yet seen. `scrollTo` brings an index into view when it changes.
 */
export function VirtualList<T>({
  label,
  items,
  keyOf,
  render,
  estimate,
  className,
  scrollTo,
}: {
  readonly label: string;
  readonly items: readonly T[];
  readonly keyOf: (item: T, index: number) => string;
  readonly render: (item: T, index: number) => ReactNode;
  readonly estimate: number;
  readonly className?: string;
  readonly scrollTo?: number;
}) {
  const scroller = useRef<HTMLDivElement>(null);
  const virtualizer = useVirtualizer({
    count: items.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => estimate,
    getItemKey: useKeyAt(items, keyOf),
    overscan: 8,
  });
  useEffect(() => {
    if (scrollTo !== undefined && scrollTo >= 0) virtualizer.scrollToIndex(scrollTo, { align: 'auto' });
  }, [scrollTo, virtualizer]);
  return (
    <div ref={scroller} className={`wb-virtual ${className ?? ''}`}>
      <div role="list" aria-label={label} style={{ position: 'relative', blockSize: virtualizer.getTotalSize() }}>
        {virtualizer.getVirtualItems().map((row) => (
          <div
            key={row.key}
            ref={virtualizer.measureElement}
            data-index={row.index}
            role="listitem"
            aria-setsize={items.length}
            aria-posinset={row.index + 1}
            className="wb-virtual-row"
            style={{ transform: `translateY(${row.start}px)` }}
          >
            {render(items[row.index]!, row.index)}
          </div>
        ))}
      </div>
    </div>
  );
}

/** Another function only where a key differs: for it every row is placed anew, those out of sight too. */
function useKeyAt<T>(items: readonly T[], keyOf: (item: T, index: number) => string): (index: number) => string {
  const known = useRef<{ readonly items: readonly T[]; readonly keyAt: (index: number) => string } | null>(null);
  const before = known.current;
  const isSame =
    before !== null &&
    before.items.length === items.length &&
    items.every((item, index) => item === before.items[index] || keyOf(item, index) === before.keyAt(index));
  if (!isSame) known.current = { items, keyAt: (index) => keyOf(items[index]!, index) };
  return known.current!.keyAt;
}
