/** What a binding is given and what it offers to the page. */
import type { LexicalEditor } from 'lexical';
import type { DraftEdit } from '../../../shared/contract/drafts.ts';
import type { InlineContent } from '../../../shared/drafting/inline.ts';
import type { RecordId } from '../../../shared/ids.ts';
import type { DraftsClient, DraftView } from '../contract-types.ts';
import type { BlockContent } from '../editor/block-content.ts';
import type { DraftStore, Refusal } from './draft-store.ts';
import type { Timers } from './outbox.ts';

export interface BindingOptions {
  readonly editor: LexicalEditor;
  readonly client: DraftsClient;
  readonly view: DraftView;
  /** Opens the draft again: after a lost connection, or when the service and this editor no longer agree. */
  readonly reopen: () => Promise<DraftView>;
  readonly newId: (prefix: string) => RecordId;
  /** Whether the editor has the page's focus; else what comes in must not take it. */
  readonly hasFocus: () => boolean;
  readonly timers?: Timers;
  /** A pause of this length in typing saves; default 400 ms, and after 2 s at the latest. */
  readonly pauseMs?: number;
  readonly maxWaitMs?: number;
}

export interface UndoOutcome {
  readonly done: boolean;
  readonly refused: Refusal | null;
  readonly block: RecordId | null;
}

export interface BlockBinding {
  readonly store: DraftStore;
  session(): string;
  newId(): RecordId;
  /** Saves what was typed. False when it could not be saved (it stays and is tried again). */
  flush(): Promise<boolean>;
  /** Saves, and makes the journal's edits a change of the log. Does nothing if nothing was edited. */
  commit(): Promise<void>;
  undo(): Promise<UndoOutcome>;
  redo(): Promise<UndoOutcome>;
  setTitle(value: string): void;
  setCover(key: string, value: string): void;
  setFootnote(id: RecordId, content: InlineContent): void;
  /** Sends edits of the page's own making (bringing a block back, closing a doubled place), after what was typed. */
  post(edits: readonly DraftEdit[]): Promise<boolean>;
  /** The blocks as last compared, in order: for counters and outlines. Contents are the same objects until they change. */
  blocks(): readonly { readonly id: RecordId; readonly block: BlockContent }[];
  /** Sends again at once what could not be saved. */
  retry(): void;
  /** The connection was lost and is there again: a new session, nothing unsaved dropped. */
  resume(): Promise<void>;
  /** Saves, commits, closes the session and lets go of the editor. */
  close(): Promise<void>;
}
