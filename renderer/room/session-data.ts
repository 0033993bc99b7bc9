/**
 * One session as this window has it: what the services say, and the lines that are on their way to the disk. A line stands
 * in the log at once, marked until it is saved; one that could not be saved stays, and is sent again under the same id.
 */
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { EntryView } from '../../shared/contract/room/log.ts';
import type { RoomChange } from '../../shared/contract/room/changes.ts';
import type { SessionView } from '../../shared/contract/room/session.ts';
import { base32, type RecordId } from '../../shared/ids.ts';
import { createCompleter, type Completer } from '../../shared/room/completion.ts';
import { entryOf, type LineContext } from '../../shared/room/input-line.ts';
import type { ReadLine } from '../../shared/room/line-parts.ts';
import { nowhere, type Place } from '../../shared/room/places.ts';
import { offsetsOf } from '../../shared/room/output-source.ts';
import { roomDirectory } from '../../shared/room/room-directory.ts';
import { createGrowingLog } from '../../shared/room/growing-log.ts';
import type { Intervention } from '../../shared/room/session-time.ts';
import type { Directory } from '../../shared/delegations/directory.ts';
import { useClient, useConnection } from '../app/client.ts';
import { showSaveState } from '../app/save-state.ts';
import { toastError } from '../app/toasts.ts';
import { lastOf, withLinesOnTheWay, withNews, type LineOnTheWay, type LogCall } from './session-view.ts';

export interface SessionData {
  readonly view: SessionView;
  readonly directory: Directory;
  readonly completer: Completer;
  readonly interventions: readonly Intervention[];
  readonly lastOwn: EntryView | null;
  readonly carried: Place;
  /** Ids of lines that are not on the disk yet; true when saving failed. */
  readonly unsaved: ReadonlyMap<string, boolean>;
  /** `spokenMs`: how long the floor was held, where the clock was stopped before. */
  log(line: string, read: ReadLine, at: number, spokenMs: number | null): void;
  change(...changes: RoomChange[]): Promise<void>;
  retry(): void;
  /** A fresh id for a proposal or a mark. */
  newId(): RecordId;
  /** As it is now, whatever is drawn. */
  newest(): SessionView;
}

function newId(prefix: string): RecordId {
  return `${prefix}.${base32(crypto.getRandomValues(new Uint8Array(7))).slice(0, 10)}` as RecordId;
}

export function useSession(session: RecordId): { readonly data: SessionData | null; readonly error: unknown } {
  const client = useClient();
  const { generation } = useConnection();
  const [view, setView] = useState<SessionView | null>(null);
  /** The newest view at once, also before it is drawn: what takes something back must see what it takes back. */
  const newest = useRef<SessionView | null>(null);
  const update = useCallback((next: (before: SessionView) => SessionView) => {
    if (newest.current === null) return;
    newest.current = next(newest.current);
    setView(newest.current);
  }, []);
  const [error, setError] = useState<unknown>(null);
  const [onTheWay, setOnTheWay] = useState<readonly LineOnTheWay[]>([]);
  const forgetSent = useCallback((ids: ReadonlySet<string>) => {
    setOnTheWay((lines) =>
      lines.some(({ call }) => ids.has(call.id)) ? lines.filter(({ call }) => !ids.has(call.id)) : lines,
    );
  }, []);
  const waiting = useRef<readonly LineOnTheWay[]>([]);
  waiting.current = onTheWay;

  const load = useCallback(() => {
    client.room.open({ session }).then(
      (next) => {
        setError(null);
        newest.current = next;
        setView(next);
      },
      (reason: unknown) => setError(reason),
    );
  }, [client, session]);

  useEffect(
    () =>
      client.room.on('changed', (news) => {
        if (news.session !== session) return;
        update((before) => withNews(before, news));
        // What is told is on the disk: the answer to its call need not be waited for.
        forgetSent(new Set(news.entries.map(({ id }) => id)));
      }),
    [client, session, update, forgetSent],
  );

  const send = useCallback(
    (call: LogCall) => {
      showSaveState({ kind: 'saving' });
      client.room.log(call).then(
        ({ entry, savedAt }) => {
          update((before) => withNews(before, { entries: [entry] }));
          forgetSent(new Set([call.id]));
          showSaveState({ kind: 'saved', at: savedAt });
        },
        (reason: unknown) => {
          setOnTheWay((lines) => lines.map((line) => (line.call.id === call.id ? { ...line, failed: true } : line)));
          showSaveState({ kind: 'failed', error: reason });
        },
      );
    },
    [client, update, forgetSent],
  );

  const retry = useCallback(() => {
    const failed = waiting.current.filter((line) => line.failed);
    setOnTheWay((lines) => lines.map((line) => ({ ...line, failed: false })));
    // In the order in which they were typed: that is their order in the log.
    for (const { call } of failed) send(call);
  }, [send]);

  useEffect(() => {
    if (generation === 0) return;
    load();
    retry();
  }, [generation, load, retry]);

  const seats = JSON.stringify(view?.head.seats ?? {});
  const language = view?.head.summary.language ?? 'en';
  const directory = useMemo(
    () => roomDirectory(JSON.parse(seats) as SessionView['head']['seats'], language),
    [seats, language],
  );
  const queue = JSON.stringify(view?.head.queue ?? []);
  const completer = useMemo(
    () =>
      createCompleter({
        directory,
        language,
        seated: new Set(Object.keys(JSON.parse(seats) as object)),
        queue: JSON.parse(queue) as string[],
      }),
    [directory, language, seats, queue],
  );

  const offsets = useOffsets(view);
  const unsaved = useMemo(() => new Map(onTheWay.map(({ call, failed }) => [call.id, failed])), [onTheWay]);
  const [growing] = useState(createGrowingLog);
  const data = useMemo((): SessionData | null => {
    if (view === null) return null;
    const entries = withLinesOnTheWay(view, onTheWay);
    const interventions = growing(entries, view.joins, offsets);
    const lastOwn = lastOf(entries, view.idPrefix);
    const last = lastOwn ?? interventions.at(-1)?.lead ?? null;
    const carried: Place =
      last === null
        ? { ...nowhere, document: view.head.texts[0]?.document ?? null }
        : { item: last.item, document: last.document ?? view.head.texts[0]?.document ?? null, label: last.label };
    return {
      view: { ...view, entries },
      directory,
      completer,
      interventions,
      lastOwn,
      carried,
      unsaved,
      log(line, read, at, spokenMs) {
        const prefix = view.idPrefix;
        const call: LogCall = {
          session,
          id: newId(prefix),
          entry: entryOf(line, read, at, spokenMs),
          proposal: read.proposal && { id: newId(prefix), ...read.proposal },
          mark: read.mark && { id: newId(prefix), ...read.mark },
        };
        setOnTheWay((lines) => [...lines, { call, failed: false }]);
        send(call);
        const spoke = call.entry.speaker.id;
        if (spoke !== '' && view.head.queue.includes(spoke)) {
          const fields = { queue: view.head.queue.filter((id) => id !== spoke) };
          client.room
            .change({
              session,
              changes: [{ op: 'setHeader', fields, heads: { queue: view.head.heads['queue'] ?? [] } }],
            })
            .catch(toastError);
        }
      },
      async change(...changes) {
        showSaveState({ kind: 'saving' });
        try {
          const { savedAt } = await client.room.change({ session, changes });
          showSaveState({ kind: 'saved', at: savedAt });
        } catch (reason) {
          showSaveState({ kind: 'failed', error: reason });
          throw reason;
        }
      },
      retry,
      newId: () => newId(view.idPrefix),
      newest: () => newest.current ?? view,
    };
  }, [view, onTheWay, unsaved, offsets, directory, completer, session, client, send, retry, growing]);
  return { data, error };
}

/** What is to be added to each device's clock; the same map until one of them is set anew. */
function useOffsets(view: SessionView | null): ReadonlyMap<string, number> {
  const told = JSON.stringify(view === null ? [] : [...offsetsOf(view)]);
  return useMemo(() => new Map(JSON.parse(told) as [string, number][]), [told]);
}

/** A line that is corrected is read where it was logged: `>` in it is the paragraph after the line before it. */
export function lineContext(data: SessionData, labels: readonly string[], correcting: EntryView | null): LineContext {
  const { completer, view } = data;
  const carried = correcting === null ? data.carried : (placeBefore(correcting, view.entries) ?? data.carried);
  return { completer, carried, labels, items: view.head.agenda };
}

function placeBefore({ device, n, document }: EntryView, entries: readonly EntryView[]): Place | null {
  const before = entries.reduce<EntryView | null>(
    (last, each) =>
      each.device === device && !each.removed && each.n < n && (last === null || each.n > last.n) ? each : last,
    null,
  );
  if (before === null) return { ...nowhere, document };
  return { item: before.item, document: before.document ?? document, label: before.label };
}
