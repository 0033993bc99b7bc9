/**
 * Writing in drafts that are open: the sessions of pages and, in the same way, of services, which have no screen. Each edit
 * is one step that can be taken back; what is typed becomes a change of the log after a while, and on closing.
 */
import type { ServiceImplementation } from '../../../shared/contract/contract.ts';
import type { DraftEdit, draftsContract } from '../../../shared/contract/drafts.ts';
import { WorkbenchError } from '../../../shared/contract/errors.ts';
import type { PlaceSource } from '../../../shared/drafting/places.ts';
import type { RecordId } from '../../../shared/ids.ts';
import type { Circle } from '../circles/circle.ts';
import type { DraftStore } from './draft-store.ts';
import { applyEdits, type EditContext, type FieldSetting } from './edits.ts';
import { restoredText } from './history.ts';
import type { Screens } from './screens.ts';
import { remember, type Session, type Step } from './sessions.ts';
import { settlementOf } from './settle.ts';
import { reverse } from './undo.ts';

/** What is typed becomes a change of the log at the latest after this. */
const commitAfterMs = 60_000;

type EditingOperation = 'open' | 'close' | 'edit' | 'commit' | 'undo' | 'redo' | 'restoreVersion' | 'settle';

export interface Editing {
  readonly operations: Pick<ServiceImplementation<typeof draftsContract>, EditingOperation>;
  /** The sessions of pages. */
  session(id: string): Session | undefined;
  sessions(): readonly Session[];
  /** For a service that puts words into a draft: a session that types nothing and is on no screen. */
  actor(draft: RecordId): string;
  /** One change and one step of undo: the edits, and fields of other records of the same circle. */
  act(actor: string, edits: readonly DraftEdit[], also: readonly FieldSetting[]): Promise<void>;
  /** Whether an actor has something to take back. */
  stepsOf(actor: string): { readonly canUndo: boolean; readonly canRedo: boolean };
  /** Commits what is typed and forgets all sessions. */
  dispose(): Promise<void>;
}

export interface EditingOptions {
  storeOf(circle: Circle): DraftStore;
  /** The store with the draft; fails with `not-found`. */
  storeHolding(draft: RecordId): DraftStore;
  readonly screens: Screens;
  readonly places: PlaceSource;
  readonly clock: { now(): number; after(delayMs: number, run: () => void): () => void };
  newToken(): string;
  report(error: unknown): void;
}

export function createEditing(options: EditingOptions): Editing {
  const { storeOf, storeHolding, screens, places, clock, report } = options;
  const sessions = new Map<string, Session>();
  const actors = new Map<string, Session>();

  function newSession(draft: RecordId, { circle }: DraftStore): Session {
    return { id: options.newToken(), draft, circle, own: new Map(), done: [], undone: [], cancelCommit: null };
  }

  function sessionOf(id: string): Session {
    const session = sessions.get(id) ?? actors.get(id);
    if (session === undefined) {
      throw new WorkbenchError('invalid-state', 'This draft is no longer open here. Open it again to go on writing.');
    }
    return session;
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

  /** Pages that have the draft open. */
  const pagesOn = (draft: RecordId): Session[] => [...sessions.values()].filter((each) => each.draft === draft);

  return {
    session: (id) => sessions.get(id),
    sessions: () => [...sessions.values()],
    operations: {
      open: async ({ draft }) => {
        const store = storeHolding(draft);
        store.need(draft);
        const session = newSession(draft, store);
        // In line with what is being written: nothing can be told of before the view it belongs to.
        return store.exclusively(async () => {
          // A page that went without a word (a crash, a reload) left its last words in the journal: whoever opens the draft
          // again has them on screen, and going on in them makes no second version.
          for (const other of pagesOn(draft)) await store.commit({ session: other.id }).catch(report);
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
    },

    actor(draft) {
      const store = storeHolding(draft);
      store.need(draft);
      const session = newSession(draft, store);
      actors.set(session.id, session);
      return session.id;
    },
    async act(actor, edits, also) {
      const session = sessionOf(actor);
      const store = storeOf(session.circle);
      await store.exclusively(async () => {
        // What somebody is typing here becomes a version of its own first, as when a partner's change arrives.
        for (const other of pagesOn(session.draft)) await store.commit({ session: other.id });
        const step = await applyEdits(editContext(session, store), edits, also);
        remember(session, step);
      });
    },
    stepsOf: (actor) => stepsLeft(sessionOf(actor)),

    async dispose() {
      for (const session of sessions.values()) await commitSession(session).catch(report);
      sessions.clear();
      actors.clear();
    },
  };
}
