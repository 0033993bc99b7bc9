/** The shapes of the drafts contract that the views and the binding handle, by name. */
import type { z } from '../../shared/contract/schema.ts';
import type {
  blockView,
  cellView,
  draftsContract,
  draftView,
  footnoteView,
  historyEntry,
  textConflict,
  textVersion,
} from '../../shared/contract/drafts.ts';
import type { ServiceClient } from '../../shared/contract/contract.ts';

export type BlockView = z.output<typeof blockView>;
export type CellView = z.output<typeof cellView>;
export type DraftView = z.output<typeof draftView>;
export type FootnoteView = z.output<typeof footnoteView>;
export type HistoryEntry = z.output<typeof historyEntry>;
export type TextConflict = z.output<typeof textConflict>;
export type TextVersion = z.output<typeof textVersion>;
export type CoverField = DraftView['title'];
export type DraftChanged = z.output<(typeof draftsContract)['events']['changed']>;
export type SettleChoice = z.input<(typeof draftsContract)['operations']['settle']['input']>['choice'];
export type DraftsClient = ServiceClient<typeof draftsContract>;
