/**
 * The drafts service of the contract: drafts as wholes, and who is told when they change; writing in an open one is
 * `editing.ts`. Every operation that writes runs alone in its circle; opening, focusing and closing a draft write nothing.
 */
import type { CallContext, EventSink, ServiceImplementation } from '../../../shared/contract/contract.ts';
import type { DraftSummary, DraftView, draftsContract, ExportFormat } from '../../../shared/contract/drafts.ts';
import { WorkbenchError } from '../../../shared/contract/errors.ts';
import { base32, type CircleId, type RecordId } from '../../../shared/ids.ts';
import { opsOfContent, type DraftContent } from '../../../shared/drafting/draft-content.ts';
import { createPlaceSource } from '../../../shared/drafting/places.ts';
import { contentOfTemplate } from '../../../shared/drafting/templates.ts';
import type { Circle, Circles } from '../circles/circle.ts';
import type { TouchedParts } from './draft-index.ts';
import { createDraftStore, type DraftStore } from './draft-store.ts';
import { createEditing, type Editing } from './editing.ts';
import { allHeads, headIds } from './fields.ts';
import { historyOf, removedBlocksOf } from './history.ts';
import type { ExportedDraft } from '../export/export-draft.ts';
import { createQuotationChecker, quoteUnit, type DocumentReader } from './quotations.ts';
import { createScreens } from './screens.ts';
import type { Session } from './sessions.ts';
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

export interface DraftsService
  extends ServiceImplementation<typeof draftsContract>, Pick<Editing, 'actor' | 'act' | 'stepsOf'> {
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
  /** Resolves when everything set going so far (news of partners, timers) has been taken in and told. */
  idle(): Promise<void>;
  /** Commits what is typed and stops listening. */
  dispose(): Promise<void>;
}

export function createDraftsService(deps: DraftsDependencies): DraftsService {
  const { circles, documents, events, clock, random, report } = deps;
  const stores = new Map<CircleId, DraftStore>();
  const quotations = createQuotationChecker(documents, report);
  const screens = createScreens(quotations);
  const places = createPlaceSource(base32(random(5)));
  const editing = createEditing({
    ...{ storeOf, storeHolding, screens, places, clock, report },
    newToken: () => base32(random(17)).slice(0, 26),
  });

  function storeOf(circle: Circle): DraftStore {
    let store = stores.get(circle.id);
    if (store === undefined) {
      store = createDraftStore({ circle, session: editing.session, changed, report });
      stores.set(circle.id, store);
    }
    return store;
  }

  const allStores = (): DraftStore[] => circles.all().map(storeOf);

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
    const open = editing.sessions().filter((session) => session.draft === draft);
    if (open.length === 0) return;
    const screen = author ?? (open.length === 1 ? open[0]! : null);
    events.emit('drafts', 'changed', await screens.newsOf(store, draft, parts, author, screen));
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
    ...editing.operations,

    list: async () => ({
      drafts: allStores().flatMap((store) =>
        store.index.drafts().map((state) => summaryOf(state, store.need(state.id).entry, store.circle)),
      ),
    }),

    create: async ({ template, title, language = 'en', circle }) =>
      createFrom(contentOfTemplate(template, { title, language }), circle),

    history: async ({ block }) => ({ entries: historyOf(storeHolding(block, 'paragraph').circle, block) }),

    removedBlocks: async ({ draft }) => {
      const store = storeHolding(draft);
      store.need(draft);
      return { blocks: removedBlocksOf(store.circle, draft) };
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
    openDrafts: () => [...new Set(editing.sessions().map((session) => session.draft))],
    documentsChanged: () => {
      quotations.forget();
      for (const session of editing.sessions()) {
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
    actor: editing.actor,
    act: editing.act,
    stepsOf: editing.stepsOf,
    idle: async () => {
      for (const store of stores.values()) await store.exclusively(async () => undefined);
    },
    dispose: async () => {
      stopHook();
      await editing.dispose();
      for (const store of stores.values()) store.dispose();
      stores.clear();
    },
  };
}
