/**
 * Makes a Lexical editor a view of a draft's blocks, both ways.
 *
 * Outward: what an update touched is compared with what the service knows (`gathering.ts`), and a pause in typing sends the
 * difference. Leaving a block, losing focus and closing also commit.
 *
 * Inward: `changed` events are put into the nodes they concern (`receiving.ts`). A field with work of its own not yet saved
 * is left alone, and its edit goes out over the heads that were on screen, so that both versions stand.
 *
 * Property: opening, focusing and closing a draft sends no edit and no commit.
 */
import { mergeRegister } from '@lexical/utils';
import { $getNodeByKey, $getRoot, $getSelection, $isRangeSelection, type EditorState } from 'lexical';
import type { DraftEdit } from '../../../shared/contract/drafts.ts';
import { toErrorMessage, type ErrorMessage } from '../../../shared/contract/errors.ts';
import type { RecordId } from '../../../shared/ids.ts';
import type { DraftChanged, DraftView } from '../contract-types.ts';
import { $createBlock, $readBlock, type BlockContent } from '../editor/block-content.ts';
import { $showCards, $topLevel } from '../editor/block-node.ts';
import { $blockId } from '../editor/block-state.ts';
import { topLevelChanges } from '../editor/changes.ts';
import type { BindingOptions, BlockBinding, UndoOutcome } from './binding-types.ts';
import { createDraftStore, hasCards } from './draft-store.ts';
import { createFields, receiveFields } from './fields.ts';
import { createGathering } from './gathering.ts';
import { localWork } from './local-work.ts';
import { createOutbox, type Timers } from './outbox.ts';
import { createReceiving, INCOMING_TAG } from './receiving.ts';
import { contentOf, createShadow, shadowOf } from './shadow.ts';
import { registerUniqueIds } from './unique-ids.ts';

/** These go to the journal first; all others are changes of the log at once. */
const typedOps: ReadonlySet<DraftEdit['op']> = new Set(['setText', 'setCell', 'setFootnote', 'setTitle', 'setCover']);

const browserTimers: Timers = {
  set: (run, delayMs) => setTimeout(run, delayMs) as unknown as number,
  clear: (timer) => clearTimeout(timer),
};

const noBlocks: ReadonlySet<RecordId> = new Set();

export function bindDraft(options: BindingOptions): BlockBinding {
  const { editor, client } = options;
  const timers = options.timers ?? browserTimers;
  const pauseMs = options.pauseMs ?? 400;
  const maxWaitMs = options.maxWaitMs ?? 2000;
  const shadow = createShadow();
  const store = createDraftStore(options.view);
  const draft = options.view.summary.id;
  let session = options.view.session;
  let idPrefix = options.view.idPrefix;
  /** Typing that is on disk but in no change yet: others, and this profile's other windows, do not see it. */
  let journaled: DraftEdit[] = [];
  let firstTouch: number | null = null;
  let pause: number | null = null;
  let reopening: number | null = null;
  let reopenings = 0;
  let closed = false;

  const newId = (): RecordId => options.newId(idPrefix);
  const ids = registerUniqueIds(
    editor,
    newId,
    (id) => shadow.blocks.has(id) || shadow.removed.has(id) || shadow.arriving.has(id),
  );
  const $read = (id: RecordId): BlockContent => {
    const key = ids.$keyOf(id);
    const node = key === null ? null : $getNodeByKey(key);
    return node === null ? { style: { kind: 'paragraph' }, content: [], table: null } : $readBlock(node);
  };
  const gathering = createGathering(editor, shadow, $read);
  const receiving = createReceiving({
    ...{ editor, shadow, store, ids, $read, hasFocus: options.hasFocus },
    order: options.view.blocks.map((block) => block.id),
  });
  const fields = createFields(store, (edit) => {
    gathering.add([edit]);
    touched();
  });

  const outbox = createOutbox(
    {
      async send(edits) {
        const result = await client.edit({ session, edits });
        journaled.push(...edits.filter((edit) => typedOps.has(edit.op)));
        return result;
      },
      sending: () => store.setState({ saving: { kind: 'saving' } }),
      saved(result, idle) {
        reopenings = 0;
        const still = idle && !gathering.hasWork();
        store.setState({
          canUndo: result.canUndo,
          canRedo: result.canRedo,
          ...(still ? { saving: { kind: 'saved', at: result.savedAt } as const } : {}),
        });
        if (still) showPutBy();
      },
      failed: (error) => store.setState({ saving: { kind: 'failed', error } }),
      refused: (edits, error) => startOver(edits, error),
    },
    timers,
  );

  // ---- outward

  function touched(): void {
    if (pause !== null) timers.clear(pause);
    const now = Date.now();
    firstTouch ??= now;
    const wait = Math.max(0, Math.min(pauseMs, firstTouch + maxWaitMs - now));
    pause = timers.set(() => void flush(), wait);
    if (store.getState().saving.kind === 'saved') store.setState({ saving: { kind: 'saving' } });
  }

  function flush(): Promise<boolean> {
    if (pause !== null) timers.clear(pause);
    pause = null;
    firstTouch = null;
    const worked = gathering.compare();
    outbox.post(gathering.take());
    if (worked) {
      const { revision, saving } = store.getState();
      // Typed and taken back within a pause: nothing to save.
      const nothing = outbox.waiting().length === 0 && saving.kind === 'saving';
      store.setState({ revision: revision + 1, ...(nothing ? { saving: { kind: 'saved', at: null } as const } : {}) });
    }
    if (outbox.waiting().length === 0) showPutBy();
    return outbox.settled();
  }

  /** What had to wait: the own version goes into the log beside it, or, where nothing was changed, it is simply shown. */
  function showPutBy(): void {
    if (!receiving.hasPutBy()) return;
    const unsaved = localWork([...gathering.edits(), ...outbox.waiting()]);
    if (!receiving.showPutBy(localWork(journaled), unsaved)) void sendCommit();
  }

  async function sendCommit(): Promise<void> {
    const sent = [...journaled];
    try {
      await client.commit({ session });
      journaled = journaled.filter((edit) => !sent.includes(edit));
      // The service tells of a commit before it answers: what has not been shown by now is the only version.
      if (outbox.waiting().length === 0 && !gathering.hasWork()) showPutBy();
    } catch (error) {
      // Everything is in the journal; the next commit takes it along.
      if (!closed) store.setState({ saving: { kind: 'failed', error: toErrorMessage(error) } });
    }
  }

  async function commit(): Promise<void> {
    const saved = await flush();
    if (saved && journaled.length > 0) await sendCommit();
  }

  const stopListening = mergeRegister(
    editor.registerUpdateListener((update) => {
      const { editorState, prevEditorState, dirtyElements, dirtyLeaves, tags } = update;
      const dirty = dirtyElements.size > 0 || dirtyLeaves.size > 0;
      if (dirty && !tags.has(INCOMING_TAG)) {
        const changes = topLevelChanges(update);
        if (changes.structural) {
          gathering.restructured(prevEditorState, editorState, changes.keys);
          if (gathering.hasWork()) touched();
        } else if (changes.keys.length > 0) {
          gathering.typed(changes.keys);
          touched();
        }
      }
      followCaret(editorState);
    }),
    ids.dispose,
  );

  function followCaret(state: EditorState): void {
    const current = state.read(
      () => {
        const selection = $getSelection();
        if (!$isRangeSelection(selection)) return null;
        const top = $topLevel($getNodeByKey(selection.focus.key));
        const id = top === null ? '' : $blockId(top);
        return id === '' ? null : id;
      },
      { editor },
    );
    const before = store.getState().current;
    if (current === before) return;
    store.setState({ current });
    const worked = gathering.hasWork() || journaled.length > 0 || outbox.waiting().length > 0;
    if (before !== null && worked) void commit();
  }

  // ---- inward

  function onChanged(event: DraftChanged): void {
    if (event.draft !== draft || closed) return;
    // What is typed belongs to the state before the event.
    gathering.compare();
    // Our own session's views have what is in its journal; a partner's news need not.
    const unseen = event.session === session ? [] : journaled;
    const work = localWork([...unseen, ...outbox.waiting(), ...gathering.edits()]);
    receiving.receive(event.blocks, event.order, new Set(event.removed), work);
    receiveFields(store, event, work);
    if (gathering.hasWork()) touched();
  }

  /** Opens a new session; unsaved blocks keep their text and go out over the heads they had on screen. */
  function startOver(refused: readonly DraftEdit[], error: ErrorMessage): void {
    store.setState({ saving: { kind: 'failed', error } });
    gathering.putBack(refused);
    if (closed || reopening !== null) return;
    const delays = [0, 1000, 3000, 10_000, 30_000];
    reopening = timers.set(
      () => {
        reopening = null;
        void reopen();
      },
      delays[Math.min(reopenings, delays.length - 1)] as number,
    );
    reopenings += 1;
  }

  async function reopen(): Promise<void> {
    let view: DraftView;
    try {
      view = await options.reopen();
    } catch (error) {
      startOver([], toErrorMessage(error));
      return;
    }
    if (closed) return;
    session = view.session;
    idPrefix = view.idPrefix;
    gathering.compare();
    const work = localWork([...outbox.waiting(), ...gathering.take()]);
    journaled = [];
    receiving.forgetPutBy();
    outbox.empty();
    const before = new Map(shadow.blocks);
    const order = view.blocks.map((block) => block.id);
    receiving.receive(view.blocks, order, noBlocks, work);
    receiving.forgetPutBy();
    const there = new Map(view.blocks.map((block) => [block.id, block]));
    // From here on the shadow is what the service has; the heads of unsaved texts stay those that were on screen.
    for (const id of [...shadow.blocks.keys()]) {
      const block = there.get(id);
      const old = before.get(id);
      if (block === undefined) shadow.blocks.delete(id);
      else if (old !== undefined && work.busy(id).text) {
        shadow.blocks.set(id, { ...old, block: contentOf(block) });
      }
    }
    for (const [id, block] of there) if (!shadow.blocks.has(id)) shadow.blocks.set(id, shadowOf(block));
    shadow.order = [...order];
    store.setState({ canUndo: view.canUndo, canRedo: view.canRedo, saving: { kind: 'saved', at: null } });
    gathering.compareAll();
    if (gathering.hasWork()) void flush();
  }

  async function step(which: 'undo' | 'redo'): Promise<UndoOutcome> {
    // A key is handled inside an update of the editor, which has to end first.
    await Promise.resolve();
    if (!(await flush())) return { done: false, refused: 'unsaved', block: null };
    const result = await client[which]({ session });
    store.setState({ canUndo: result.canUndo, canRedo: result.canRedo });
    return { done: result.done, refused: result.refused, block: result.blocks[0] ?? null };
  }

  // ---- beginning and end

  for (const view of options.view.blocks) {
    shadow.blocks.set(view.id, shadowOf(view));
    shadow.order.push(view.id);
  }
  receiving.putIn(() => {
    const root = $getRoot().clear();
    for (const view of options.view.blocks) {
      const node = $createBlock(view.id, contentOf(view));
      root.append(node);
      if (hasCards(view)) $showCards(node, true);
    }
  });
  const stopEvents = client.on('changed', onChanged);

  return {
    store,
    session: () => session,
    newId,
    flush,
    commit,
    undo: () => step('undo'),
    redo: () => step('redo'),
    ...fields,
    post(edits) {
      gathering.compare();
      gathering.add(edits);
      return flush();
    },
    blocks: () =>
      shadow.order.flatMap((id) => {
        const entry = shadow.blocks.get(id);
        return entry === undefined ? [] : [{ id, block: entry.block }];
      }),
    retry: () => outbox.retryNow(),
    resume: () => reopen(),
    async close() {
      if (closed) return;
      await commit();
      closed = true;
      stopEvents();
      stopListening();
      outbox.dispose();
      if (pause !== null) timers.clear(pause);
      if (reopening !== null) timers.clear(reopening);
      await client.close({ session });
    },
  };
}
