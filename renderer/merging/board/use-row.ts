/** What every row of the board does: takes the focus when a key moved there, is chosen by focus, and can be dragged. */
import { useEffect, useRef, type DragEvent, type RefObject } from 'react';
import { actedOn, refKey, type BoardRow } from './board-rows.ts';
import { useBoard } from './board-state.ts';

/** So that only the board takes what is dragged from it. */
export const passagesType = 'application/x-workbench-passages';

export function useRow(
  row: BoardRow,
  isCurrent: boolean,
): {
  readonly ref: RefObject<HTMLElement | null>;
  readonly onFocus: () => void;
  readonly onDragStart: (event: DragEvent) => void;
  readonly onDragEnd: () => void;
} {
  const ref = useRef<HTMLElement>(null);
  const moved = useBoard((state) => state.moved);
  const seen = useRef(moved - (isCurrent ? 1 : 0));
  useEffect(() => {
    if (!isCurrent || seen.current === moved) return;
    seen.current = moved;
    ref.current?.focus({ preventScroll: true });
  }, [isCurrent, moved]);
  return {
    ref,
    onFocus: () => {
      const { row: before } = useBoard.getState();
      if (before !== row.key) useBoard.setState({ row: row.key, block: row.passages[0]?.blocks[0] ?? null });
    },
    onDragStart: (event) => {
      const { marked } = useBoard.getState();
      const own = actedOn(row);
      // What is marked goes along when one of it is taken hold of.
      const carrying = own.some((one) => marked.has(refKey(one))) ? [...marked.values()] : own;
      event.dataTransfer.setData(passagesType, carrying.map(refKey).join('\n'));
      event.dataTransfer.setData('text/plain', carrying.map(({ text }) => text).join('\n'));
      event.dataTransfer.effectAllowed = 'copy';
      useBoard.setState({ carrying });
    },
    onDragEnd: () => useBoard.setState({ carrying: null }),
  };
}
