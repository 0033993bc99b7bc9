import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { EntryView } from '../../../shared/contract/room/log.ts';
import type { RoomChange } from '../../../shared/contract/room/changes.ts';
import type { SessionView } from '../../../shared/contract/room/session.ts';
import type { CircleId, RecordId } from '../../../shared/ids.ts';
import { createCompleter } from '../../../shared/room/completion.ts';
import { entryOf, readLine, type LineContext } from '../../../shared/room/input-line.ts';
import { nowhere } from '../../../shared/room/places.ts';
import { roomDirectory } from '../../../shared/room/room-directory.ts';
import { createTempWorkbench, type TempWorkbench } from '../../../test/fakes/temp-workbench.ts';
import { agendaText, draftText, ownSeats } from '../../../test/fixtures/session/script.ts';

let bench: TempWorkbench;
beforeEach(async () => {
  bench = await createTempWorkbench({ name: 'Nadia', delegation: 'Region AB' });
});
afterEach(() => bench.dispose());

const began = Date.UTC(2026, 10, 25, 9, 30);
let counter = 0;
const idFor = (view: SessionView): RecordId =>
  `${view.idPrefix}.${[...(counter += 1).toString(26).padStart(10, '0')].map((digit) => 'abcdefghijklmnopqrstuvwxyz'[parseInt(digit, 26)]).join('')}` as RecordId;

async function prepare(circle?: CircleId): Promise<SessionView> {
  const { room } = bench.client;
  const { id } = await room.create({
    title: 'Preparatory meeting, second session',
    body: 'Working Group',
    place: 'Room XII',
    timeZone: 'Europe/Zurich',
    ...(circle === undefined ? {} : { circle }),
  });
  const document = await bench.read({ name: 'rev2.txt', text: draftText });
  const { items } = await room.readAgenda({ text: agendaText });
  await room.change({
    session: id,
    changes: [
      ...ownSeats.map(({ delegation, seat }): RoomChange => ({ op: 'setSeat', delegation, seat, heads: [] })),
      { op: 'addItems', items, after: null },
      {
        op: 'setText',
        document: document.summary.id,
        text: { title: 'Draft text', version: 'Rev. 2', order: 0 },
        heads: [],
      },
      { op: 'setLimit', capacity: 'national', seconds: 180, heads: [] },
    ],
  });
  return room.open({ session: id });
}

const contexts = new Map<RecordId, LineContext>();

function contextOf(view: SessionView): LineContext {
  const known = contexts.get(view.head.summary.id);
  if (known !== undefined) return known;
  const made = makeContext(view);
  contexts.set(view.head.summary.id, made);
  return made;
}

function makeContext(view: SessionView): LineContext {
  const { head } = view;
  const directory = roomDirectory(head.seats, 'en');
  const completer = createCompleter({ directory, language: 'en', seated: new Set(Object.keys(head.seats)), queue: [] });
  return {
    completer,
    carried: { ...nowhere, item: head.agenda[2]!.id, document: head.texts[0]!.document },
    labels: ['9', '10', '11', '11 bis', '12'],
    items: head.agenda,
  };
}

async function log(view: SessionView, line: string, at = began): Promise<EntryView> {
  const read = readLine(line, contextOf(view));
  const { entry } = await bench.client.room.log({
    session: view.head.summary.id,
    id: idFor(view),
    entry: entryOf(line, read, at, null),
    proposal: read.proposal && { id: idFor(view), ...read.proposal },
    mark: read.mark && { id: idFor(view), ...read.mark },
  });
  return entry;
}

const reopen = (view: SessionView): Promise<SessionView> => bench.client.room.open({ session: view.head.summary.id });

describe('preparing a session', () => {
  it('keeps agenda, texts, seats and limits', async () => {
    const { head } = await prepare();
    expect(head.agenda.map(({ number, title }) => `${number} ${title}`)).toEqual([
      '1 Opening of the meeting',
      '2 Adoption of the agenda',
      '3 Infrastructure and access',
      '4 Data and openness',
      '5 Other business',
    ]);
    expect(head.texts).toMatchObject([{ title: 'Draft text', version: 'Rev. 2', missing: false, language: 'en' }]);
    expect(head.seats['GROUP-G']).toMatchObject({ members: ['XB', 'XC', 'XE'] });
    expect(head.limits).toEqual({ national: 180 });
    expect(head.summary).toMatchObject({ timeZone: 'Europe/Zurich', entries: 0, language: 'en' });
  });

  it('reads an agenda from a document on the shelf', async () => {
    const document = await bench.read({ name: 'agenda.txt', text: agendaText });
    const { items } = await bench.client.room.readAgenda({ document: document.summary.id });
    expect(items.map(({ number }) => number)).toEqual(expect.arrayContaining(['1', '2', '3', '4', '5']));
  });

  it('refuses a time zone that nobody knows, and says how they are written', async () => {
    await expect(bench.client.room.create({ title: 'T', timeZone: 'Mars/Olympus' })).rejects.toMatchObject({
      code: 'invalid-input',
    });
  });

  it('changes the agenda while the session runs, and entries stay with their items', async () => {
    const view = await prepare();
    const entry = await log(view, 'XA 11 support');
    const [first, second, third] = view.head.agenda;
    await bench.client.room.change({
      session: view.head.summary.id,
      changes: [
        { op: 'addItems', items: [{ number: '2 bis', title: 'A late item' }], after: second!.id },
        { op: 'changeItem', item: third!.id, fields: { number: '3 bis' }, heads: third!.heads },
        { op: 'remove', record: first!.id, allHeads: first!.allHeads },
      ],
    });
    const after = await reopen(view);
    expect(after.head.agenda.map(({ number }) => number)).toEqual(['2', '2 bis', '3 bis', '4', '5']);
    expect(after.entries.find(({ id }) => id === entry.id)!.item).toBe(third!.id);
    await bench.client.room.change({
      session: view.head.summary.id,
      changes: [{ op: 'moveItem', item: third!.id, after: null, heads: after.head.agenda[2]!.heads['place']! }],
    });
    expect((await reopen(view)).head.agenda.map(({ number }) => number)).toEqual(['3 bis', '2', '2 bis', '4', '5']);
  });
});

describe('logging', () => {
  it('keeps a line with the proposal and the mark that came of it', async () => {
    const view = await prepare();
    await log(view, 'XB for group G 11 amend “as soon as possible”');
    await log(view, 'chair 11 parked XF until Thursday');
    const after = await reopen(view);
    expect(after.entries).toHaveLength(2);
    expect(after.proposals).toMatchObject([
      { by: 'XB', behalf: ['GROUP-G'], kind: 'MOD', text: 'as soon as possible', label: '11', confirmed: false },
    ]);
    expect(after.marks).toMatchObject([{ mark: 'parked', facilitator: 'XF', until: 'Thursday', label: '11' }]);
    expect(after.proposals[0]!.entry).toBe(after.entries.find(({ position }) => position === 'amend')!.id);
  });

  it('keeps lines in the order in which they came, also those that come faster than the disk', async () => {
    const view = await prepare();
    const lines = Array.from({ length: 40 }, (_, index) => log(view, `XA 11 support remark ${index}`, began - index));
    await Promise.all(lines);
    const after = await reopen(view);
    const sorted = after.entries.toSorted((a, b) => a.n - b.n);
    expect(sorted.map(({ n }) => n)).toEqual(Array.from({ length: 40 }, (_, index) => index + 1));
    expect(sorted.map(({ note }) => note)).toEqual(Array.from({ length: 40 }, (_, index) => `remark ${index}`));
  });

  it('takes the same line once, however often it is sent', async () => {
    const view = await prepare();
    const id = idFor(view);
    const read = readLine('XA 11 s', contextOf(view));
    const call = { session: view.head.summary.id, id, entry: entryOf('XA 11 s', read, began, null) };
    const answers = await Promise.all([1, 2, 3].map(() => bench.client.room.log(call)));
    answers.push(await bench.client.room.log(call));
    const after = await reopen(view);
    expect(after.entries).toHaveLength(1);
    expect(after.entries[0]).toMatchObject({ n: 1, conflicts: [] });
    expect(new Set(answers.map(({ entry }) => entry.n))).toEqual(new Set([1]));
  });

  it('keeps what was pasted whole, to 10,000 characters and beyond', async () => {
    const view = await prepare();
    const pasted = `XA s ${'слово “цитата” 词 '.repeat(600)}`;
    const entry = await log(view, pasted);
    expect(entry.line).toBe(pasted);
    expect((await reopen(view)).entries[0]!.note).toBe(pasted.slice(5).trim());
  });

  it('corrects a line, completes one to be checked, takes one out and brings it back', async () => {
    const view = await prepare();
    const entry = await log(view, 'Wakanda 12 support');
    expect(entry).toMatchObject({ toCheck: true, speaker: { id: '', typed: 'Wakanda' } });
    const session = view.head.summary.id;
    await bench.client.room.change({
      session,
      changes: [
        {
          op: 'correct',
          entry: entry.id,
          fields: { speaker: { id: 'XA', typed: 'Wakanda' }, toCheck: false },
          heads: entry.heads,
        },
      ],
    });
    const [corrected] = (await reopen(view)).entries;
    expect(corrected).toMatchObject({
      speaker: { id: 'XA' },
      toCheck: false,
      corrected: true,
      line: 'Wakanda 12 support',
    });
    const changes: RoomChange[] = [{ op: 'remove', record: entry.id, allHeads: corrected!.allHeads }];
    await bench.client.room.change({ session, changes });
    expect((await reopen(view)).entries[0]!.removed).toBe(true);
    await bench.client.room.change({ session, changes: [{ op: 'restore', record: entry.id }] });
    expect((await reopen(view)).entries[0]!.removed).toBe(false);
  });

  it('keeps the line that is being typed until it is logged, over a restart', async () => {
    const view = await prepare();
    const session = view.head.summary.id;
    await bench.client.room.keepLine({ session, line: { line: 'XE 11 bis support with “open', at: began } });
    bench = await bench.reopen();
    expect((await reopen(view)).unfinished).toEqual({ line: 'XE 11 bis support with “open', at: began });
    await log(view, 'XE 11 bis support with “open formats”', began);
    expect((await reopen(view)).unfinished).toBeNull();
  });

  it('[RM28] keeps instants when the session’s time zone is changed in its middle', async () => {
    const view = await prepare();
    const entry = await log(view, 'XA 11 s', began);
    const heads = { timeZone: view.head.heads['timeZone']! };
    const fields = { timeZone: 'America/New_York' };
    await bench.client.room.change({ session: view.head.summary.id, changes: [{ op: 'setHeader', fields, heads }] });
    const after = await reopen(view);
    expect(after.head.summary.timeZone).toBe('America/New_York');
    expect(after.entries.find(({ id }) => id === entry.id)!.at).toBe(began);
    const exported = await bench.client.room.export({
      session: view.head.summary.id,
      output: 'verbatim',
      format: 'csv',
      audience: 'note-takers',
    });
    const { bytes } = await bench.workbench.grants.readFile(exported.file);
    expect(new TextDecoder().decode(bytes)).toContain('04:30:00');
  });

  it('tells other windows of every line', async () => {
    const view = await prepare();
    const told: string[] = [];
    bench.client.room.on('changed', ({ entries }) => void told.push(...entries.map(({ note }) => note)));
    await log(view, 'XA 11 s one');
    await log(view, 'XB 11 s two');
    await expect.poll(() => told).toEqual(['one', 'two']);
  });
});

describe('several logs of one session', () => {
  it('[RM33] takes in another machine’s log once, under its maker’s name and in its order', async () => {
    const view = await prepare();
    await log(view, 'XA 11 support mine', began);
    const other = await createTempWorkbench({ name: 'Omar', delegation: 'Region AB' });
    try {
      const session = view.head.summary.id;
      const mine = await bench.client.room.exportLog({ session });
      const { bytes } = await bench.workbench.grants.readFile(mine.file);
      const there = await other.client.room.importLog({
        session: null,
        file: other.workbench.grants.forBytes(mine.name, bytes),
      });
      expect(there).toMatchObject({ added: 1, known: 0, from: 'Nadia' });
      const theirs = await other.client.room.open({ session: there.session });
      expect(theirs.head.agenda).toHaveLength(5);
      expect(theirs.entries[0]).toMatchObject({ takenBy: 'Nadia', note: 'mine', item: theirs.head.agenda[2]!.id });

      const line = 'XB 11 bis amend “in writing”';
      const read = readLine(line, contextOf(theirs));
      await other.client.room.log({
        session: there.session,
        id: idFor(theirs),
        entry: entryOf(line, read, began + 90_000, null),
        proposal: read.proposal && { id: idFor(theirs), ...read.proposal },
      });
      const back = await other.client.room.exportLog({ session: there.session });
      const file = await other.workbench.grants.readFile(back.file);
      const takeIn = () =>
        bench.client.room.importLog({ session, file: bench.workbench.grants.forBytes(back.name, file.bytes) });
      expect(await takeIn()).toMatchObject({ added: 1, known: 1 });
      expect(await takeIn()).toMatchObject({ added: 0, known: 2 });
      const after = await reopen(view);
      expect(after.entries).toHaveLength(2);
      expect(after.proposals).toMatchObject([{ text: 'in writing', by: 'XB' }]);
      expect(after.head.clocks.map(({ name, mine: own }) => [name, own]).sort()).toEqual([
        ['Nadia', true],
        ['Omar', false],
      ]);
      expect(after.entries.find(({ takenBy }) => takenBy === 'Omar')!.device).not.toBe(view.idPrefix);
    } finally {
      await other.dispose();
    }
  });

  it('[RM33] takes in what was set by hand, once, also where the lines are here already', async () => {
    const view = await prepare();
    const session = view.head.summary.id;
    await log(view, 'XB 11 amend “in writing”');
    const [, , third] = view.head.agenda;
    const other = await createTempWorkbench({ name: 'Omar', delegation: 'Region AB' });
    const carry = async (): Promise<Uint8Array> => {
      const { file } = await bench.client.room.exportLog({ session });
      return (await bench.workbench.grants.readFile(file)).bytes;
    };
    try {
      const takeIn = async (into: RecordId | null) =>
        other.client.room.importLog({
          session: into,
          file: other.workbench.grants.forBytes('a.dwsession', await carry()),
        });
      const there = (await takeIn(null)).session;
      const { document } = view.head.texts[0]!;
      const mark = { entry: null, document, item: null, facilitator: '', until: '', heads: {} };
      const [proposal] = (await reopen(view)).proposals;
      await bench.client.room.change({
        session,
        changes: [
          { op: 'setMark', id: idFor(view), ...mark, label: '11', mark: 'agreed' },
          { op: 'setMark', id: idFor(view), ...mark, label: '', item: third!.id, mark: 'open' },
          { op: 'setStance', proposal: proposal!.id, delegation: 'XD', stance: 'oppose', heads: [] },
          { op: 'remove', record: third!.id, allHeads: third!.allHeads },
        ],
      });
      expect(await takeIn(there)).toMatchObject({ added: 0, known: 1 });
      expect(await takeIn(there)).toMatchObject({ added: 0, known: 1 });
      const theirs = await other.client.room.open({ session: there });
      expect(theirs.marks.map((each) => [each.label, each.mark]).sort()).toEqual([
        ['', 'open'],
        ['11', 'agreed'],
      ]);
      expect(theirs.marks.find(({ label }) => label === '')!.item).toBe(theirs.head.agenda[2]!.id);
      // A new session gets the stance and the item that was taken off, with what was said under it.
      const fresh = await other.client.room.open({ session: (await takeIn(null)).session });
      expect(fresh.proposals).toMatchObject([{ stances: { XD: 'oppose' } }]);
      expect(fresh.head.formerItems.map(({ id }) => id)).toEqual([fresh.entries[0]!.item]);
    } finally {
      await other.dispose();
    }
  });

  it.each([
    ['an empty file', '{}', 'file-damaged'],
    ['something else', 'not json', 'file-damaged'],
    ['a newer version', '{"format":"delegate-workbench-session","version":2}', 'file-kind-unsupported'],
  ])('takes nothing out of %s', async (_, text, code) => {
    const view = await prepare();
    const file = bench.workbench.grants.forBytes('x.dwsession', new TextEncoder().encode(text));
    await expect(bench.client.room.importLog({ session: view.head.summary.id, file })).rejects.toMatchObject({ code });
    expect((await reopen(view)).entries).toEqual([]);
  });

  it('joins and keeps apart, and takes both back', async () => {
    const view = await prepare();
    const session = view.head.summary.id;
    const [a, b] = [await log(view, 'XA 11 s one'), await log(view, 'XA 11 s two')];
    await bench.client.room.change({ session, changes: [{ op: 'join', entries: [b.id, a.id], apart: false }] });
    const [join] = (await reopen(view)).joins;
    expect(join).toMatchObject({ entries: [a.id, b.id].sort(), apart: false, removed: false });
    await bench.client.room.change({
      session,
      changes: [{ op: 'remove', record: join!.id, allHeads: join!.allHeads }],
    });
    expect((await reopen(view)).joins[0]!.removed).toBe(true);
  });
});

describe('putting out', () => {
  it('writes a summary into a draft that can be edited', async () => {
    const view = await prepare();
    await log(view, 'XA 11 support as drafted');
    await log(view, 'XD 11 oppose “a goal without a date is a wish”');
    await log(view, 'chair 11 parked XF until Thursday');
    const { draft, words } = await bench.client.room.summarise({ session: view.head.summary.id });
    const opened = await bench.client.drafts.open({ draft });
    const text = opened.blocks
      .map(({ content }) => content.map((item) => ('s' in item ? item.s : '')).join(''))
      .join('\n');
    expect(text).toContain('“a goal without a date is a wish”');
    expect(text).toContain('Left to a small group');
    expect(words).toBeGreaterThan(20);
    expect(opened.mayEdit).toBe(true);
  });

  it('brings a session into a wider circle without naming the narrower one', async () => {
    const view = await prepare();
    await log(view, 'XA 11 support as drafted');
    const wide = await bench.shareCircle('Region');
    const made = await bench.client.room.widen({ session: view.head.summary.id, circle: wide.id });
    const copy = await bench.client.room.open({ session: made.id });
    expect(copy.entries).toMatchObject([{ note: 'as drafted', speaker: { id: 'XA' } }]);
    expect(copy.head.texts).toHaveLength(1);
    const said = JSON.stringify(copy);
    expect(said).not.toContain(view.idPrefix);
    expect(said).not.toContain(view.head.summary.circle);
  });

  it.each(['docx', 'html', 'md', 'csv'] as const)('writes the minutes as %s', async (format) => {
    const view = await prepare();
    await log(view, 'XA 11 support as drafted');
    const made = await bench.client.room.export({
      session: view.head.summary.id,
      output: 'minutes',
      format,
      audience: 'delegations',
    });
    expect(made.name).toBe(`Preparatory meeting second session Minutes.${format}`);
    const { bytes } = await bench.workbench.grants.readFile(made.file);
    expect(bytes.length).toBe(made.sizeBytes);
    if (format !== 'docx') expect(new TextDecoder().decode(bytes)).toContain('Delegation XA');
  });
});
