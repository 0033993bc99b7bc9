/** `workbench session`: sessions logged, merged and put out from a terminal. */
import { randomBytes } from 'node:crypto';
import { resolve } from 'node:path';
import type { WorkbenchClient } from '../../shared/contract/contract.ts';
import { WorkbenchError } from '../../shared/contract/errors.ts';
import { roomOutputs, type RoomAudience, type RoomFormat } from '../../shared/contract/room.ts';
import type { SessionView } from '../../shared/contract/room/session.ts';
import { base32, type RecordId } from '../../shared/ids.ts';
import { createCompleter } from '../../shared/room/completion.ts';
import { entryOf, readLine } from '../../shared/room/input-line.ts';
import { nowhere } from '../../shared/room/places.ts';
import { roomDirectory } from '../../shared/room/room-directory.ts';
import { differencesOf } from '../../shared/room/session-time.ts';
import { UsageError, type CommandLine } from './arguments.ts';
import { findCircle } from './find.ts';
import type { CommandResult } from './run-command.ts';

const option = (line: CommandLine, name: string): string | undefined => line.options[name] as string | undefined;

function oneOf<T extends string>(value: string | undefined, known: readonly T[], name: string): T {
  if (!known.includes(value as T)) throw new UsageError(`--${name} is one of ${known.join(', ')}`);
  return value as T;
}

/** By id, its end after the dot, or title. */
async function findSession(client: WorkbenchClient, wanted: string): Promise<RecordId> {
  const sessions = (await client.room.list({})).sessions.filter(({ removed }) => !removed);
  const byId = sessions.filter(
    ({ id }) => id === wanted || (wanted.length >= 6 && id.slice(id.indexOf('.') + 1).startsWith(wanted)),
  );
  const found = byId.length > 0 ? byId : sessions.filter(({ title }) => title.toLowerCase() === wanted.toLowerCase());
  if (found.length === 0)
    throw new WorkbenchError('not-found', `There is no session ${wanted}. See: workbench session list`);
  if (found.length > 1) {
    const names = found.map(({ id, title }) => `${id} ${title}`).join(', ');
    throw new WorkbenchError('name-ambiguous', `${wanted} names ${found.length} sessions (${names}). Use an id.`);
  }
  return found[0]!.id;
}

export async function newSession(client: WorkbenchClient, line: CommandLine): Promise<CommandResult> {
  const circle = option(line, 'circle');
  const language = option(line, 'language');
  const made = await client.room.create({
    title: option(line, 'title')!,
    timeZone: option(line, 'time-zone') ?? new Intl.DateTimeFormat().resolvedOptions().timeZone,
    ...(language ? { language: oneOf(language, ['ar', 'zh', 'en', 'fr', 'ru', 'es'] as const, 'language') } : {}),
    ...(circle ? { circle: await findCircle(client, circle) } : {}),
  });
  return { json: made, lines: [`${made.id}  ${made.title}  ${made.timeZone}`] };
}

export async function listSessions(client: WorkbenchClient): Promise<CommandResult> {
  const sessions = (await client.room.list({})).sessions.filter(({ removed }) => !removed);
  return {
    json: { sessions },
    lines: sessions.map(({ id, title, circleName, entries }) => `${id}  ${title}  (${circleName}, ${entries} lines)`),
  };
}

export async function logLine(client: WorkbenchClient, line: CommandLine): Promise<CommandResult> {
  const [wanted, ...words] = line.words;
  const session = await findSession(client, wanted!);
  const at = timeOf(option(line, 'at'));
  const view = await client.room.open({ session });
  const typed = words.join(' ');
  const read = readLine(typed, await contextOf(client, view));
  const newId = (): RecordId => `${view.idPrefix}.${base32(randomBytes(7)).slice(0, 10)}` as RecordId;
  const { entry } = await client.room.log({
    session,
    id: newId(),
    entry: entryOf(typed, read, at, null),
    proposal: read.proposal && { id: newId(), ...read.proposal },
    mark: read.mark && { id: newId(), ...read.mark },
  });
  const said = [entry.speaker.id || entry.speaker.typed, entry.label, entry.position, entry.note].filter(Boolean);
  return { json: entry, lines: [`${entry.id}  ${said.join(', ')}${entry.toCheck ? '  (to check)' : ''}`] };
}

function timeOf(text: string | undefined): number {
  if (text === undefined) return Date.now();
  const at = Date.parse(text);
  if (Number.isNaN(at)) throw new UsageError('--at is a time like 2026-11-25T10:31:08+01:00');
  return at;
}

async function contextOf(client: WorkbenchClient, view: SessionView) {
  const { head } = view;
  const directory = roomDirectory(head.seats, head.summary.language);
  const seated = new Set(Object.keys(head.seats));
  const completer = createCompleter({ directory, language: head.summary.language, seated, queue: head.queue });
  const own = view.entries.filter(({ device, removed }) => device === view.idPrefix && !removed);
  const last = own.toSorted((a, b) => a.n - b.n).at(-1);
  const document = last?.document ?? head.texts[0]?.document ?? null;
  const units = document === null ? [] : (await client.library.open({ document })).units;
  return {
    completer,
    carried: last === undefined ? { ...nowhere, document } : { item: last.item, document, label: last.label },
    labels: units
      .filter(({ kind, label }) => label !== '' && kind !== 'footnote' && kind !== 'heading')
      .map(({ label }) => label),
    items: head.agenda,
  };
}

export async function mergeLogs(client: WorkbenchClient, line: CommandLine): Promise<CommandResult> {
  const [wanted, ...files] = line.words;
  const session = await findSession(client, wanted!);
  const taken = [];
  for (const file of files) {
    const { grant } = await client.files.grantPath({ path: resolve(file) });
    taken.push({ file, ...(await client.room.importLog({ session, file: grant })) });
  }
  const { clocks } = await client.room.compare({ session });
  const before = await client.room.open({ session });
  const unset = clocks.filter(
    ({ device }) => before.head.clocks.find((clock) => clock.device === device)?.offsetMs === null,
  );
  if (unset.length > 0) {
    // As a person's decision it stands in the log and can be changed; without a clock nothing can be joined.
    const changes = unset.map(({ device, offsetMs }) => {
      return { op: 'setClock' as const, device, offsetMs, heads: before.head.heads[`clock:${device}`] ?? [] };
    });
    await client.room.change({ session, changes });
  }
  const { offers } = await client.room.compare({ session });
  const byId = new Map(before.entries.map((entry) => [entry.id, entry]));
  const agreeing = offers.filter(
    ({ entries }) => differencesOf(entries.flatMap((id) => byId.get(id) ?? [])).length === 0,
  );
  if (agreeing.length > 0) {
    const changes = agreeing.map(({ entries }) => ({ op: 'join' as const, entries, apart: false }));
    await client.room.change({ session, changes });
  }
  const left = offers.length - agreeing.length;
  return {
    json: { taken, clocks: unset, joined: agreeing.length, toDecide: left },
    lines: [
      ...taken.map(({ file, from, added, known }) => `${file}  ${from}: ${added} lines taken in, ${known} known`),
      ...unset.map(
        ({ offsetMs, spreadMs, shared }) =>
          `Clock set: ${Math.round(offsetMs / 1000)} s, give or take ${Math.round(spreadMs / 1000)} s, by ${shared} interventions`,
      ),
      `${agreeing.length} interventions joined`,
      ...(left > 0 ? [`${left} pairs do not agree: decide in the room`] : []),
    ],
  };
}

export async function exportSession(client: WorkbenchClient, line: CommandLine): Promise<CommandResult> {
  const out = resolve(option(line, 'out')!);
  const format = oneOf(option(line, 'format'), ['docx', 'html', 'md', 'csv', 'log'] as const, 'format');
  const session = await findSession(client, line.words[0]!);
  const made =
    format === 'log'
      ? { ...(await client.room.exportLog({ session })), remarks: [] }
      : await client.room.export({
          session,
          format: format satisfies RoomFormat,
          output: oneOf(option(line, 'output') ?? 'minutes', roomOutputs, 'output'),
          audience: oneOf<RoomAudience>(
            option(line, 'for') ?? 'delegations',
            ['note-takers', 'delegations', 'public'],
            'for',
          ),
        });
  await client.files.writeTo({ file: made.file, path: out });
  return { json: { out, sizeBytes: made.sizeBytes, remarks: made.remarks }, lines: [out, ...made.remarks] };
}
