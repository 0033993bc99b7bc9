/**
 * The room service of the contract. A line is kept by one change of the log, fsynced before the call resolves; lines that
 * come while the disk is busy go to it together. Nothing here polls, and nothing runs by itself.
 */
import type { EventSink, Services } from '../../../shared/contract/contract.ts';
import { WorkbenchError } from '../../../shared/contract/errors.ts';
import type { SessionView } from '../../../shared/contract/room/session.ts';
import { createPlaceSource } from '../../../shared/drafting/places.ts';
import type { DraftContent } from '../../../shared/drafting/draft-content.ts';
import { base32, type CircleId, type DocumentId, type RecordId } from '../../../shared/ids.ts';
import type { RecordState } from '../../../shared/records/fold.ts';
import { readAgenda } from '../../../shared/room/agenda.ts';
import { estimateClocks, offerDuplicates } from '../../../shared/room/duplicates.ts';
import { offsetsOf, outputSource } from '../../../shared/room/output-source.ts';
import { roomDirectory } from '../../../shared/room/room-directory.ts';
import { summaryOf as sessionSummaryText } from '../../../shared/room/summary.ts';
import type { Circle, Circles, IntendedOp } from '../circles/circle.ts';
import { fileName } from '../export/export-draft.ts';
import type { Grants } from '../files/grants.ts';
import type { Library } from '../library/library.ts';
import { nameForOthers } from '../library/shared-name.ts';
import { needTimeZone, opsOfChange } from './changes.ts';
import { allHeadsOf, headIds, madeAs, newFields } from './fields.ts';
import { createLineCounter, opsOfLine } from './log-entry.ts';
import { anonymised, logFileEnding, readLogFile, writeLogFile, type LogFile } from './log-file-format.ts';
import { takeIn, type TakenIn } from './log-files.ts';
import { createRoomNews } from './room-news.ts';
import { writeSession } from './session-files.ts';
import { entryView, lineKey, sessionView, summaryOf, type DocumentFacts } from './views.ts';

export interface RoomOptions {
  readonly circles: Circles;
  readonly library: Library;
  readonly grants: Grants;
  readonly events: EventSink;
  readonly clock: { now(): number };
  readonly random: (lengthBytes: number) => Uint8Array;
  readonly defaultCircle: () => CircleId | null;
  /** Writes a whole draft into a circle. */
  createDraft(content: DraftContent, circle: CircleId): Promise<{ readonly id: RecordId }>;
}

/** A session log of any length that a person could have written. */
const longestLogBytes = 64 * 1024 * 1024;

export function createRoomService(options: RoomOptions): Services['room'] & { close(): void } {
  const { circles, library, grants, events, clock, random } = options;
  const places = createPlaceSource(base32(random(5)));
  const counter = createLineCounter();
  const facts: DocumentFacts = { languageOf: (document) => library.entry(document)?.language ?? null };
  const news = createRoomNews({ circles, events, facts });
  /** Changes of one circle one after the other, so that what they read is not written meanwhile. */
  const tails = new Map<CircleId, Promise<unknown>>();

  /** A page that lost its connection sends its lines again, perhaps while the first call is still at the disk. */
  const beingLogged = new Map<RecordId, Promise<void>>();

  function inTurn<T>(circle: Circle, work: () => Promise<T>): Promise<T> {
    const result = (tails.get(circle.id) ?? Promise.resolve()).then(work);
    // The next in line does not fail because this one did; whoever called this one is told.
    tails.set(
      circle.id,
      result.catch(() => undefined),
    );
    return result;
  }

  function find(id: RecordId): { circle: Circle; state: RecordState } {
    const circle = circles.holding(id);
    const state = circle?.fold.record(id);
    if (!circle || state?.type !== 'session')
      throw new WorkbenchError('not-found', 'This session is not here.', { session: id });
    return { circle, state };
  }

  function viewOf(id: RecordId): SessionView {
    const { circle, state } = find(id);
    return sessionView(circle, state, facts);
  }

  const savedNow = (): string => new Date(clock.now()).toISOString();

  function circleFor(named: CircleId | undefined): Circle {
    const id = named ?? options.defaultCircle();
    return id === null ? circles.personal() : circles.get(id);
  }

  async function setRemoved(id: RecordId, removed: boolean): Promise<Record<string, never>> {
    const { circle, state } = find(id);
    const over = removed ? allHeadsOf(state) : headIds(state, 'removed');
    await circle.write([{ record: id, type: 'session', field: 'removed', over, value: removed ? true : null }]);
    return {};
  }

  /** In a shared circle partners get the text, under a name that says nothing of this machine. */
  async function bringText(circle: Circle, document: DocumentId, title: string): Promise<string> {
    const entry = library.entry(document);
    if (entry === undefined) throw new WorkbenchError('not-found', 'This document is not on the shelf.', { document });
    await library.ensureIn(circle, document);
    if (circle.personal || title !== entry.title) return title;
    return nameForOthers(entry, await library.getDocument(document)).title;
  }

  function logFileOf(view: SessionView, circle: Circle): LogFile {
    return readLogFile(
      writeLogFile(view, (entry) => originOf(circle, entry)),
      'the session',
    );
  }

  async function writeTaken(circle: Circle, { changes, former }: TakenIn): Promise<void> {
    for (const ops of changes) await circle.write(ops);
    const removals = former.map((record): IntendedOp => {
      const over = allHeadsOf(circle.fold.record(record)!);
      return { record, type: 'agenda-item', field: 'removed', over, value: true };
    });
    if (removals.length > 0) await circle.write(removals);
  }

  return {
    close: () => news.stop(),

    list: async () => ({
      sessions: circles
        .all()
        .flatMap((circle) =>
          circle.fold.recordsOfType('session', { withRemoved: true }).map((state) => summaryOf(circle, state)),
        )
        .sort((a, b) => (a.changedAt > b.changedAt ? -1 : a.changedAt < b.changedAt ? 1 : a.id < b.id ? -1 : 1)),
    }),

    create: async ({ circle: named, ...fields }) => {
      needTimeZone(fields.timeZone);
      const circle = circleFor(named);
      const id = circle.newId();
      const language = fields.language ?? 'en';
      await circle.write(newFields(id, 'session', { ...fields, language }));
      return summaryOf(circle, find(id).state);
    },

    open: async ({ session }) => viewOf(session),
    remove: ({ session }) => setRemoved(session, true),
    restore: ({ session }) => setRemoved(session, false),

    readAgenda: async ({ text, document }) => {
      if (document === undefined) return { items: [...readAgenda(text ?? '')] };
      const read = await library.getDocument(document);
      if (read === null) throw new WorkbenchError('not-found', 'This document is not on the shelf.', { document });
      const lines = read.units
        .filter(({ kind }) => kind !== 'footnote')
        .map((unit) => `${unit.marker} ${unit.text}`.replace(/\s+/g, ' ').trim());
      return { items: [...readAgenda(lines.join('\n\n'))] };
    },

    log: async (line) => {
      const { circle } = find(line.session);
      if (circle.fold.record(line.id) === null) {
        let writing = beingLogged.get(line.id);
        if (writing === undefined) {
          const n = counter.next(circle, line.session, circle.replica);
          writing = circle
            .write(opsOfLine(circle, line, n))
            .then(() => dropLine(circle, line.session))
            .finally(() => beingLogged.delete(line.id));
          beingLogged.set(line.id, writing);
        }
        await writing;
      }
      const entry = entryView(circle, circle.fold.record(line.id)!);
      if (entry === null)
        throw new WorkbenchError('invalid-input', 'This id is another record’s.', { record: line.id });
      return { savedAt: savedNow(), entry };
    },

    keepLine: async ({ session, line }) => {
      const { circle } = find(session);
      if (line === null) await dropLine(circle, session);
      else await circle.journal.put([{ key: lineKey(session), value: line }]);
      return {};
    },

    change: async ({ session, changes }) => {
      const { circle } = find(session);
      await inTurn(circle, async () => {
        const ops: IntendedOp[] = [];
        for (const change of changes) {
          const named =
            change.op === 'setText' && change.text !== null
              ? {
                  ...change,
                  text: { ...change.text, title: await bringText(circle, change.document, change.text.title) },
                }
              : change;
          ops.push(...opsOfChange(named, { circle, session, places }));
        }
        await circle.write(ops);
      });
      return { savedAt: savedNow() };
    },

    compare: async ({ session }) => {
      const view = viewOf(session);
      const live = view.entries.filter(({ removed }) => !removed);
      const offsets = offsetsOf(view);
      return {
        offers: [...offerDuplicates(live, view.joins, offsets)],
        // What the reference itself is set to counts: both clocks then show the session's time.
        clocks: estimateClocks(live).map((each) => {
          return { ...each, offsetMs: each.offsetMs + (offsets.get(each.reference) ?? 0) };
        }),
      };
    },

    importLog: async ({ session, file, circle: named }) => {
      const { name, bytes } = await grants.readFile(file, longestLogBytes);
      const log = readLogFile(bytes, name);
      const circle = session === null ? circleFor(named) : find(session).circle;
      return inTurn(circle, async () => {
        const taken = takeIn(log, session, { circle, places });
        await writeTaken(circle, taken);
        const from = [...new Set(log.entries.map(({ by }) => by))].filter(Boolean).join(', ');
        return { session: taken.session, added: taken.added, known: taken.known, from };
      });
    },

    exportLog: async ({ session }) => {
      const { circle } = find(session);
      const view = viewOf(session);
      const bytes = writeLogFile(view, (entry) => originOf(circle, entry));
      const name = `${fileName(view.head.summary.title)}.${logFileEnding}`;
      return { file: grants.forBytes(name, bytes, 'application/json'), name, sizeBytes: bytes.length };
    },

    export: async ({ session, ...request }) => {
      const { circle } = find(session);
      const { delegation } = circle.authorOf(circle.replica);
      const { name, bytes, remarks } = await writeSession(viewOf(session), request, delegation);
      return { file: grants.forBytes(name, bytes), name, sizeBytes: bytes.length, remarks: [...remarks] };
    },

    summarise: async ({ session }) => {
      const { circle } = find(session);
      const view = viewOf(session);
      const directory = roomDirectory(view.head.seats, view.head.summary.language);
      // The draft is the note-taker's to edit, but it is made to be given on: what is unsure does not go in.
      const { content, words } = sessionSummaryText(outputSource(view, directory, 'delegations'));
      const { id } = await options.createDraft(content, circle.id);
      return { draft: id, words };
    },

    widen: async ({ session, circle: named }) => {
      const { circle } = find(session);
      const wider = circles.get(named);
      const log = anonymised(logFileOf(viewOf(session), circle), random);
      return inTurn(wider, async () => {
        for (const { document } of log.head.texts) {
          if (library.entry(document) !== undefined) await library.ensureIn(wider, document);
        }
        const taken = takeIn(log, null, { circle: wider, places });
        await writeTaken(wider, taken);
        return summaryOf(wider, find(taken.session).state);
      });
    },
  };
}

async function dropLine(circle: Circle, session: RecordId): Promise<void> {
  const key = lineKey(session);
  if (circle.journal.entries().has(key)) await circle.journal.put([{ key, value: null }]);
}

function originOf(circle: Circle, record: RecordId): RecordId {
  const state = circle.fold.record(record);
  return state === null ? record : madeAs(state);
}
