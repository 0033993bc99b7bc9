/**
 * The drafts service of the contract. Every operation that writes runs alone in its circle; opening, focusing and closing
 * a draft write nothing.
 */
import type { CallContext, EventSink, ServiceImplementation } from '../../../shared/contract/contract.ts';
import type { DraftSummary, DraftView, draftsContract, ExportFormat } from '../../../shared/contract/drafts.ts';
import { WorkbenchError } from '../../../shared/contract/errors.ts';
import { base32, type CircleId, type RecordId } from '../../../shared/ids.ts';
import type { RecordState } from '../../../shared/records/fold.ts';
import { opsOfContent, type DraftContent } from '../../../shared/drafting/draft-content.ts';
import { createPlaceSource } from '../../../shared/drafting/places.ts';
import { contentOfTemplate, directionOf } from '../../../shared/drafting/templates.ts';
import type { Circle, Circles } from '../circles/circle.ts';
import type { TouchedParts } from './draft-index.ts';
import { draftOf, type DraftEntry } from './draft-index.ts';
import { createDraftStore, type DraftStore } from './draft-store.ts';
import { applyEdits } from './edits.ts';
import { allHeads, headIds, noOwnVersions, shownValue, styleOf } from './fields.ts';
import { historyOf, removedBlocksOf, restoredText } from './history.ts';
import type { ExportedDraft } from '../export/export-draft.ts';
import { createQuotationChecker, quoteUnit, type DocumentReader } from './quotations.ts';
import { remember, type Session, type Step } from './sessions.ts';
import { settlementOf } from './settle.ts';
import { reverse } from './undo.ts';
import { blockView, coverView, draftLanguage, footnoteView, summaryOf, titleView, type ViewContext } from './views.ts';
import { contentToCopy } from './widen.ts';

export interface DraftsDependencies {
  readonly circles: Circles;
  readonly documents: DocumentReader;
  readonly events: EventSink;
  /** Makes the file of a draft; `remarks` lists what it leaves out or marks. */
  exportDraft(view: DraftView, format: ExportFormat, delegation: string): Promise<ExportedDraft>;
  /** Keeps bytes to be offered for saving, and returns the grant. */
  offerFile(name: string, bytes: Uint8Array): Promise<string>;
  readonly clock: {
    /** Milliseconds since 1970. */
    now(): number;
    /** Calls `run` after `delayMs`; the result cancels it. */
    after(delayMs: number, run: () => void): () => void;
  };
  random(lengthBytes: number): Uint8Array;
  /** Something failed with nobody waiting for it (a timer, news of a partner). */
  report(error: unknown): void;
}

export interface DraftsService extends ServiceImplementation<typeof draftsContract> {
  /** Makes changes of what a crash left in the journals. Call once, before the page is served. */
  recover(): Promise<void>;
  /** A circle was created or joined. */
  circlesChanged(): void;
  /** The shelf has changed: quotations are checked anew. */
  documentsChanged(): void;
  /** Writes a whole draft into a circle, as samples do. */
  createFrom(content: DraftContent, circle?: CircleId): Promise<DraftSummary>;
  /** Resolves when everything set going so far (news of partners, timers) has been taken in and told. */
  idle(): Promise<void>;
  /** Commits what is typed and stops listening. */
  dispose(): Promise<void>;
}

/** What is typed becomes a change of the log at the latest after this. */
export const commitAfterMs = 60_000;

export function createDraftsService(deps: DraftsDependencies): DraftsService {
  const { circles, documents, events, clock, random, report } = deps;
  const stores = new Map<CircleId, DraftStore>();
  const sessions = new Map<string, Session>();
  /** Per draft: blocks that were last told to have a conflict of their lineage. */
  const shownEntangled = new Map<RecordId, ReadonlySet<RecordId>>();
  const quotations = createQuotationChecker(documents);
  const places = createPlaceSource(base32(random(5)));
  const newToken = (): string => base32(random(17)).slice(0, 26);

  function storeOf(circle: Circle): DraftStore {
    let store = stores.get(circle.id);
    if (store === undefined) {
      store = createDraftStore({ circle, session: (id) => sessions.get(id), changed, report });
      stores.set(circle.id, store);
    }
    return store;
  }

  const allStores = (): DraftStore[] => circles.all().map(storeOf);

  function sessionOf(id: string): Session {
    const session = sessions.get(id);
    if (session === undefined) {
      throw new WorkbenchError('invalid-state', 'This draft is no longer open here. Open it again to go on writing.');
    }
    return session;
  }

  function storeHolding(record: RecordId, what = 'draft'): DraftStore {
    const circle = circles.holding(record);
    if (circle === undefined) throw new WorkbenchError('not-found', `There is no such ${what}.`, { record });
    return storeOf(circle);
  }

  function draftIn(store: DraftStore, draft: RecordId): { readonly entry: DraftEntry; readonly state: RecordState } {
    const entry = store.index.get(draft);
    const state = store.circle.fold.record(draft);
    if (entry === null || state === null) throw new WorkbenchError('not-found', 'There is no such draft.', { draft });
    return { entry, state };
  }

  /** The screen of a session; without one, what anybody sees who has only the log. */
  function viewContext(store: DraftStore, entry: DraftEntry, session: Session | null): ViewContext {
    const typed: ViewContext['perspective']['typed'] = (record, field) =>
      session === null ? undefined : store.journal.get(session.id, record, field);
    return {
      circle: store.circle,
      lineage: entry.lineage(),
      quotations,
      perspective: { own: session?.own ?? noOwnVersions, typed },
    };
  }

  async function blockViews(context: ViewContext, blocks: readonly RecordId[]) {
    const states = blocks.map((id) => context.circle.fold.record(id)).filter((state) => state !== null);
    await quotations.prepare(states.map((state) => styleOf(shownValue(state.fields.get('style'), undefined)?.value)));
    return states.map((state) => blockView(state, context));
  }

  async function viewOf(store: DraftStore, draft: RecordId, session: Session | null): Promise<DraftView> {
    const { entry, state } = draftIn(store, draft);
    const { circle } = store;
    const context = viewContext(store, entry, session);
    const blocks = await blockViews(context, entry.order());
    const typedNotes = session === null ? [] : store.journal.list({ session: session.id });
    const notes = new Set([
      ...entry.footnotes(),
      ...typedNotes.filter((value) => value.type === 'footnote').map((value) => value.record),
    ]);
    return {
      summary: summaryOf(state, entry, circle),
      direction: directionOf(draftLanguage(state)),
      session: session?.id ?? '',
      idPrefix: circle.replica,
      title: titleView(state, context),
      cover: coverView(state, context),
      blocks,
      footnotes: [...notes].map((id) => footnoteView(id, circle.fold.record(id), context)),
      canUndo: session !== null && session.done.length > 0,
      canRedo: session !== null && session.undone.length > 0,
      mayEdit: circle.fold.mayWrite(circle.replica, draft, 'draft', 'title'),
    };
  }

  async function changed(
    circle: Circle,
    author: Session | null,
    touched: ReadonlyMap<RecordId, TouchedParts>,
  ): Promise<void> {
    if (touched.size === 0) return;
    const store = storeOf(circle);
    for (const [draft, parts] of touched) {
      const open = [...sessions.values()].filter((session) => session.draft === draft);
      if (open.length > 0) await announce(store, draft, parts, author, author ?? (open.length === 1 ? open[0]! : null));
    }
    events.emit('drafts', 'listChanged', {});
  }

  async function announce(
    store: DraftStore,
    draft: RecordId,
    parts: TouchedParts,
    author: Session | null,
    screen: Session | null,
  ): Promise<void> {
    const { entry, state } = draftIn(store, draft);
    const context = viewContext(store, entry, screen);
    // What one change does to the lineage of a block may show on its neighbours.
    const entangled = context.lineage.blocks;
    const blocks = [...new Set([...parts.blocks, ...entangled, ...(shownEntangled.get(draft) ?? [])])];
    shownEntangled.set(draft, entangled);
    const live = blocks.filter((block) => entry.isLive(block));
    events.emit('drafts', 'changed', {
      draft,
      session: author?.id ?? '',
      blocks: await blockViews(context, live),
      removed: blocks.filter((block) => !entry.isLive(block)),
      order: entry.order(),
      footnotes: parts.footnotes.map((id) => footnoteView(id, store.circle.fold.record(id), context)),
      summary: summaryOf(state, entry, store.circle),
      title: titleView(state, context),
      cover: coverView(state, context),
    });
  }

  function scheduleCommit(session: Session): void {
    if (session.cancelCommit !== null) return;
    session.cancelCommit = clock.after(commitAfterMs, () => {
      session.cancelCommit = null;
      const store = storeOf(session.circle);
      store
        .exclusively(() => store.commit({ session: session.id }))
        .catch((error: unknown) => {
          // The journal still has it: tried again, and told.
          if (sessions.has(session.id)) scheduleCommit(session);
          report(error);
        });
    });
  }

  async function commitSession(session: Session): Promise<void> {
    session.cancelCommit?.();
    session.cancelCommit = null;
    const store = storeOf(session.circle);
    await store.exclusively(() => store.commit({ session: session.id }));
  }

  const stepsLeft = (session: Session) => ({ canUndo: session.done.length > 0, canRedo: session.undone.length > 0 });

  /** Undo and redo are one thing: the last step of one list is reversed and its reversal goes to the other. */
  async function takeBack(session: Session, from: Step[], to: Step[]) {
    const store = storeOf(session.circle);
    return store.exclusively(async () => {
      const step = from.at(-1);
      if (step === undefined) return { done: false, refused: 'nothing' as const, blocks: [], ...stepsLeft(session) };
      const records = new Set(step.map((change) => change.record));
      await store.commit({ session: session.id, records });
      const reversal = reverse(session, step);
      const blocks = [...new Set(step.filter((change) => change.type === 'block').map((change) => change.record))];
      if ('refused' in reversal) {
        // It will not become possible again; the step before it may be.
        from.pop();
        return { done: false, refused: reversal.refused, blocks, ...stepsLeft(session) };
      }
      await store.write(session, reversal.ops);
      from.pop();
      to.push(reversal.reversed);
      return { done: true, refused: null, blocks, ...stepsLeft(session) };
    });
  }

  async function createFrom(content: DraftContent, circleId?: CircleId): Promise<DraftSummary> {
    const circle = circleId === undefined ? circles.personal() : circles.get(circleId);
    const store = storeOf(circle);
    const draft = circle.newId();
    const ops = opsOfContent(content, { draft, newId: () => circle.newId(), places });
    await store.exclusively(() => store.write(null, ops));
    const { entry, state } = draftIn(store, draft);
    return summaryOf(state, entry, circle);
  }

  async function setRemoved(draft: RecordId, removed: boolean): Promise<Record<string, never>> {
    const store = storeHolding(draft);
    await store.exclusively(async () => {
      await store.commit();
      const { state } = draftIn(store, draft);
      const over = removed ? allHeads(state) : headIds(state.fields.get('removed'));
      await store.write(null, [{ record: draft, type: 'draft', field: 'removed', over, value: removed ? true : null }]);
    });
    return {};
  }

  const stopHook = circles.beforeExchange((circle) => {
    const store = storeOf(circle);
    return store.exclusively(() => store.commit());
  });
  allStores();

  return {
    list: async () => ({
      drafts: allStores().flatMap((store) =>
        store.index.drafts().map((state) => summaryOf(state, draftIn(store, state.id).entry, store.circle)),
      ),
    }),

    create: async ({ template, title, language = 'en', circle }) =>
      createFrom(contentOfTemplate(template, { title, language }), circle),

    open: async ({ draft }) => {
      const store = storeHolding(draft);
      draftIn(store, draft);
      const session: Session = {
        id: newToken(),
        draft,
        circle: store.circle,
        own: new Map(),
        done: [],
        undone: [],
        cancelCommit: null,
      };
      sessions.set(session.id, session);
      return viewOf(store, draft, session);
    },

    close: async ({ session: id }) => {
      const session = sessions.get(id);
      if (session === undefined) return {};
      await commitSession(session);
      sessions.delete(id);
      return {};
    },

    edit: async ({ session: id, edits }) => {
      const session = sessionOf(id);
      const store = storeOf(session.circle);
      await store.exclusively(async () => {
        const { entry } = draftIn(store, session.draft);
        const step = await applyEdits(
          {
            session,
            entry,
            journal: store.journal,
            places,
            now: clock.now,
            write: (ops) => store.write(session, ops),
            commit: (records) => store.commit({ session: session.id, records }),
          },
          edits,
        );
        remember(session, step);
      });
      if (store.journal.list({ session: session.id }).length > 0) scheduleCommit(session);
      return { savedAt: new Date(clock.now()).toISOString(), ...stepsLeft(session) };
    },

    commit: async ({ session }) => {
      await commitSession(sessionOf(session));
      return {};
    },

    undo: async ({ session: id }) => {
      const session = sessionOf(id);
      return takeBack(session, session.done, session.undone);
    },
    redo: async ({ session: id }) => {
      const session = sessionOf(id);
      return takeBack(session, session.undone, session.done);
    },

    history: async ({ block }) => ({ entries: historyOf(storeHolding(block, 'paragraph').circle, block) }),

    restoreVersion: async ({ session: id, block, version, heads }) => {
      const session = sessionOf(id);
      const store = storeOf(session.circle);
      await store.exclusively(async () => {
        await store.commit({ session: id, records: new Set([block]) });
        const { op, step } = restoredText(session, block, version, heads);
        await store.write(session, [op]);
        remember(session, step);
      });
      return {};
    },

    removedBlocks: async ({ draft }) => {
      const store = storeHolding(draft);
      draftIn(store, draft);
      return { blocks: removedBlocksOf(store.circle, draft) };
    },

    settle: async ({ session: id, ...choice }) => {
      const session = sessionOf(id);
      const store = storeOf(session.circle);
      await store.exclusively(async () => {
        await store.commit({ session: id, records: new Set([choice.block]) });
        const { ops, step } = settlementOf(session, draftIn(store, session.draft).entry.lineage(), choice);
        await store.write(session, ops);
        remember(session, step);
      });
      return {};
    },

    remove: ({ draft }) => setRemoved(draft, true),
    restore: ({ draft }) => setRemoved(draft, false),

    widen: async ({ draft, circle }) => {
      const store = storeHolding(draft);
      await store.exclusively(() => store.commit());
      return createFrom(contentToCopy(await viewOf(store, draft, null)), circle);
    },

    export: async ({ draft, format }, _context: CallContext) => {
      const store = storeHolding(draft);
      await store.exclusively(() => store.commit());
      const { name, bytes, remarks } = await deps.exportDraft(
        await viewOf(store, draft, null),
        format,
        store.circle.authorOf(store.circle.replica).delegation,
      );
      return { file: await deps.offerFile(name, bytes), name, sizeBytes: bytes.length, remarks: [...remarks] };
    },

    quote: (input) => quoteUnit(documents, input),

    recover: async () => {
      for (const store of allStores()) await store.exclusively(() => store.commit());
    },
    circlesChanged: () => void allStores(),
    documentsChanged: () => {
      quotations.forget();
      for (const session of sessions.values()) {
        const store = storeOf(session.circle);
        store.exclusively(() => recheckQuotations(store, session.draft)).catch(report);
      }
    },
    createFrom,
    idle: async () => {
      for (const store of stores.values()) await store.exclusively(async () => undefined);
    },
    dispose: async () => {
      stopHook();
      for (const session of sessions.values()) await commitSession(session);
      sessions.clear();
      for (const store of stores.values()) store.dispose();
      stores.clear();
    },
  };

  async function recheckQuotations(store: DraftStore, draft: RecordId): Promise<void> {
    const { entry } = draftIn(store, draft);
    const quoted = entry.order().filter((id) => {
      const style = styleOf(shownValue(store.circle.fold.field(id, 'style'), undefined)?.value);
      return style.kind === 'quotation' && style.source !== undefined;
    });
    if (quoted.length === 0) return;
    const open = [...sessions.values()].filter((session) => session.draft === draft);
    await announce(store, draft, { blocks: quoted, footnotes: [] }, null, open.length === 1 ? open[0]! : null);
  }
}

/** The draft that a block or footnote belongs to. */
export function draftOfRecord(circle: Circle, record: RecordId): RecordId | null {
  const state = circle.fold.record(record);
  return state === null ? null : draftOf(state);
}
