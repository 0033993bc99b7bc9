import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { EntryView, MarkView, ProposalView } from '../contract/room/log.ts';
import type { RoomAudience } from '../contract/room.ts';
import type { Seat, SessionView } from '../contract/room/session.ts';
import type { ExportBlock } from '../drafting/export-model.ts';
import { plainText } from '../drafting/inline.ts';
import { unLanguages, type UnLanguage } from '../i18n/messages.ts';
import type { CircleId, RecordId } from '../ids.ts';
import { agendaText, ownSeats, spoken } from '../../test/fixtures/session/script.ts';
import { logEntry, sessionBegan } from '../../test/fakes/log-entry.ts';
import { readAgenda } from './agenda.ts';
import { createCompleter } from './completion.ts';
import { entryOf, readLine } from './input-line.ts';
import { outputSource } from './output-source.ts';
import { sessionOutput } from './outputs.ts';
import { nowhere, type Place } from './places.ts';
import { roomDirectory } from './room-directory.ts';
import { pointsOf } from './printed.ts';
import { linesIn, summaryLines, summaryOf, summaryWords } from './summary.ts';
import { termsOf } from './terms.ts';

const device = 'a'.repeat(26);
const taker = { person: null, name: 'Nadia', delegation: 'Region AB', confirmed: true, me: true };
const seats: Record<string, Seat> = Object.fromEntries(ownSeats.map(({ delegation, seat }) => [delegation, seat]));
const idOf = (index: number): RecordId => `${device}.${String(index).padStart(10, 'a')}` as RecordId;

/** The script as the first note-taker logs it. */
function scripted(language: UnLanguage, more: readonly Partial<EntryView>[] = []): SessionView {
  const directory = roomDirectory(seats, language);
  const completer = createCompleter({ directory, language, seated: new Set(Object.keys(seats)), queue: [] });
  const agenda = readAgenda(agendaText).map((item, index) => ({
    ...item,
    id: `item-${index}` as RecordId,
    document: null,
    place: String(index),
    heads: {},
    allHeads: [],
  }));
  let carried: Place = { ...nowhere, item: agenda[2]!.id };
  const proposals: ProposalView[] = [];
  const marks: MarkView[] = [];
  const entries = spoken.map((said, index): EntryView => {
    const read = readLine(said.line, { completer, carried, labels: ['9', '10', '11', '11 bis', '12'], items: agenda });
    carried = read.place;
    const id = idOf(index);
    const at = sessionBegan + said.at * 1000;
    const common = {
      entry: id,
      document: null,
      label: read.place.label,
      author: taker,
      removed: false,
      heads: {},
      allHeads: [],
    };
    if (read.proposal)
      proposals.push({
        ...common,
        ...read.proposal,
        id: `p${index}` as RecordId,
        by: read.speaker.id,
        behalf: [...read.behalf],
        confirmed: false,
        withdrawn: false,
        stances: {},
        at,
        versions: [],
      });
    if (read.mark) marks.push({ ...common, ...read.mark, id: `m${index}` as RecordId, item: null, at });
    const logged = { ...entryOf(said.line, read, at, null), id, author: taker };
    return logEntry(device, index + 1, said.at, { ...logged, ...more[index] });
  });
  return {
    head: {
      summary: {
        id: idOf(999),
        circle: 'c'.repeat(26) as CircleId,
        circleName: 'Region',
        title: 'Second session',
        body: 'Working Group',
        place: 'Room XII',
        timeZone: 'Europe/Zurich',
        language,
        startsAt: null,
        entries: entries.length,
        toCheck: 0,
        noteTakers: 1,
        changedAt: new Date(sessionBegan).toISOString(),
        removed: false,
      },
      chair: 'XM',
      interpreters: '',
      queue: [],
      agenda,
      formerItems: [],
      texts: [],
      seats,
      limits: {},
      clocks: [{ device, name: 'Nadia', mine: true, offsetMs: null }],
      conflicts: [],
      heads: {},
    },
    entries,
    proposals,
    marks,
    joins: [],
    idPrefix: device,
    unfinished: null,
  };
}

const sourceOf = (view: SessionView, audience: RoomAudience = 'note-takers') =>
  outputSource(view, roomDirectory(seats, view.head.summary.language), audience);

function wordsOf(blocks: readonly ExportBlock[]): string[] {
  const text = (inline: readonly { readonly kind: string; readonly text?: string }[]): string =>
    inline.map((each) => each.text ?? '').join('');
  return blocks.flatMap((block) =>
    block.kind === 'list'
      ? block.items.map((item) => text(item.text))
      : block.kind === 'table'
        ? block.rows.map((row) => row.map(text).join(' | '))
        : [text(block.text)],
  );
}
const minutesOf = (view: SessionView, audience?: RoomAudience): string[] =>
  wordsOf(sessionOutput('minutes', sourceOf(view, audience)).model.blocks);

describe('minutes of the scripted session', () => {
  const minutes = minutesOf(scripted('en'));

  it('[RM28] hold every word that was said, once, under its paragraph, and the outcomes', () => {
    for (const { words, label } of spoken.filter((each) => each.words !== '')) {
      const quoted = words.startsWith('“');
      const found = minutes.filter((line) => line.includes(words) && !line.includes('MOD'));
      expect(found, words).toHaveLength(1);
      if (quoted) expect(minutes.filter((line) => line.includes('MOD') && line.includes(words))).toHaveLength(1);
      const heading = minutes.slice(0, minutes.indexOf(found[0]!)).findLast((line) => line.startsWith('Paragraph '));
      expect(heading).toBe(`Paragraph ${label}`);
    }
    expect(minutes.filter((line) => line.startsWith('Outcome:'))).toEqual([
      'Outcome: Agreed',
      'Outcome: Agreed',
      'Outcome: Left to a small group. Facilitator: Delegation XF. Until: Thursday',
      'Outcome: Agreed',
      'Outcome: Agreed ad referendum',
    ]);
    expect(minutes[0]).toBe('3 Infrastructure and access');
  });

  it('[RM28] say who proposed for whom, and that the wording is to be confirmed', () => {
    expect(minutes.find((line) => line.includes('MOD') && line.includes('Group G'))).toBe(
      'Delegation XB (for Group G), MOD “replace by 2030 with as soon as possible” (wording to be confirmed). For: Group G',
    );
  });

  it('[RM36] keep what was said under an item that was taken off the agenda, in its place', () => {
    const view = scripted('en');
    const [first, second, third, ...later] = view.head.agenda;
    const head = { ...view.head, agenda: [first!, second!, ...later], formerItems: [third!] };
    expect(minutesOf({ ...view, head })).toEqual(minutes);
  });

  it.each(unLanguages.map(({ code }) => code))('[RM28] are in %s when the session is', (language) => {
    const { model } = sessionOutput('minutes', sourceOf(scripted(language)));
    const terms = termsOf(language);
    expect(model.title).toBe(`Second session – ${terms.minutes}`);
    expect(model.direction).toBe(language === 'ar' ? 'rtl' : 'ltr');
    const words = wordsOf(model.blocks);
    expect(words).toContain(`${terms.paragraph} 11 bis`);
    expect(words.some((line) => line.startsWith(`${terms.outcome}${pointsOf(language).colon}${terms.parked}`))).toBe(
      true,
    );
    const english = Object.values(termsOf('en')).filter(
      (word) => !Object.values(terms).includes(word) && word.length > 6,
    );
    for (const word of english)
      expect(
        words.filter((line) => line === word),
        word,
      ).toEqual([]);
  });
});

describe('printed outputs', () => {
  it('[RM28] set the points and quotation marks of the language', () => {
    const { model } = sessionOutput('minutes', sourceOf(scripted('fr')));
    const words = wordsOf(model.blocks);
    expect(words).toContain('Delegation XA – Appui\u00A0; remark 1 of XA');
    expect(words.find((line) => line.includes('MOD'))).toContain(
      '«\u00A0replace by 2030 with as soon as possible\u00A0» (libellé à confirmer)',
    );
  });

  it('tell each paragraph’s positions in rows, and each intervention at its time under its paragraph', () => {
    const positions = wordsOf(sessionOutput('positions', sourceOf(scripted('en'))).model.blocks);
    expect(positions.slice(0, 4)).toEqual([
      'Paragraph | Position | Delegation',
      '9 | Support | Delegation XA, Delegation XB, Delegation XC, Delegation XE, Delegation XF, Delegation XG, Delegation XK, Delegation XL',
      ' | Reservation | Delegation XH',
      ' | Question | Delegation XD',
    ]);
    const verbatim = wordsOf(sessionOutput('verbatim', sourceOf(scripted('en'))).model.blocks);
    expect(verbatim.slice(0, 2)).toEqual(['Paragraph 9', '10:30:40  Delegation XA – Support; remark 1 of XA']);
    expect(verbatim.filter((line) => line.endsWith('– Agreed'))).toHaveLength(3);
    expect(verbatim.filter((line) => /^\d\d:/.test(line))).toHaveLength(60);
  });

  it('say what was promised where nothing else was said', () => {
    expect(minutesOf(scripted('en'))).toContain('Secretariat: circulate the list of speakers (Until: tomorrow 10:00)');
  });
});

describe('audiences', () => {
  const view = scripted('en', [
    { toCheck: true, note: 'an unsure line' },
    { note: 'said aside', quotes: ['said aloud'] },
  ]);

  it('[RM29] of delegations see no line to be checked and nobody who took notes, and are told how many are left out', () => {
    const lines = minutesOf(view, 'delegations').join('\n');
    expect(lines).not.toContain('an unsure line');
    expect(lines).toContain('said aside');
    const { model, table } = sessionOutput('verbatim', sourceOf(view, 'delegations'));
    expect(JSON.stringify([model, table])).not.toContain('Nadia');
    expect(model.remarks.join(' ')).toContain('still to be checked: 1 line');
    expect(JSON.stringify(sessionOutput('verbatim', sourceOf(view)).table)).toContain('Nadia');
  });

  it('[RM29] of the public see quoted words without notes', () => {
    const lines = minutesOf(view, 'public').join('\n');
    expect(lines).not.toContain('said aside');
    expect(lines).toContain('“said aloud”');
    expect(lines).not.toContain('coffee');
    expect(sourceOf(view, 'public').remarks.join(' ')).toContain('notes of');
  });
});

describe('the summary', () => {
  it('[RM31] fits on two pages and keeps every outcome, in every language', () => {
    for (const { code } of unLanguages) {
      const { content, words } = summaryOf(sourceOf(scripted(code), 'delegations'));
      const terms = termsOf(code);
      const text = content.blocks.map((block) => plainText(block.content)).join('\n');
      expect(words, code).toBeLessThanOrEqual(summaryWords);
      expect(words, code).toBeGreaterThan(100);
      expect(linesIn(content, { language: code }), code).toBeLessThanOrEqual(summaryLines);
      // Who did more than support is told in words as long as these fit.
      expect(text, code).toContain('remark 13 of XB');
      expect(text.split(`${terms.outcome}${pointsOf(code).colon}`).length - 1, code).toBe(5);
      expect(text).toContain(terms.promises);
    }
  });
});

it('every rule of SPEC.md is cited by a test, and every rule cited is in SPEC.md', () => {
  const here = new URL('.', import.meta.url);
  const rules = [...readFileSync(new URL('SPEC.md', here), 'utf8').matchAll(/^- \*\*(RM\d+)\*\*/gm)].map(
    ([, rule]) => rule!,
  );
  const cited = new Set<string>();
  for (const folder of [here, new URL('../../electron/services/room/', here)]) {
    for (const name of readdirSync(folder)) {
      if (!name.endsWith('.test.ts')) continue;
      for (const [, rule] of readFileSync(new URL(name, folder), 'utf8').matchAll(/\[(RM\d+)\]/g)) cited.add(rule!);
    }
  }
  expect(rules.filter((rule) => !cited.has(rule))).toEqual([]);
  expect([...cited].filter((rule) => !rules.includes(rule))).toEqual([]);
});
