/**
 * Makes a Lexical editor a view of a draft's blocks, both ways.
 *
 * Outward: after each update the touched top-level nodes are remembered; a pause in typing compares them with what the
 * service knows (`shadow.ts`) and sends the difference. A change of the list of blocks is compared at once, while both
 * states are at hand, so that splits and joins are seen as such (`structure-edits.ts`). Leaving a block, losing focus and
 * closing also commit.
 *
 * Inward: `changed` events are put into the nodes they concern (`incoming.ts`). A field with work of its own not yet saved
 * is left alone, and its edit goes out over the heads that were on screen, so that both versions stand.
 *
 * Property: opening, focusing and closing a draft sends no edit and no commit.
 */
import { mergeRegister } from '@lexical/utils';
import {
  $getNodeByKey,
  $getRoot,
  $getSelection,
  $isRangeSelection,
  SKIP_DOM_SELECTION_TAG,
  SKIP_SCROLL_INTO_VIEW_TAG,
  type EditorState,
  type NodeKey,
} from 'lexical';
import type { DraftEdit } from '../../../shared/contract/drafts.ts';
import { toErrorMessage, type ErrorMessage } from '../../../shared/contract/errors.ts';
import { sameInline } from '../../../shared/drafting/inline.ts';
import type { RecordId } from '../../../shared/ids.ts';
import type { BlockView, DraftChanged, DraftView } from '../contract-types.ts';
import { $createBlock, $readBlock, type BlockContent } from '../editor/block-content.ts';
import { $isBlockNode, $showCards, $topLevel } from '../editor/block-node.ts';
import { $blockId } from '../editor/block-state.ts';
import { topLevelChanges } from '../editor/changes.ts';
import { createDraftStore, hasCards } from './draft-store.ts';
import type { BindingOptions, BlockBinding, UndoOutcome } from './binding-types.ts';
import { $patchBlock, $patchOrder } from './incoming.ts';
import { mergeOrder, mergeView } from './merge-view.ts';
import { gather, localWork, type LocalWork } from './local-work.ts';
import { createOutbox, type Timers } from './outbox.ts';
import { contentOf, createShadow, madeHere, shadowOf, shownHeads, type ShadowBlock } from './shadow.ts';
import { structureEdits } from './structure-edits.ts';
import { blockEdits } from './text-edits.ts';
import { registerUniqueIds } from './unique-ids.ts';

export const INCOMING_TAG = 'draft-incoming';

/** These go to the journal first; all others are changes of the log at once. */
const typedOps: ReadonlySet<DraftEdit['op']> = new Set(['setText', 'setCell', 'setFootnote', 'setTitle', 'setCover']);

const browserTimers: Timers = {
  set: (run, delayMs) => setTimeout(run, delayMs) as unknown as number,
  clear: (timer) => clearTimeout(timer),
};

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
  let gathered: DraftEdit[] = [];
  const typedIn = new Set<NodeKey>();
  /**
   * What came of a block while it was worked on: its version, shown beside the own one once that is in the log, or null if it
   * was removed.
   */
  const deferred = new Map<RecordId, BlockView | null>();
  /** The order of live blocks as the service last told it. */
  let serviceOrder: readonly RecordId[] = options.view.blocks.map((block) => block.id);
  /** Typing that is on disk but in no change yet: others, and this profile's other windows, do not see it. */
  let journaled: DraftEdit[] = [];
  let firstTouch: number | null = null;
  let pause: number | null = null;
  let reopening: number | null = null;
  let reopenings = 0;
  let closed = false;

  const newId = (): RecordId => options.newId(idPrefix);
  const owned = (id: RecordId): boolean => shadow.blocks.has(id) || shadow.removed.has(id) || incomingIds.has(id);
  const incomingIds = new Set<RecordId>();
  const ids = registerUniqueIds(editor, newId, owned);

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
        const still = idle && gathered.length === 0 && typedIn.size === 0;
        store.setState({
          canUndo: result.canUndo,
          canRedo: result.canRedo,
          ...(still ? { saving: { kind: 'saved', at: result.savedAt } as const } : {}),
        });
        if (still) showDeferred();
      },
      failed: (error) => store.setState({ saving: { kind: 'failed', error } }),
      refused: (edits, error) => startOver(edits, error),
    },
    timers,
  );

  // ---- outward

  const $read = (id: RecordId): BlockContent => {
    const key = ids.$keyOf(id);
    const node = key === null ? null : $getNodeByKey(key);
    return node === null ? { style: { kind: 'paragraph' }, content: [], table: null } : $readBlock(node);
  };

  const add = (edits: readonly DraftEdit[]): void => {
    for (const edit of edits) gather(gathered, edit);
  };

  /** Compares the touched blocks as they stand in `state` with what the service knows. */
  function gatherText(state: EditorState, keys: Iterable<NodeKey>): void {
    state.read(
      () => {
        for (const key of keys) {
          const node = $getNodeByKey(key);
          const id = node === null ? '' : $blockId(node);
          const known = id === '' ? undefined : shadow.blocks.get(id);
          if (node !== null && id !== '' && known !== undefined) add(blockEdits(id, known, $readBlock(node)));
        }
      },
      { editor },
    );
  }

  function gatherStructure(state: EditorState): void {
    state.read(
      () => {
        const children = $getRoot().getChildren();
        const only = children.length === 1 ? children[0] : undefined;
        // The empty paragraph of an empty draft is a place for the caret, not a block.
        if (shadow.order.length === 0 && $isBlockNode(only) && only.isEmpty()) return;
        const order = children.map((child) => $blockId(child)).filter((id): id is RecordId => id !== '');
        add(structureEdits(shadow, order, $read));
      },
      { editor },
    );
  }

  function gatherAll(state: EditorState = editor.getEditorState()): void {
    const keys = [...typedIn];
    typedIn.clear();
    const unknown = state.read(
      () =>
        keys.some((key) => {
          const node = $getNodeByKey(key);
          const id = node === null ? '' : $blockId(node);
          return id !== '' && !shadow.blocks.has(id);
        }),
      { editor },
    );
    if (unknown) gatherStructure(state);
    gatherText(state, keys);
  }

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
    // What Lexical has not committed yet was typed too.
    editor.read(() => undefined);
    const worked = typedIn.size > 0 || gathered.length > 0;
    gatherAll();
    const batch = gathered;
    gathered = [];
    outbox.post(batch);
    if (worked) {
      const { revision, saving } = store.getState();
      // Typed and taken back within a pause: nothing to save.
      const nothing = outbox.waiting().length === 0 && saving.kind === 'saving';
      store.setState({ revision: revision + 1, ...(nothing ? { saving: { kind: 'saved', at: null } as const } : {}) });
    }
    if (outbox.waiting().length === 0) showDeferred();
    return outbox.settled();
  }

  /** What had to wait: the own version goes into the log beside it, or, where nothing was changed, it is simply shown. */
  function showDeferred(): void {
    if (deferred.size === 0) return;
    const work = localWork(journaled);
    const waits = (id: RecordId): boolean => work.busy(id).text || work.busy(id).cells.size > 0;
    const free = [...deferred].filter(([id]) => !waits(id));
    if (free.length < deferred.size) void sendCommit();
    if (free.length === 0) return;
    for (const [id] of free) deferred.delete(id);
    const views = free.flatMap(([, view]) => (view === null ? [] : [view]));
    const gone = new Set(free.flatMap(([id, view]) => (view === null ? [id] : [])));
    receive(views, serviceOrder, gone, localWork([...gathered, ...outbox.waiting()]));
  }

  async function sendCommit(): Promise<void> {
    const sent = [...journaled];
    try {
      await client.commit({ session });
      journaled = journaled.filter((edit) => !sent.includes(edit));
      // The service tells of a commit before it answers: what has not been shown by now is the only version.
      if (outbox.waiting().length === 0 && gathered.length === 0 && typedIn.size === 0) showDeferred();
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
          const before = [...typedIn];
          typedIn.clear();
          gatherText(prevEditorState, before);
          gatherStructure(editorState);
          gatherText(editorState, changes.keys);
          if (gathered.length > 0) touched();
        } else if (changes.keys.length > 0) {
          for (const key of changes.keys) typedIn.add(key);
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
    const worked = typedIn.size + gathered.length + journaled.length > 0 || outbox.waiting().length > 0;
    if (before !== null && worked) void commit();
  }

  // ---- inward

  function putIn(run: () => void): void {
    const tags = [INCOMING_TAG, SKIP_SCROLL_INTO_VIEW_TAG];
    if (!options.hasFocus()) tags.push(SKIP_DOM_SELECTION_TAG);
    editor.update(run, { discrete: true, tag: tags });
  }

  function known(view: BlockView, work: LocalWork): ShadowBlock {
    const old = shadow.blocks.get(view.id);
    const { entry, isHeld } = mergeView(view, old, work.busy(view.id));
    if (isHeld) deferred.set(view.id, view);
    else deferred.delete(view.id);
    return entry;
  }

  /** Puts views and an order into editor and shadow. `keep`: blocks that stay although the order does not name them. */
  function receive(
    views: readonly BlockView[],
    order: readonly RecordId[],
    gone: ReadonlySet<RecordId>,
    work: LocalWork,
  ): void {
    for (const view of views) incomingIds.add(view.id);
    const all = new Map(store.getState().views);
    for (const view of views) all.set(view.id, view);
    for (const id of gone) {
      if (work.busy(id).text && shadow.blocks.has(id)) deferred.set(id, null);
      else {
        deferred.delete(id);
        all.delete(id);
      }
    }
    putIn(() => {
      for (const view of views) {
        if (work.removed.has(view.id)) {
          // Removed here and changed there: what the service makes of it shows when the removal is with it.
          deferred.set(view.id, view);
          continue;
        }
        shadow.blocks.set(view.id, known(view, work));
        shadow.removed.delete(view.id);
        const key = ids.$keyOf(view.id);
        const node = key === null ? null : $getNodeByKey(key);
        if (node !== null) $showCards($patchBlock(node, contentOf(view), work.busy(view.id)), hasCards(view));
      }
      const isHere = (id: RecordId): boolean => shadow.blocks.has(id) || ids.$keyOf(id) !== null;
      const target = mergeOrder(order, shadow.order, gone, work, isHere);
      $patchOrder(target, ids.$keyOf, (id) => {
        const entry = shadow.blocks.get(id) ?? madeHere($read(id));
        shadow.blocks.set(id, entry);
        const node = $createBlock(id, entry.block);
        const view = all.get(id);
        if (view !== undefined) $showCards(node, hasCards(view));
        return node;
      });
      for (const id of shadow.order) {
        const entry = shadow.blocks.get(id);
        if (target.includes(id) || entry === undefined) continue;
        shadow.blocks.delete(id);
        shadow.removed.set(id, entry);
      }
      shadow.order = target;
    });
    incomingIds.clear();
    store.setState({ views: all });
  }

  function onChanged(event: DraftChanged): void {
    if (event.draft !== draft || closed) return;
    // What is typed and not yet committed by Lexical belongs to the state before the event.
    editor.read(() => undefined);
    gatherAll();
    // Our own session's views have what is in its journal; a partner's news need not.
    const unseen = event.session === session ? [] : journaled;
    const work = localWork([...unseen, ...outbox.waiting(), ...gathered]);
    serviceOrder = event.order;
    receive(event.blocks, event.order, new Set(event.removed), work);
    const footnotes = new Map(store.getState().footnotes);
    for (const note of event.footnotes) {
      const old = footnotes.get(note.id);
      footnotes.set(
        note.id,
        work.footnotes.has(note.id) && old !== undefined ? { ...note, content: old.content, heads: old.heads } : note,
      );
    }
    const old = store.getState();
    store.setState({
      footnotes,
      summary: event.summary,
      title: work.title ? old.title : event.title,
      cover: event.cover.map((entry) =>
        work.cover.has(entry.key) ? (old.cover.find((other) => other.key === entry.key) ?? entry) : entry,
      ),
      revision: old.revision + 1,
    });
    if (gathered.length > 0) touched();
  }

  /** Opens a new session; unsaved blocks keep their text and go out over the heads they had on screen. */
  function startOver(refused: readonly DraftEdit[], error: ErrorMessage): void {
    store.setState({ saving: { kind: 'failed', error } });
    gathered = [...refused, ...gathered];
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
    editor.read(() => undefined);
    gatherAll();
    const work = localWork([...outbox.waiting(), ...gathered]);
    gathered = [];
    journaled = [];
    deferred.clear();
    outbox.empty();
    const before = new Map(shadow.blocks);
    serviceOrder = view.blocks.map((block) => block.id);
    receive(view.blocks, serviceOrder, new Set(), work);
    deferred.clear();
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
    shadow.order = [...serviceOrder];
    store.setState({ canUndo: view.canUndo, canRedo: view.canRedo, saving: { kind: 'saved', at: null } });
    const state = editor.getEditorState();
    gatherStructure(state);
    gatherText(
      state,
      state.read(() => $getRoot().getChildrenKeys()),
    );
    if (gathered.length > 0) void flush();
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
  putIn(() => {
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
    setTitle(value) {
      const { title } = store.getState();
      if (value === title.value) return;
      add([{ op: 'setTitle', value, heads: [...title.heads] }]);
      store.setState({ title: { ...title, value } });
      touched();
    },
    setCover(key, value) {
      const { cover } = store.getState();
      const entry = cover.find((other) => other.key === key);
      if (entry === undefined || entry.field.value === value) return;
      add([{ op: 'setCover', key, value, heads: [...entry.field.heads] }]);
      const next = { key, field: { ...entry.field, value } };
      store.setState({ cover: cover.map((other) => (other.key === key ? next : other)) });
      touched();
    },
    setFootnote(id, content) {
      const footnotes = new Map(store.getState().footnotes);
      const old = footnotes.get(id);
      if (old !== undefined && sameInline(old.content, content)) return;
      const shown = old === undefined ? [] : shownHeads(old.content, old.heads, old.conflict);
      add([{ op: 'setFootnote', footnote: id, content: [...content], heads: [...shown] }]);
      footnotes.set(id, { id, heads: [], conflict: null, ...old, content: [...content] });
      store.setState({ footnotes });
      touched();
    },
    post(edits) {
      editor.read(() => undefined);
      gatherAll();
      add(edits);
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
