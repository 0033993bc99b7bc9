import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { logEntry, noteTaker, sessionBegan } from '../../test/fakes/log-entry.ts';
import type { EntryView, JoinView, MarkView, ProposalView } from '../contract/room/log.ts';
import { createDirectory } from '../delegations/directory.ts';
import { unLanguages } from '../i18n/messages.ts';
import type { RecordId } from '../ids.ts';
import { readAgenda } from './agenda.ts';
import { createCompleter } from './completion.ts';
import { writeCsv } from './csv.ts';
import { estimateClocks, offerDuplicates } from './duplicates.ts';
import { readQueue } from './queue.ts';
import { differencesOf, inSessionOrder, interventionsOf } from './session-time.ts';
import { evidenceOf, markAt, openMatters, promisesIn, proposalStanding, standingsAt } from './standings.ts';
import { heldMs, readTimer, speakingTimes } from './timing.ts';

const deviceA = 'a'.repeat(26);
const deviceB = 'b'.repeat(26);

const by = (id: string): EntryView['speaker'] => ({ id, typed: id });
const join = (entries: RecordId[], apart = false): Pick<JoinView, 'entries' | 'apart' | 'removed'> => {
  return { entries, apart, removed: false };
};

describe('completing names', () => {
  const directory = createDirectory();
  const states = directory.all.filter(({ kind }) => kind === 'state');

  it('[RM15] puts every member of the United Nations first after its three letters', () => {
    const completer = createCompleter({ directory, language: 'en', seated: new Set(), queue: [] });
    const late = states.filter(({ id }) => completer.suggest(id.toLowerCase())[0]?.delegation.id !== id);
    expect(late.map(({ id }) => id)).toEqual([]);
  });

  it('[RM15] has everybody of a room of thirty among the first three, by three letters in any language', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray(states, { minLength: 30, maxLength: 30 }), (room) => {
        const completer = createCompleter({
          directory,
          language: 'en',
          seated: new Set(room.map(({ id }) => id)),
          queue: [],
        });
        for (const { id, names } of room) {
          for (const { code } of unLanguages) {
            const typed = [...names[code]!].slice(0, 3).join('');
            // Several of a room may begin alike: as many as there are stand before the others.
            const alike = room.filter((other) => {
              const key = typed.toLowerCase();
              return [...Object.values(other.names), ...other.aliases, ...other.codes].some((name) =>
                name.toLowerCase().startsWith(key),
              );
            }).length;
            const at = completer.suggest(typed, 30).findIndex(({ delegation }) => delegation.id === id);
            expect(at, `${typed} for ${id}`).toBeGreaterThanOrEqual(0);
            expect(at, `${typed} for ${id}`).toBeLessThan(Math.max(3, alike + 2));
          }
        }
      }),
      { numRuns: 5 },
    );
  });

  it('[RM15] puts who waits for the floor before who is in the room', () => {
    const seated = new Set(['NGA', 'NER', 'NIC']);
    const completer = createCompleter({ directory, language: 'en', seated, queue: ['NER'] });
    expect(completer.suggest('ni').map(({ delegation }) => delegation.id)[1]).toBe('NER');
    expect(completer.suggest('nig')[0]!.delegation.id).toBe('NER');
  });

  it('[RM16] reads the queue of speakers', () => {
    const completer = createCompleter({ directory, language: 'en', seated: new Set(), queue: [] });
    expect(readQueue('= fra, Kenya, Friends of the lake', completer)).toEqual(['FRA', 'KEN', 'Friends of the lake']);
    expect(readQueue('=fra ken deu', completer)).toEqual(['FRA', 'KEN', 'DEU']);
    expect(readQueue('=', completer)).toEqual([]);
    expect(readQueue('fra s', completer)).toBeNull();
  });
});

describe('the order of a session', () => {
  const logs = fc.array(
    fc.record({ device: fc.constantFrom(deviceA, deviceB), seconds: fc.integer({ min: -5000, max: 5000 }) }),
    { maxLength: 40 },
  );
  const entriesOf = (made: readonly { device: string; seconds: number }[]): EntryView[] =>
    made.map(({ device, seconds }, index) => logEntry(device, index + 1, seconds));

  it('[RM17] [RM18] keeps each device’s order and depends on no order of arrival, whatever the clocks', () => {
    fc.assert(
      fc.property(logs, fc.integer({ min: -100_000, max: 100_000 }), fc.nat(), (made, offset, turn) => {
        const entries = entriesOf(made);
        const offsets = new Map([[deviceB, offset]]);
        const ordered = inSessionOrder(entries, offsets);
        for (const device of [deviceA, deviceB]) {
          const places = ordered.filter((each) => each.entry.device === device).map((each) => each.entry.n);
          expect(places).toEqual(places.toSorted((a, b) => a - b));
        }
        const times = ordered.map(({ time }) => time);
        expect(times).toEqual(times.toSorted((a, b) => a - b));
        const at = entries.length === 0 ? 0 : turn % entries.length;
        expect(inSessionOrder([...entries.slice(at), ...entries.slice(0, at)], offsets)).toEqual(ordered);
      }),
    );
  });

  it('[RM17] says where a clock was put back and keeps the lines where they were logged', () => {
    const ordered = inSessionOrder(
      [logEntry(deviceA, 1, 100), logEntry(deviceA, 2, -3500), logEntry(deviceA, 3, 120)],
      new Map(),
    );
    expect(ordered.map(({ entry: each, clockWentBack }) => [each.n, clockWentBack])).toEqual([
      [1, false],
      [2, true],
      [3, false],
    ]);
    expect(ordered[1]!.time).toBe(ordered[0]!.time);
  });

  it('[RM19] estimates how far two clocks are apart, among speakers who speak often', () => {
    fc.assert(
      fc.property(fc.integer({ min: -40_000, max: 40_000 }), fc.integer({ min: 0, max: 1e9 }), (seconds, seed) => {
        const random = (index: number): number => (Math.imul(index + seed, 2_654_435_761) >>> 8) / 2 ** 24;
        const positions = ['support', 'oppose', 'amend', 'question'] as const;
        const heard = Array.from({ length: 30 }, (_, index) => ({
          seconds: index * 60 + random(index) * 40,
          speaker: by(['XA', 'XB', 'XC', 'XD'][Math.floor(random(index + 99) * 4)]!),
          position: positions[Math.floor(random(index + 777) * 4)]!,
          label: String(10 + Math.floor(index / 6)),
        }));
        const a = heard.map(({ seconds: at, ...more }, index) => logEntry(deviceA, index + 1, at, more));
        const b = heard
          .filter((_, index) => index % 4 !== 3)
          .map(({ seconds: at, ...more }, index) =>
            logEntry(deviceB, index + 1, at - seconds + random(index + 5) * 6, more),
          );
        const [estimate] = estimateClocks([...a, ...b]);
        expect(estimate!.device).toBe(deviceB);
        expect(Math.abs(estimate!.offsetMs - seconds * 1000 + 3000)).toBeLessThan(5000);
      }),
      { numRuns: 60 },
    );
  });

  it('[RM19] says nothing of clocks that share too little', () => {
    expect(estimateClocks([logEntry(deviceA, 1, 0), logEntry(deviceB, 1, 0)])).toEqual([]);
  });

  it('[RM20] offers what was logged twice, once, and never what a person has settled', () => {
    const a = [logEntry(deviceA, 1, 0, { position: 'support' }), logEntry(deviceA, 2, 200, { speaker: by('XB') })];
    const b = [logEntry(deviceB, 1, 8, { position: 'support' }), logEntry(deviceB, 2, 900, { speaker: by('XB') })];
    const all = [...a, ...b];
    const offers = offerDuplicates(all, [], new Map());
    expect(offers.map(({ entries }) => entries)).toEqual([[a[0]!.id, b[0]!.id]]);
    expect(offerDuplicates(all, [join([b[0]!.id, a[0]!.id])], new Map())).toEqual([]);
    expect(offerDuplicates(all, [join([a[0]!.id, b[0]!.id], true)], new Map())).toEqual([]);
    expect(offerDuplicates(all, [], new Map([[deviceB, 3_600_000]]))).toEqual([]);
  });

  it('[RM21] makes one intervention of joined tellings, and says what they do not agree on', () => {
    const a = logEntry(deviceA, 1, 0, { position: 'support' });
    const b = logEntry(deviceB, 1, 5, { position: 'oppose' });
    const made = interventionsOf([b, a], [join([a.id, b.id])], new Map());
    expect(made).toHaveLength(1);
    expect(made[0]!.lead.id).toBe(a.id);
    expect(made[0]!.tellings.map(({ id }) => id)).toEqual([a.id, b.id]);
    expect(differencesOf(made[0]!.tellings)).toEqual(['position']);
    expect(interventionsOf([a, b], [join([a.id, b.id], true)], new Map())).toHaveLength(2);
  });
});

describe('speaking time', () => {
  it('[RM22] is what a stopped timer says, else until the next line', () => {
    const entries = [
      logEntry(deviceA, 1, 0, { spokenMs: 45_000 }),
      logEntry(deviceA, 2, 100, { speaker: by('XB') }),
      logEntry(deviceA, 3, 160, { speaker: { id: '', typed: '' } }),
      logEntry(deviceA, 4, 5000, { speaker: by('XC') }),
      logEntry(deviceA, 5, 9000),
    ];
    expect(heldMs(interventionsOf(entries, [], new Map()))).toEqual([45_000, 60_000, 0, 15 * 60_000, 0]);
  });

  it('[RM22] shows nothing below zero after a clock was put back, and the truth after a sleep', () => {
    const timer = { startedAt: sessionBegan, limitSeconds: 180 };
    expect(readTimer(timer, sessionBegan - 3_600_000)).toMatchObject({ elapsedMs: 0, state: 'running' });
    expect(readTimer(timer, sessionBegan + 160_000)).toMatchObject({ state: 'ending', leftMs: 20_000 });
    expect(readTimer(timer, sessionBegan + 3_600_000)).toMatchObject({ elapsedMs: 3_600_000, state: 'over' });
  });

  it('[RM23] is added up by delegation and by group', () => {
    const entries = [
      logEntry(deviceA, 1, 0, { behalf: ['GROUP-G'] }),
      logEntry(deviceA, 2, 60),
      logEntry(deviceA, 3, 90, { speaker: by('XB') }),
    ];
    const { delegations, groups } = speakingTimes(interventionsOf(entries, [], new Map()));
    expect(delegations).toEqual([
      { who: 'XA', ms: 90_000, interventions: 2 },
      { who: 'XB', ms: 0, interventions: 1 },
    ]);
    expect(groups).toEqual([{ who: 'GROUP-G', ms: 60_000, interventions: 1 }]);
  });
});

const proposal = (id: string, from: EntryView, more: Partial<ProposalView> = {}): ProposalView => ({
  id: id as RecordId,
  entry: from.id,
  document: null,
  label: from.label,
  kind: 'MOD',
  text: 'words',
  by: from.speaker.id,
  behalf: from.behalf as string[],
  confirmed: false,
  withdrawn: false,
  removed: false,
  stances: {},
  at: 0,
  author: noteTaker,
  versions: [],
  heads: {},
  allHeads: [],
  ...more,
});

const unmarked: MarkView = {
  id: 'm' as RecordId,
  entry: null,
  document: null,
  label: '',
  item: null,
  mark: 'open',
  facilitator: 'XF',
  until: 'Thursday',
  author: noteTaker,
  at: 0,
  removed: false,
  heads: {},
  allHeads: [],
};

describe('what follows from a log', () => {
  const place = { item: null, document: null, label: '11' };

  it('[RM24] a voice stands where it last said; withdrawing takes it away; chairs stand nowhere', () => {
    const entries = [
      logEntry(deviceA, 1, 0, { position: 'oppose' }),
      logEntry(deviceA, 2, 10, { position: 'support' }),
      logEntry(deviceA, 3, 20, { speaker: by('XB'), behalf: ['GROUP-G'], position: 'amend' }),
      logEntry(deviceA, 4, 30, { speaker: by('XB'), position: 'reserve' }),
      logEntry(deviceA, 5, 40, { speaker: by('XC'), position: 'oppose' }),
      logEntry(deviceA, 6, 50, { speaker: by('XC'), position: 'withdraw' }),
      logEntry(deviceA, 7, 60, { speaker: by('CHAIR'), capacity: 'chair', position: 'support' }),
      logEntry(deviceA, 8, 70, { speaker: by('XD'), position: 'support', label: '12' }),
    ];
    const made = interventionsOf(entries, [], new Map());
    expect(standingsAt(made, place).map(({ who, through, position }) => [who, through, position])).toEqual([
      ['XA', null, 'support'],
      ['GROUP-G', 'XB', 'amend'],
      ['XB', null, 'reserve'],
    ]);
    const [evidence] = evidenceOf(entries[0]!.id, made);
    expect(evidence).toMatchObject({
      kind: 'room',
      delegation: 'XA',
      label: '11',
      position: 'support',
      disputed: false,
    });
  });

  it('[RM25] finds who is for and against a proposal', () => {
    const entries = [
      logEntry(deviceA, 1, 0, { speaker: by('XB'), position: 'amend', behalf: ['GROUP-G'] }),
      logEntry(deviceA, 2, 10, { position: 'support', towards: 'XB' }),
      logEntry(deviceA, 3, 20, { speaker: by('XD'), position: 'oppose', towards: 'GROUP-G' }),
      logEntry(deviceA, 4, 30, { speaker: by('XE'), position: 'support' }),
      logEntry(deviceA, 5, 40, { speaker: by('XB'), position: 'amend', behalf: ['GROUP-G'] }),
      logEntry(deviceA, 6, 50, { speaker: by('XF'), position: 'support', towards: 'XB' }),
    ];
    const made = interventionsOf(entries, [], new Map());
    const both = [proposal('p1', entries[0]!), proposal('p2', entries[4]!)];
    expect(proposalStanding(both[0]!, both, made)).toMatchObject({
      supporters: ['GROUP-G', 'XA'],
      opponents: ['XD'],
      withdrawn: false,
    });
    expect(proposalStanding(both[1]!, both, made).supporters).toEqual(['GROUP-G', 'XF']);
    const byHand = proposal('p1', entries[0]!, { stances: { XD: 'support', XA: 'none' } });
    expect(proposalStanding(byHand, [byHand], made)).toMatchObject({
      supporters: ['GROUP-G', 'XD', 'XF'],
      opponents: [],
    });
  });

  it('[RM26] lists what is open, and what is agreed no more', () => {
    const entries = [
      logEntry(deviceA, 1, 0, { position: 'support' }),
      logEntry(deviceA, 2, 10, { position: 'support', label: '12' }),
      logEntry(deviceA, 3, 20, { position: 'amend', label: '13', toCheck: true }),
    ];
    const mark = (label: string, kind: MarkView['mark'], at: number): MarkView => {
      return { ...unmarked, id: `m${at}` as RecordId, label, mark: kind, at };
    };
    const made = interventionsOf(entries, [], new Map());
    const open = openMatters(made, [proposal('p', entries[2]!)], [mark('11', 'parked', 1), mark('12', 'agreed', 2)]);
    expect(open.map(({ kind, place: at, who }) => [kind, at.label, who])).toEqual([
      ['parked', '11', 'XF'],
      ['undecided', '13', ''],
      ['wording', '13', 'XA'],
      ['to-check', '13', 'XA'],
    ]);
    const agreed = openMatters(made, [], [mark('11', 'parked', 1), mark('11', 'agreed', 3), mark('12', 'agreed', 2)]);
    expect(agreed.filter(({ place: at }) => at.label === '11')).toEqual([]);
  });

  it('[RM35] the last mark in the session’s time counts, whenever it was changed and in whatever order it is read', () => {
    const entries = [logEntry(deviceA, 1, 60), logEntry(deviceA, 2, 120)];
    const marks = (['parked', 'agreed'] as const).map((kind, index): MarkView => {
      const changedAt = sessionBegan + (index === 0 ? 900_000 : 0);
      const { id } = entries[index]!;
      return { ...unmarked, id: `m${index}` as RecordId, entry: id, label: '11', mark: kind, at: changedAt };
    });
    const made = interventionsOf(entries, [], new Map());
    expect(markAt(marks, place, made)?.mark).toBe('agreed');
    expect(markAt(marks.toReversed(), place, made)?.mark).toBe('agreed');
    const byHand = { ...unmarked, id: 'm9' as RecordId, label: '11', mark: 'open' as const };
    expect(markAt([...marks, { ...byHand, at: sessionBegan + 121_000 }], place, made)?.mark).toBe('open');
    expect(markAt([...marks, { ...byHand, at: sessionBegan + 61_000 }], place, made)?.mark).toBe('agreed');
  });

  it('[RM27] lists what was promised', () => {
    const made = interventionsOf(
      [logEntry(deviceA, 1, 0, { promise: { what: 'a text', until: 'Friday' } }), logEntry(deviceA, 2, 1)],
      [],
      new Map(),
    );
    expect(promisesIn(made)).toMatchObject([{ who: 'XA', what: 'a text', until: 'Friday', place: { label: '11' } }]);
  });
});

describe('tables and agendas', () => {
  it('[RM30] lets no cell run as a formula, and keeps commas, quotes and lines inside cells', () => {
    const csv = writeCsv({
      columns: ['a', 'b'],
      rows: [
        ['=1+1', '@x'],
        ['one, "two"', 'x\ny'],
        ['-5', '+x'],
      ],
    });
    expect(csv).toBe('\uFEFFa,b\r\n\'=1+1,\'@x\r\n"one, ""two""","x\ny"\r\n\'-5,\'+x\r\n');
  });

  it.each([
    ['1. Opening\n2. Agenda\n   as amended\n\n3 bis. New item', ['1|Opening', '2|Agenda as amended', '3 bis|New item']],
    ['Item 1: Opening\nItem 2 – Elections', ['1|Opening', '2|Elections']],
    ['Пункт 1. Открытие\nПункт 2. Разное', ['1|Открытие', '2|Разное']],
    ['Opening\nOther business', ['|Opening', '|Other business']],
    ['', []],
  ])('[RM32] reads an agenda of %j', (text, items) => {
    expect(readAgenda(text).map(({ number, title }) => `${number}|${title}`)).toEqual(items);
  });
});
