import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useRef, useState, type KeyboardEvent, type ReactNode } from 'react';

export interface GridHead {
  readonly id: string;
  readonly label: ReactNode;
  /** Plain words of it, for tooltips and screen readers. */
  readonly name: string;
}

export interface GridCellView {
  /** What is spoken for the cell. */
  readonly name: string;
  readonly content: ReactNode;
  /** Set as `data-tone`, and `data-heat` 0 to 4. */
  readonly tone?: string;
  readonly heat?: number;
}

interface Place {
  readonly row: number;
  readonly column: number;
}

/**
 * A table to look over: rows by the hundred, heads that stay in sight, one cell as the way in for Tab. Arrow keys go
 * through it (mirrored from right to left), Home and End to the ends of a row, with Ctrl to the corners; Enter opens. Column
 * -1 is the row's head. `rowPx` is the height of every row.
 */
export function CellGrid({
  label,
  corner,
  columns,
  rows,
  cell,
  onOpen,
  selected,
  rowPx,
  className,
}: {
  readonly label: string;
  readonly corner: ReactNode;
  readonly columns: readonly GridHead[];
  readonly rows: readonly GridHead[];
  readonly cell: (row: number, column: number) => GridCellView;
  readonly onOpen: (row: number, column: number) => void;
  readonly selected: Place | null;
  readonly rowPx: number;
  readonly className?: string;
}) {
  const scroller = useRef<HTMLDivElement>(null);
  const [at, setAt] = useState<Place>({ row: 0, column: 0 });
  const wantsFocus = useRef(false);
  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowPx,
    overscan: 8,
  });
  useEffect(() => {
    if (!wantsFocus.current) return;
    wantsFocus.current = false;
    virtualizer.scrollToIndex(at.row, { align: 'auto' });
    const frame = requestAnimationFrame(() => {
      const target = scroller.current?.querySelector<HTMLElement>(`[data-cell="${at.row}:${at.column}"]`);
      target?.focus({ preventScroll: true });
      target?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
    });
    return () => cancelAnimationFrame(frame);
  }, [at, virtualizer]);

  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.altKey || event.metaKey) return;
    const isRtl = scroller.current !== null && getComputedStyle(scroller.current).direction === 'rtl';
    const { row, column } = at;
    const last = { row: rows.length - 1, column: columns.length - 1 };
    const next: Place | undefined = {
      ArrowDown: { row: row + 1, column },
      ArrowUp: { row: row - 1, column },
      ArrowRight: { row, column: column + (isRtl ? -1 : 1) },
      ArrowLeft: { row, column: column + (isRtl ? 1 : -1) },
      PageDown: { row: row + 10, column },
      PageUp: { row: row - 10, column },
      Home: { row: event.ctrlKey ? 0 : row, column: -1 },
      End: { row: event.ctrlKey ? last.row : row, column: last.column },
    }[event.key];
    if (next === undefined) return;
    event.preventDefault();
    const clamp = (value: number, least: number, most: number): number => Math.max(least, Math.min(most, value));
    wantsFocus.current = true;
    setAt({ row: clamp(next.row, 0, last.row), column: clamp(next.column, -1, last.column) });
  };
  const stop = { row: Math.min(at.row, Math.max(0, rows.length - 1)), column: Math.min(at.column, columns.length - 1) };
  const template = `var(--cell-head, 11rem) repeat(${columns.length}, minmax(var(--cell, 3.75rem), 1fr))`;
  const attributes = (row: number, column: number) => ({
    'data-cell': `${row}:${column}`,
    tabIndex: row === stop.row && column === stop.column ? 0 : -1,
    'aria-selected': selected?.row === row && selected.column === column,
    ...(row === stop.row && column === stop.column ? { 'data-pane-focus': true } : {}),
    onFocus: () => {
      if (at.row !== row || at.column !== column) setAt({ row, column });
    },
    onClick: () => onOpen(row, column),
    onKeyDown: (event: KeyboardEvent) => {
      if (event.key !== 'Enter' && event.key !== ' ') return;
      event.preventDefault();
      onOpen(row, column);
    },
  });
  return (
    <div
      ref={scroller}
      className={`wb-grid ${className ?? ''}`}
      role="grid"
      tabIndex={-1}
      aria-label={label}
      aria-rowcount={rows.length + 1}
      aria-colcount={columns.length + 1}
      onKeyDown={onKeyDown}
    >
      <div className="wb-grid-heads" role="row" aria-rowindex={1} style={{ gridTemplateColumns: template }}>
        <div className="wb-grid-corner" role="columnheader">
          {corner}
        </div>
        {columns.map((column) => (
          <div
            key={column.id}
            className="wb-grid-head"
            role="columnheader"
            title={column.name}
            aria-label={column.name}
          >
            {column.label}
          </div>
        ))}
      </div>
      <div role="presentation" className="wb-grid-body" style={{ blockSize: virtualizer.getTotalSize() }}>
        {virtualizer.getVirtualItems().map(({ index, start }) => {
          const row = rows[index]!;
          return (
            <div
              key={row.id}
              className="wb-grid-row"
              role="row"
              aria-rowindex={index + 2}
              style={{ gridTemplateColumns: template, blockSize: rowPx, transform: `translateY(${start}px)` }}
            >
              <div className="wb-grid-rowhead" role="rowheader" title={row.name} {...attributes(index, -1)}>
                {row.label}
              </div>
              {columns.map((column, place) => {
                const { name, content, tone, heat } = cell(index, place);
                return (
                  <div
                    key={column.id}
                    className="wb-grid-cell"
                    role="gridcell"
                    aria-label={name}
                    title={name}
                    data-tone={tone}
                    data-heat={heat}
                    {...attributes(index, place)}
                  >
                    {content}
                  </div>
                );
              })}
            </div>
          );
        })}
      </div>
    </div>
  );
}
