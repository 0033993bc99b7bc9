/**
 * The drafts service of the contract. Every operation that writes runs alone in its circle; opening, focusing and closing
 * a draft write nothing.
 */
import type { CallContext, EventSink, ServiceImplementation } from '../../../shared/contract/contract.ts';
import type {
  DraftEdit,
  DraftSummary,
  DraftView,
  draftsContract,
  ExportFormat,
} from '../../../shared/contract/drafts.ts';
import { WorkbenchError } from '../../../shared/contract/errors.ts';
import { base32, type CircleId, type RecordId } from '../../../shared/ids.ts';
import { opsOfContent, type DraftContent } from '../../../shared/drafting/draft-content.ts';
import { createPlaceSource } from '../../../shared/drafting/places.ts';
import { contentOfTemplate } from '../../../shared/drafting/templates.ts';
import type { Circle, Circles } from '../circles/circle.ts';
import type { TouchedParts } from './draft-index.ts';
import { createDraftStore, type DraftStore } from './draft-store.ts';
import { applyEdits, type EditContext, type FieldSetting } from './edits.ts';
import { allHeads, headIds } from './fields.ts';
import { historyOf, removedBlocksOf, restoredText } from './history.ts';
import type { ExportedDraft } from '../export/export-draft.ts';
import { createQuotationChecker, quoteUnit, type DocumentReader } from './quotations.ts';
import { createScreens } from './screens.ts';
import { remember, type Session, type Step } from './sessions.ts';
import { settlementOf } from './settle.ts';
import { reverse } from './undo.ts';
import { summaryOf } from './views.ts';
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
  /** Drafts that a page has open. */
  openDrafts(): readonly RecordId[];
  /** Writes a whole draft into a circle, as samples do. */
  createFrom(content: DraftContent, circle?: CircleId): Promise<DraftSummary>;
  /** The draft as it stands in the log, without anybody's typing. Fails with `not-found`. */
  read(draft: RecordId): Promise<DraftView>;
  /** Makes changes of what is being typed in a draft. */
  commitTyped(draft: RecordId): Promise<void>;
  /** For a service that puts words into a draft: a session that types nothing and is on no screen. */
  actor(draft: RecordId): string;
  /** One change and one step of undo: the edits, and fields of other records of the same circle. */
  act(actor: string, edits: readonly DraftEdit[], also: readonly FieldSetting[]): Promise<void>;
  /** Whether an actor has something to take back. */
  stepsOf(actor: string): { readonly canUndo: boolean; readonly canRedo: boolean };
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
  /** Sessions of services: they have no screen to be told of anything. */
  const actors = new Map<string, Session>();
  const quotations = createQuotationChecker(documents, report);
  const screens = createScreens(quotations);
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

  function newSession(draft: RecordId, { circle }: DraftStore): Session {
    return { id: newToken(), draft, circle, own: new Map(), done: [], undone: [], cancelCommit: null };
  }

  const allStores = (): DraftStore[] => circles.all().map(storeOf);

  function sessionOf(id: string): Session {
    const session = sessions.get(id) ?? actors.get(id);
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

  async function changed(
    circle: Circle,
    author: Session | null,
    touched: ReadonlyMap<RecordId, TouchedParts>,
  ): Promise<void> {
    if (touched.size === 0) return;
    for (const [draft, parts] of touched) await announce(storeOf(circle), draft, parts, author);
    events.emit('drafts', 'listChanged', {});
  }

  /** Tells those who have the draft open. With several windows on it, nobody's typing is shown to the others. */
  async function announce(store: DraftStore, draft: RecordId, parts: TouchedParts, author: Session | null) {
    const open = [...sessions.values()].filter((session) => session.draft === draft);
    if (open.length === 0) return;
    const screen = author ?? (open.length === 1 ? open[0]! : null);
    events.emit('drafts', 'changed', await screens.newsOf(store, draft, parts, author, screen));
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

  const editContext = (session: Session, store: DraftStore): EditContext => ({
    session,
    entry: store.need(session.draft).entry,
    journal: store.journal,
    places,
    now: clock.now,
    write: (ops) => store.write(session, ops),
    commit: (records) => store.commit({ session: session.id, records }),
  });

  const stepsLeft = (session: Session) => ({ canUndo: session.done.length > 0, canRedo: session.undone.length > 0 });

  /** Undo and redo are one thing: the last step of one list is reversed and its reversal goes to the other. */
  async function takeBack(session: Session, from: Step[], to: Step[]) {
    const store = storeOf(session.circle);
    return store.exclusively(async () => {
      const step = from.at(-1);
      if (step === undefined) return { done: false, refused: 'nothing' as const, blocks: [], ...stepsLeft(session) };
      const records = new Set(step.map((change) => change.record));
      // A service takes back what people may be typing in.
      await store.commit(actors.has(session.id) ? { records } : { session: session.id, records });
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
    const { entry, state } = store.need(draft);
    return summaryOf(state, entry, circle);
  }

  async function setRemoved(draft: RecordId, removed: boolean): Promise<Record<string, never>> {
    const store = storeHolding(draft);
    await store.exclusively(async () => {
      await store.commit();
      const { state } = store.need(draft);
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
        store.index.drafts().map((state) => summaryOf(state, store.need(state.id).entry, store.circle)),
      ),
    }),

    create: async ({ template, title, language = 'en', circle }) =>
      createFrom(contentOfTemplate(template, { title, language }), circle),

    open: async ({ draft }) => {
      const store = storeHolding(draft);
      store.need(draft);
      const session = newSession(draft, store);
      // In line with what is being written: nothing can be told of before the view it belongs to.
      return store.exclusively(async () => {
        // A page that went without a word (a crash, a reload) left its last words in the journal: whoever opens the draft
        // again has them on screen, and going on in them makes no second version.
        for (const other of sessions.values())
          if (other.draft === draft) await store.commit({ session: other.id }).catch(report);
        sessions.set(session.id, session);
        return screens.viewOf(store, draft, session);
      });
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
        remember(session, await applyEdits(editContext(session, store), edits));
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
      store.need(draft);
      return { blocks: removedBlocksOf(store.circle, draft) };
    },

    settle: async ({ session: id, ...choice }) => {
      const session = sessionOf(id);
      const store = storeOf(session.circle);
      await store.exclusively(async () => {
        await store.commit({ session: id, records: new Set([choice.block]) });
        const { ops, step } = settlementOf(session, store.need(session.draft).entry.lineage(), choice);
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
      return createFrom(contentToCopy(await screens.viewOf(store, draft, null)), circle);
    },

    export: async ({ draft, format }, _context: CallContext) => {
      const store = storeHolding(draft);
      await store.exclusively(() => store.commit());
      const { name, bytes, remarks } = await deps.exportDraft(
        await screens.viewOf(store, draft, null),
        format,
        store.circle.authorOf(store.circle.replica).delegation,
      );
      return { file: await deps.offerFile(name, bytes), name, sizeBytes: bytes.length, remarks: [...remarks] };
    },

    quote: (input) => quoteUnit(documents, input),

    recover: async () => {
      for (const store of allStores()) {
        // A full disk must not keep the workbench from opening: the journal still has everything.
        await store.exclusively(() => store.commit()).catch(report);
      }
    },
    circlesChanged: () => void allStores(),
    openDrafts: () => [...new Set([...sessions.values()].map((session) => session.draft))],
    documentsChanged: () => {
      quotations.forget();
      for (const session of sessions.values()) {
        const store = storeOf(session.circle);
        const parts = (): TouchedParts => ({ blocks: screens.quotationsIn(store, session.draft), footnotes: [] });
        store.exclusively(() => announce(store, session.draft, parts(), null)).catch(report);
      }
    },
    createFrom,
    read: async (draft) => screens.viewOf(storeHolding(draft), draft, null),
    commitTyped: async (draft) => {
      const store = storeHolding(draft);
      await store.exclusively(() => store.commit());
    },
    actor: (draft) => {
      const store = storeHolding(draft);
      store.need(draft);
      const session = newSession(draft, store);
      actors.set(session.id, session);
      return session.id;
    },
    act: async (actor, edits, also) => {
      const session = sessionOf(actor);
      const store = storeOf(session.circle);
      await store.exclusively(async () => {
        // What somebody is typing here becomes a version of its own first, as when a partner's change arrives.
        for (const other of sessions.values())
          if (other.draft === session.draft) await store.commit({ session: other.id });
        const step = await applyEdits(editContext(session, store), edits, also);
        remember(session, step);
      });
    },
    stepsOf: (actor) => stepsLeft(sessionOf(actor)),
    idle: async () => {
      for (const store of stores.values()) await store.exclusively(async () => undefined);
    },
    dispose: async () => {
      stopHook();
      for (const session of sessions.values()) await commitSession(session).catch(report);
      sessions.clear();
      actors.clear();
      for (const store of stores.values()) store.dispose();
      stores.clear();
    },
  };
}
