import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createDirectory, type Delegation } from '../delegations/directory.ts';
import { createCompleter } from './completion.ts';
import { entryOf, readLine, type LineContext } from './input-line.ts';

const own = (id: string, kind: Delegation['kind'] = 'state'): Delegation => ({
  id,
  kind,
  codes: [id],
  names: { en: `Delegation ${id}` },
  aliases: [],
  members: null,
});

const directory = createDirectory([own('XA'), own('XB'), own('XF'), own('GROUP-G', 'group')]);
const completer = createCompleter({
  directory,
  language: 'en',
  seated: new Set(['XA', 'XB', 'XF', 'GROUP-G', 'FRA', 'KEN', 'DEU']),
  queue: [],
});
const context: LineContext = {
  completer,
  carried: { item: 'item-3', document: 'doc', label: '11' },
  labels: ['10', '11', '11 bis', '12', '35', '35 a)', '35 b)'],
  items: [
    { id: 'item-3', number: '3', document: 'doc' },
    { id: 'item-4', number: '4.', document: 'other' },
  ],
};
const read = (line: string) => readLine(line, context);

describe('the head of a line', () => {
  it('[RM1] reads speaker, place and position, and leaves the rest as the note', () => {
    expect(read('XA 35a support as drafted')).toMatchObject({
      speaker: { id: 'XA', typed: 'XA' },
      capacity: 'national',
      place: { label: '35 a)', document: 'doc', item: 'item-3' },
      position: 'support',
      note: 'as drafted',
      toCheck: false,
    });
  });

  it('[RM2] passes over how one speaks of somebody before a whole name, and over Mr and Madam before an officer only', () => {
    const heard = (line: string) => [read(line).speaker.id, read(line).capacity, read(line).toCheck];
    for (const line of ['Chair: the floor is open', 'The Chair opens', 'Mr. Chair: opens', 'Mme la Présidente ouvre'])
      expect(heard(line)).toEqual(['CHAIR', 'chair', false]);
    for (const line of ['Delegate of Kenya: 12 support', 'the Distinguished Representative of Kenya 12 support'])
      expect(read(line)).toMatchObject({ speaker: { id: 'KEN' }, place: { label: '12' }, position: 'support' });
    expect(read('délégation de la France : merci')).toMatchObject({
      speaker: { id: 'FRA', typed: 'délégation de la France' },
      note: 'merci',
      toCheck: false,
    });
    // `MR` is Mauritania; no beginning of a name counts here.
    expect(read('MR Kenya said so')).toMatchObject({ speaker: { id: 'MRT' }, note: 'Kenya said so' });
    expect(read('Delegate of Keny: thanks')).toMatchObject({ speaker: { id: '', typed: 'Delegate' }, toCheck: true });
  });

  it('[RM1] takes capacity, place and position in any order', () => {
    const said = { place: { label: '11 bis' }, position: 'oppose', behalf: ['GROUP-G'], capacity: 'group' };
    for (const line of ['XB for GROUP-G 11 bis oppose', 'XB oppose 11bis for GROUP-G', 'XB 11 BIS obo group-g opp'])
      expect(read(line)).toMatchObject(said);
  });

  it('[RM1] takes a paragraph right after its agenda item, and no number later on for one', () => {
    expect(read('#4 35a XA support')).toMatchObject({
      speaker: { id: 'XA' },
      place: { item: 'item-4', document: 'other', label: '35 a)' },
      position: 'support',
    });
    expect(read('#3 9')).toMatchObject({ speaker: { typed: '' }, place: { item: 'item-3', label: '9' }, note: '' });
    expect(read('XA item 4 support 12 schools')).toMatchObject({ place: { label: '' }, note: '12 schools' });
  });

  it.each([
    ['fra sup', 'FRA'],
    ['fr s', 'FRA'],
    ['Франция поддерживает', 'FRA'],
    ['فرنسا تؤيد', 'FRA'],
    ['法国 支持', 'FRA'],
    ['ger +', 'DEU'],
    ['République de Corée appuie', 'KOR'],
    ['russian federation supports', 'RUS'],
    ['CÔTE D’IVOIRE apoya', 'CIV'],
  ])('[RM2] finds the speaker of “%s”', (line, id) => {
    expect(read(line)).toMatchObject({ speaker: { id }, position: 'support', note: '' });
  });

  it('[RM3] keeps a delegation that nobody knows as it was typed, and asks later', () => {
    expect(read('Wakanda 12 support')).toMatchObject({
      speaker: { id: '', typed: 'Wakanda' },
      place: { label: '12' },
      position: 'support',
      toCheck: true,
    });
    expect(read('Friends of the lake support').speaker).toEqual({ id: '', typed: 'Friends of the lake' });
    expect(read('@Friends, of course, support').speaker).toEqual({ id: '', typed: 'Friends' });
    expect(read('Atlantis asked for the floor')).toMatchObject({
      speaker: { id: '', typed: 'Atlantis' },
      note: 'asked for the floor',
    });
  });

  it('[RM3] makes no choice between several that begin alike', () => {
    expect(read('ni support').speaker.id).toBe('NIC');
    expect(read('nig support').speaker).toEqual({ id: '', typed: 'nig' });
  });

  it.each([
    ['> ', '11 bis', 'item-3'],
    ['XA > s', '11 bis', 'item-3'],
    ['XA < s', '10', 'item-3'],
    ['>>', '', 'item-4'],
    ['#4', '', 'item-4'],
    ['item 4', '', 'item-4'],
    ['XA para 35 (b)', '35 b)', 'item-3'],
    ['XA OP12 s', '12', 'item-3'],
    ['XA 99 s', '99', 'item-3'],
    ['XA s', '11', 'item-3'],
  ])('[RM4] reads the place of “%s”', (line, label, item) => {
    expect(read(line).place).toMatchObject({ label, item });
  });

  it('[RM4] takes no number for a place once a position is said, unless the text has it', () => {
    expect(read('XA support 3 of the four')).toMatchObject({ place: { label: '11' }, note: '3 of the four' });
    expect(read('XA support 12')).toMatchObject({ place: { label: '12' }, note: '' });
  });

  it('[RM4] goes to the item’s own text with the item', () => {
    expect(read('#4').place).toEqual({ item: 'item-4', document: 'other', label: '' });
  });

  it.each([
    ['CHAIR point of order', 'chair'],
    ['secretariat 11', 'secretariat'],
    ['EU s', 'group'],
    ['UIT q', 'observer'],
    ['Holy See s', 'observer'],
    ['XA obs s', 'observer'],
    ['EU nat s', 'national'],
  ])('[RM5] gives “%s” its capacity', (line, capacity) => {
    expect(read(line).capacity).toBe(capacity);
  });

  it('[RM6] says whom a position answers', () => {
    for (const line of ['XA oppose XB', 'XA -XB', 'XA opp to XB'])
      expect(read(line)).toMatchObject({ position: 'oppose', towards: 'XB' });
    expect(read('XA oppose it strongly')).toMatchObject({ towards: '', note: 'it strongly' });
    expect(read('XA +XB, but shorter')).toMatchObject({ position: 'support', towards: 'XB', note: 'but shorter' });
  });

  it('[RM7] takes no word for a position that only begins like one', () => {
    expect(read('XA with regard to the year')).toMatchObject({
      position: 'statement',
      note: 'with regard to the year',
    });
  });

  it('[RM8] sets an agreement mark with its facilitator and until when', () => {
    expect(read('CHAIR parked XF until Thursday; small room')).toMatchObject({
      mark: { mark: 'parked', facilitator: 'XF', until: 'Thursday' },
      note: 'small room',
    });
    expect(read('chair agreed ad ref')).toMatchObject({ mark: { mark: 'agreed' } });
    expect(read('chair 12 ad ref').mark).toEqual({ mark: 'ad-ref', facilitator: '', until: '' });
  });
});

describe('the free text of a line', () => {
  it('[RM9] finds quoted words in the marks of all languages, also those not closed yet', () => {
    expect(read('XA s “one” then «два» and 「三」').quotes).toEqual(['one', 'два', '三']);
    expect(read('XA 11 bis support with “open, machine-readab').quotes).toEqual(['open, machine-readab']);
    expect(read('XA s it is the Union’s view').quotes).toEqual([]);
  });

  it('[RM10] takes a proposal down in the words heard', () => {
    expect(read('XB amend “as soon as possible”').proposal).toEqual({ kind: 'MOD', text: 'as soon as possible' });
    expect(read('XB 12 SUP')).toMatchObject({ position: 'amend', proposal: { kind: 'SUP', text: '' } });
    expect(read('XB 12 ADD a new paragraph on skills').proposal).toEqual({
      kind: 'ADD',
      text: 'a new paragraph on skills',
    });
    expect(read('XB amend').proposal).toBeNull();
    expect(read('XB sup').proposal).toBeNull();
  });

  it('[RM11] notes a promise and until when', () => {
    expect(read('secretariat -> circulate the list @ Thursday 10:00').promise).toEqual({
      what: 'circulate the list',
      until: 'Thursday 10:00',
    });
    expect(read('XA s as is -> text in writing by Friday')).toMatchObject({
      note: 'as is',
      promise: { what: 'text in writing', until: 'Friday' },
    });
    expect(read('XA → пришлёт текст до пятницы').promise).toEqual({ what: 'пришлёт текст', until: 'пятницы' });
    expect(read('XA s “a -> b”').promise).toBeNull();
  });

  it('[RM12] marks a line to be checked at either end', () => {
    for (const line of ['! XA s', 'XA s as drafted !', 'XA ! s']) expect(read(line).toCheck).toBe(true);
    expect(read('XA s what a day!').toCheck).toBe(false);
  });

  it('[RM13] logs a remark of nobody after a hyphen', () => {
    expect(read('- coffee until 11')).toMatchObject({
      speaker: { id: '', typed: '' },
      note: 'coffee until 11',
      toCheck: false,
    });
  });
});

describe('every line', () => {
  const words = fc.constantFrom(
    ...['XA', 'fra', '11', '11 bis', '>', '>>', '#4', 'support', 'for', 'GROUP-G', 'to', 'ADD', '!', '-', '+XB', '->'],
    ...['“', '”', '"', 'parked', 'until', 'Wakanda', '法国', 'تؤيد', '\u202E', '\uD83D\uDE00', ';', 'para', '@', '§'],
  );
  const lines = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 60 }),
    fc.array(fc.oneof(words, fc.string({ maxLength: 6 })), { maxLength: 14 }).map((each) => each.join(' ')),
  );

  it('[RM14] is read without loss: parts lie in it in order and what is no part is in the note', () => {
    fc.assert(
      fc.property(lines, (line) => {
        const said = read(line);
        let at = 0;
        for (const part of said.parts) {
          expect(part.start).toBeGreaterThanOrEqual(at);
          expect(part.end).toBeGreaterThan(part.start);
          at = part.end;
        }
        expect(at).toBeLessThanOrEqual(line.length);
        const covered = (index: number): boolean => said.parts.some(({ start, end }) => index >= start && index < end);
        const rest = [...line.matchAll(/\S/g)].filter(({ index }) => !covered(index)).map(([char]) => char);
        const kept = said.note.replace(/\s/g, '');
        for (const char of rest) if (!/[-–]/.test(char)) expect(kept).toContain(char);
        expect(entryOf(line, said, 1, null).line).toBe(line);
      }),
      { numRuns: 500 },
    );
  });

  it('[RM14] of 10,000 characters is read whole and at once', () => {
    const pasted = `XA s ${'a word “quoted” here '.repeat(500)}`;
    const said = read(pasted);
    expect(said.quotes).toHaveLength(500);
    expect(said.note).toBe(pasted.slice(5).trim());
  });
});
