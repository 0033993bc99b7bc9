/**
 * The slots of the frame. A view's own output is the work pane; what it wraps in `<ListPane>` or `<MarginPane>` stands in
 * the pane beside it, wherever in the view's tree it is written, so state is shared without detours. A pane that nobody
 * fills is not there.
 */
import { useLayoutEffect, type ReactNode } from 'react';
import { createPortal } from 'react-dom';
import { create } from 'zustand';

type Slot = 'list' | 'margin';

interface SlotState {
  readonly element: HTMLElement | null;
  readonly label: string;
  readonly filled: number;
  /** Pixels that what stands in it cannot do without; 0 = no claim. */
  readonly leastWidth: number;
}

const empty: SlotState = { element: null, label: '', filled: 0, leastWidth: 0 };

export const usePaneSlots = create<Readonly<Record<Slot, SlotState>>>(() => ({ list: empty, margin: empty }));

const change = (slot: Slot, update: (before: SlotState) => Partial<SlotState>): void =>
  usePaneSlots.setState((state) => ({ [slot]: { ...state[slot], ...update(state[slot]) } }));

/** The frame says where a slot is in the document. */
export const setListElement = (element: HTMLElement | null): void => change('list', () => ({ element }));
export const setMarginElement = (element: HTMLElement | null): void => change('margin', () => ({ element }));

function InSlot({
  slot,
  label,
  leastWidth = 0,
  children,
}: {
  readonly slot: Slot;
  readonly label: string;
  readonly leastWidth?: number;
  readonly children: ReactNode;
}) {
  const element = usePaneSlots((state) => state[slot].element);
  useLayoutEffect(() => {
    change(slot, (before) => ({ filled: before.filled + 1, label, leastWidth }));
    return () => change(slot, (before) => ({ filled: before.filled - 1, leastWidth: 0 }));
  }, [slot, label, leastWidth]);
  return element ? createPortal(children, element) : null;
}

/** Content of the list pane (an outline, a list of drafts); `label` names the region for screen readers. */
export function ListPane({ label, children }: { readonly label: string; readonly children: ReactNode }) {
  return (
    <InSlot slot="list" label={label}>
      {children}
    </InSlot>
  );
}

/**
 * Content of the margin (cards, versions, sources). Under 900 px the margin is a drawer. `leastWidth` (pixels) is for a
 * text to work on, which wants more than cards do.
 */
export function MarginPane({
  label,
  leastWidth = 0,
  children,
}: {
  readonly label: string;
  readonly leastWidth?: number;
  readonly children: ReactNode;
}) {
  return (
    <InSlot slot="margin" label={label} leastWidth={leastWidth}>
      {children}
    </InSlot>
  );
}
