import { describe, expect, it } from 'vitest';
import { inlineText, plainText } from '../../drafting/inline.ts';
import type { RecordId } from '../../ids.ts';
import type { EntryContent, EntryId } from '../collect/entry-content.ts';
import { reportFor } from './delegation-report.ts';
import { countStates, deriveLedger, openRows, sourcesByBlock } from './ledger.ts';
import type { CommonText, LedgerEntry, LedgerRow, Treatment } from './ledger-model.ts';

const block = (name: string): RecordId => name as RecordId;

function contentOf(passages: readonly string[]): EntryContent {
  return {
    ...{ format: 1, title: '', cover: [], language: 'en', footnotes: {} },
    answers: [
      {
        ...{ key: '1', sections: [], number: '1', heading: 'What?' },
        match: { questions: ['1'], by: 'number', confidence: 500 },
        passages: passages.map((text, at) => ({
          ...{ key: `1.${at + 1}`, kind: 'paragraph', marker: '', under: '', language: 'en' },
          ...{ content: inlineText(text), words: text.split(' ').length },
        })),
      },
    ],
  };
}

function entryOf(name: string, passages: readonly string[], more: Partial<LedgerEntry> = {}): LedgerEntry {
  return {
    ...{ id: name as EntryId, delegation: name.slice(0, 2), content: contentOf(passages) },
    ...{ replaces: null, withdrawn: null, treatments: {}, seen: [] },
    ...more,
  };
}

const textOf = (
  blocks: Readonly<Record<string, string>>,
  moved: Readonly<Record<string, readonly string[]>> = {},
): CommonText => ({
  blocks: Object.entries(blocks).map(([id, text]) => ({ id: block(id), content: inlineText(text) })),
  moved: new Map(Object.entries(moved).map(([from, to]) => [block(from), to.map(block)])),
});

const access = 'Forums should publish what they agreed on, and report the year after.';
const whole = (...blocks: string[]): Treatment => ({ as: 'whole', blocks: blocks.map(block) });
const states = (rows: readonly LedgerRow[]): string[] =>
  rows.map(({ entry, passage, state, untreated }) => `${entry} ${passage} ${untreated ?? state}`);

/** The state of one passage under one treatment. */
function stateOf(treatments: readonly (Treatment | null)[], text: CommonText, passage = access): LedgerRow {
  return deriveLedger([entryOf('XA', [passage], { treatments: { '1.1': treatments } })], text)[0]!;
}

describe('states', () => {
  it('[MG14] are untreated without a decision, however alike the text', () => {
    expect(stateOf([], textOf({ b1: access }))).toMatchObject({
      state: 'untreated',
      untreated: 'no-decision',
      diff: [],
    });
  });

  it('[MG16] used unchanged means word for word in the text, typesetting aside', () => {
    expect(stateOf([whole('b1')], textOf({ b1: access })).state).toBe('used-unchanged');
    expect(
      stateOf([whole('b1')], textOf({ b1: `Moreover: ${access.replace(' they', '  they')} So be it.` })).state,
    ).toBe('used-unchanged');
    expect(stateOf([whole('b1')], textOf({ b1: access.replace('.', ';') })).state).toBe('used-with-changes');
    expect(stateOf([whole('b1')], textOf({ b1: `${access.slice(0, -1)}s.` })).state).toBe('used-with-changes');
    expect(stateOf([whole('b1')], textOf({ b1: 'networks for allies' }), 'networks for all').state).toBe(
      'used-with-changes',
    );
  });

  it('[MG16] stands in brackets when every place is in brackets', () => {
    expect(stateOf([whole('b1')], textOf({ b1: `[XA: ${access}] [XB: None.]` })).state).toBe('bracketed');
    expect(stateOf([{ as: 'bracketed', blocks: [block('b1')] }], textOf({ b1: access })).state).toBe('used-unchanged');
    expect(stateOf([whole('b1')], textOf({ b1: `[XA: ${access}]`, b2: access })).state).toBe('used-unchanged');
  });

  it('[MG17] used with changes shows the difference to the nearest wording', () => {
    const changed = access.replace('publish', 'make known');
    const row = stateOf([whole('b1')], textOf({ b1: changed }));
    expect(row).toMatchObject({ state: 'used-with-changes', blocks: ['b1'] });
    expect(
      row.diff.filter(({ op }) => op !== 'same').map(({ op, content }) => [op, plainText(content).trim()]),
    ).toEqual([
      ['del', 'publish'],
      ['ins', 'make known'],
    ]);
    const bracketed = stateOf(
      [{ as: 'bracketed', blocks: [block('b1')] }],
      textOf({ b1: `[XA: ${changed}] [XB: Let them be.]` }),
    );
    expect(bracketed.state).toBe('bracketed');
    expect(bracketed.diff.filter(({ op }) => op === 'ins').map(({ content }) => plainText(content).trim())).toEqual([
      'make known',
    ]);
  });

  it('[MG17] is untreated again when its words or its paragraphs are gone', () => {
    expect(stateOf([whole('b1')], textOf({ b1: 'Something else entirely stands here now.' })).untreated).toBe(
      'words-gone',
    );
    expect(stateOf([whole('b1')], textOf({ b2: 'Another paragraph.' })).untreated).toBe('text-removed');
    const combined: Treatment = { as: 'combined', blocks: [block('b1')] };
    expect(stateOf([combined], textOf({ b1: 'Said in wholly other words.' }))).toMatchObject({
      state: 'combined',
      kept: 0,
    });
    expect(stateOf([combined], textOf({ b2: 'Another paragraph.' })).untreated).toBe('text-removed');
  });

  it('[MG18] follows words through splits, joins and pasting', () => {
    const [first, second] = ['Forums should publish what they agreed on.', 'They report the year after.'];
    const passage = `${first} ${second}`;
    const split = stateOf([whole('b1')], textOf({ b1: first, b2: second }, { b1: ['b2'] }), passage);
    expect(split).toMatchObject({ state: 'used-with-changes', blocks: ['b1', 'b2'], kept: 1000 });
    const joined = textOf({ b3: `Before. ${passage}` }, { b1: ['b2'], b2: ['b3'] });
    expect(stateOf([whole('b1')], joined, passage)).toMatchObject({ state: 'used-unchanged', blocks: ['b3'] });
    expect(stateOf([whole('b1')], textOf({ b9: passage }), passage)).toMatchObject({
      state: 'used-unchanged',
      blocks: ['b9'],
    });
  });

  it('[MG19] sets aside for a reason only', () => {
    expect(stateOf([{ setAside: 'Outside the mandate' }], textOf({}))).toMatchObject({
      state: 'set-aside',
      reason: 'Outside the mandate',
    });
    expect(stateOf([{ setAside: ' ' }], textOf({})).untreated).toBe('no-reason');
  });

  it('[MG15] are disputed while two coordinators decided differently, and only then', () => {
    const text = textOf({ b1: access });
    expect(stateOf([whole('b1'), { setAside: 'Twice' }], text)).toMatchObject({
      state: 'disputed',
      decisions: [whole('b1'), { setAside: 'Twice' }],
    });
    expect(stateOf([whole('b1'), null], text).state).toBe('disputed');
    expect(stateOf([whole('b1', 'b2'), whole('b2', 'b1')], text).state).toBe('used-unchanged');
    expect(stateOf([null], text).untreated).toBe('no-decision');
  });
});

describe('a later submission', () => {
  const text = textOf({ b1: access });
  const first = entryOf('XA1', [access, 'Schools come first.', 'Women’s networks need funds each year.'], {
    treatments: { '1.1': [whole('b1')], '1.2': [{ setAside: 'Said elsewhere' }], '1.3': [{ setAside: 'Too narrow' }] },
  });
  const changed = ['Women’s networks need predictable funds each year.', access, 'Travel must be paid.'];
  const second = entryOf('XA2', changed, { replaces: first.id });

  it('[MG20] carries what was decided about equal words and asks about changed and new ones', () => {
    expect(states(deriveLedger([first, second], text))).toEqual([
      'XA1 1.1 superseded',
      'XA1 1.2 superseded',
      'XA1 1.3 superseded',
      'XA2 1.1 changed-since',
      'XA2 1.2 used-unchanged',
      'XA2 1.3 no-decision',
    ]);
    const rows = deriveLedger([first, second], text);
    expect(rows[0]!.by).toBe('XA2');
    expect(rows[3]!.earlier).toEqual({ entry: 'XA1', passage: '1.3', isSame: false });
  });

  it('[MG20] keeps the decision about changed words that somebody looked at, or takes a new one', () => {
    const seen = deriveLedger([first, { ...second, seen: ['1.1'] }], text);
    expect(seen[3]).toMatchObject({ state: 'set-aside', reason: 'Too narrow' });
    const anew = deriveLedger([first, { ...second, treatments: { '1.2': [null], '1.1': [whole('b1')] } }], text);
    expect(anew.slice(3).map(({ state, untreated }) => untreated ?? state)).toEqual([
      'words-gone',
      'no-decision',
      'no-decision',
    ]);
  });

  it('[MG20] goes through several, and asks again at each change', () => {
    const third = entryOf('XA3', [access, 'Women’s networks need predictable funds each and every year.'], {
      replaces: second.id,
    });
    const rows = deriveLedger([first, { ...second, seen: ['1.1'] }, third], text);
    expect(states(rows).slice(6)).toEqual(['XA3 1.1 used-unchanged', 'XA3 1.2 changed-since']);
    expect(rows[0]!.by).toBe('XA2');
  });

  it('[MG20] that is withdrawn lets the earlier one stand again', () => {
    const rows = deriveLedger([first, { ...second, withdrawn: 'Sent by mistake' }], text);
    expect(states(rows)).toEqual([
      'XA1 1.1 used-unchanged',
      'XA1 1.2 set-aside',
      'XA1 1.3 set-aside',
      'XA2 1.1 withdrawn',
      'XA2 1.2 withdrawn',
      'XA2 1.3 withdrawn',
    ]);
    const third = entryOf('XA3', [access], { replaces: second.id });
    expect(deriveLedger([first, { ...second, withdrawn: 'By mistake' }, third], text)[0]).toMatchObject({
      state: 'superseded',
      by: 'XA3',
    });
  });

  it('[MG20] and an earlier one that name each other both stand', () => {
    const rows = deriveLedger([{ ...first, replaces: second.id }, second], text);
    expect(rows.map(({ state }) => state)).not.toContain('superseded');
  });

  it('[MG21] shows what is withdrawn with its reason, whatever was decided', () => {
    const [row] = deriveLedger([{ ...first, withdrawn: 'New instructions' }], text);
    expect(row).toMatchObject({ state: 'withdrawn', reason: 'New instructions', blocks: [] });
  });
});

describe('the account', () => {
  const text = textOf({ b1: access, b2: 'Schools and clinics come first.' });
  const entries = [
    entryOf('XA', [access, 'Schools come first.'], {
      treatments: { '1.1': [whole('b1')], '1.2': [{ as: 'combined', blocks: [block('b2')] }] },
    }),
    entryOf('XB', ['Clinics come first.', 'Nobody asked for this.'], {
      treatments: { '1.1': [{ as: 'combined', blocks: [block('b2')] }] },
    }),
  ].map((entry) => ({ ...entry, assigned: {} }));

  it('[MG22] is open as long as a passage is untreated or disputed', () => {
    const rows = deriveLedger(entries, text);
    expect(states(openRows(rows))).toEqual(['XB 1.2 no-decision']);
    expect(countStates(rows)).toMatchObject({ 'used-unchanged': 1, combined: 2, untreated: 1, disputed: 0 });
    expect([...sourcesByBlock(rows)].map(([id, of]) => [id, of.map(({ delegation }) => delegation)])).toEqual([
      ['b1', ['XA']],
      ['b2', ['XA', 'XB']],
    ]);
  });

  it('[MG23] tells each delegation what became of every passage, and with whom it stands', () => {
    const rows = deriveLedger(entries, text);
    const questions = [{ number: '1', text: 'What?', section: '' }];
    const report = reportFor('XB', { entries, rows, text, questions });
    expect(report.sections.map(({ question }) => question?.number)).toEqual(['1']);
    expect(
      report.sections[0]!.rows.map((each) => [
        each.text,
        each.row.state,
        each.now.map((now) => now.text),
        each.together,
      ]),
    ).toEqual([
      ['Clinics come first.', 'combined', ['Schools and clinics come first.'], ['XA']],
      ['Nobody asked for this.', 'untreated', [], []],
    ]);
    expect(
      reportFor('XB', {
        entries: entries.map((entry) => ({ ...entry, assigned: { '1.2': [] } })),
        rows,
        text,
        questions,
      }).sections.map(({ question }) => question?.number ?? null),
    ).toEqual(['1', null]);
  });
});
