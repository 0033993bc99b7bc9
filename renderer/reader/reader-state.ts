/** What this window's reader looks at: nothing here is true of the document or its annotations. */
import { create } from 'zustand';
import type { AnnotationKind } from '../../shared/contract/annotations.ts';
import type { CircleId, RecordId, UnitId } from '../../shared/ids.ts';

export interface AnnotationFilter {
  readonly kinds: readonly AnnotationKind[];
  readonly circle: CircleId | null;
  readonly mine: boolean;
  readonly topic: string | null;
  readonly resolved: 'open' | 'all';
}

export const noFilter: AnnotationFilter = { kinds: [], circle: null, mine: false, topic: null, resolved: 'all' };

interface ReaderState {
  /** The paragraph being read: nearest to the top of the pane, or the one clicked. */
  readonly current: UnitId | null;
  readonly hovered: RecordId | null;
  readonly focused: RecordId | null;
  /** The card that is being written in. */
  readonly editing: RecordId | null;
  readonly filter: AnnotationFilter;
  readonly margin: 'beside' | 'list';
}

export const useReader = create<ReaderState>(() => ({
  current: null,
  hovered: null,
  focused: null,
  editing: null,
  filter: noFilter,
  margin: 'beside',
}));

/** Another document was opened. */
export function resetReader(): void {
  useReader.setState({ current: null, hovered: null, focused: null, editing: null, filter: noFilter });
}
