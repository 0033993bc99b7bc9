import { strToU8, zipSync } from 'fflate';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { MergeView } from '../../../shared/contract/merging/collection.ts';
import type { RecordId } from '../../../shared/ids.ts';
import { plainText } from '../../../shared/drafting/inline.ts';
import { deleted, documentXml, inserted, paragraph, run } from '../../../test/fixtures/docx-parts.ts';
import { createTempWorkbench, type TempWorkbench } from '../../../test/fakes/temp-workbench.ts';
import { entryFor, mailed, passagesOf } from '../../../test/fakes/merging-party.ts';

let temp: TempWorkbench;
let merge: RecordId;
const questions = {
  1: 'What are the main achievements of the implementation of the WSIS process in the past 20 years?',
  2: 'What are ITUs main contributions towards the implementation of the WSIS Process in 20 Years?',
  4: 'What are the challenges that remain in the implementation of the WSIS process?',
};
const kenya = `Kenya\n\n1. ${questions[1]}\n\nSubmarine cables have brought the Internet to the coast and prices have fallen.\n\nCommunity networks reach villages that no operator serves.\n\n4. ${questions[4]}\n\nSpectrum for community networks is still too hard to obtain in rural districts.\n`;
const fiji = `Fiji\n\n1. ${questions[1]}\n\nSubmarine cables have brought the Internet to the islands and prices have fallen.\n\n2. ${questions[2]}\n\n3. ${questions[4]}\n\nTravel to forums is beyond the budget of small island administrations.\n`;

async function add(name: string, text: string, delegation?: string) {
  const { files } = await temp.client.merging.addFiles({
    merge,
    files: [mailed(temp.workbench, name, text)],
    ...(delegation === undefined ? {} : { delegation }),
  });
  return files[0]!;
}
const open = (): Promise<MergeView> => temp.client.merging.open({ merge });
async function passage(delegation: string, words: string) {
  const entry = entryFor(await open(), delegation).id;
  const found = (await passagesOf(temp.client, entry)).find(({ text }) => text.includes(words));
  if (found === undefined) throw new Error(`${delegation} does not say: ${words}`);
  return { entry: found.entry, passage: found.passage };
}
async function commonText(): Promise<string[]> {
  const { summary } = await open();
  const view = await temp.client.drafts.open({ draft: summary.draft });
  await temp.client.drafts.close({ session: view.session });
  return view.blocks
    .filter(({ style }) => style.kind !== 'question' && style.kind !== 'heading')
    .map(({ content }) => plainText(content))
    .filter((text) => text !== '');
}
async function stateOf(delegation: string, words: string) {
  const ref = await passage(delegation, words);
  const { rows } = await temp.client.merging.ledger({ merge, entry: ref.entry });
  return rows.find((row) => row.passage === ref.passage)!;
}

beforeEach(async () => {
  temp = await createTempWorkbench();
  const circle = await temp.shareCircle('Region');
  merge = (await temp.client.merging.create({ circle: circle.id, title: 'Common input' })).id;
});
afterEach(() => temp.dispose());

describe('collecting', () => {
  it('matches answers by number and wording where a file renumbers and omits, and shows who has answered what', async () => {
    await add('kenya.txt', kenya, 'Kenya');
    await add('fiji.txt', fiji, 'Fiji');
    await temp.client.merging.change({ merge, expected: ['Kenya', 'Fiji', 'Peru'] });
    const view = await open();
    const cells = (delegation: string) =>
      view.grid
        .find((row) => row.delegation === delegation)!
        .cells.map(({ state }) => state)
        .slice(0, 4);
    expect(cells('Kenya')).toEqual(['answered', 'missing', 'missing', 'answered']);
    expect(cells('Fiji')).toEqual(['answered', 'empty', 'missing', 'answered']);
    expect(view.missing).toEqual(['Peru']);
    expect(view.questions[0]).toMatchObject({ answered: 2, passages: 3, untreated: 3 });
    expect(entryFor(view, 'Fiji').problems.map(({ code }) => code)).toContain('empty-answer');
    expect(view.grid.every(({ cells: row }) => row.some(({ isNew }) => isNew))).toBe(true);
    await temp.client.merging.markSeen({ merge });
    expect((await open()).grid.some(({ cells: row }) => row.some(({ isNew }) => isNew))).toBe(false);
  });

  it('takes the same file once, says which file it could not read, and names no file to others', async () => {
    await add('our secret name for it.txt', kenya, 'Kenya');
    const again = await add('copy.txt', kenya, 'Fiji');
    expect(again).toMatchObject({ outcome: 'already-there', entry: { delegation: 'Kenya' } });
    expect(await add('broken.docx', 'no zip')).toMatchObject({
      fileName: 'broken.docx',
      outcome: 'failed',
      entry: null,
    });
    expect(JSON.stringify(await open())).not.toContain('secret');
  });

  it('lets what matches no question wait visibly, and takes a hand-made match', async () => {
    await add(
      'letter.txt',
      'We thank the secretariat for its work and send our views on the forums of the region.',
      'Peru',
    );
    const entry = entryFor(await open(), 'Peru');
    expect(entry.problems.map(({ code }) => code)).toContain('unmatched-answer');
    await temp.client.merging.assign({ entry: entry.id, part: entry.answers[0]!.key, questions: ['3'] });
    const view = await open();
    expect(entryFor(view, 'Peru').answers[0]).toMatchObject({ questions: ['3'], byHand: true });
    expect(view.questions[2]).toMatchObject({ key: '3', passages: 1 });
    await temp.client.merging.assign({ entry: entry.id, part: entry.answers[0]!.key, questions: null });
    expect(entryFor(await open(), 'Peru').answers[0]!.questions).toEqual([]);
  });

  it('says when a text is in another language, and when two texts bear one name', async () => {
    await add('kenya.txt', kenya, 'Kenya');
    await add(
      'kenya.fr.txt',
      `1. ${questions[1]}\n\nLes câbles sous-marins ont apporté l’Internet à la côte et les prix ont baissé dans toute la région.\n`,
      'Kenya',
    );
    const [first, second] = (await open()).entries;
    const french = first!.language === 'fr' ? first! : second!;
    const english = french === first ? second! : first!;
    expect(french.problems.map(({ code }) => code)).toEqual(
      expect.arrayContaining(['wrong-language', 'same-delegation']),
    );
    await temp.client.merging.changeEntry({ entry: french.id, replaces: english.id });
    const settled = await open();
    expect(settled.entries.flatMap(({ problems }) => problems).map(({ code }) => code)).not.toContain(
      'same-delegation',
    );
    expect((await temp.client.merging.ledger({ merge, entry: english.id })).counts.superseded).toBe(3);
  });

  it('shows a Word file with tracked changes both ways and decides nothing by itself', async () => {
    const bytes = zipSync({
      '[Content_Types].xml': strToU8('<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'),
      'word/document.xml': strToU8(
        documentXml(
          paragraph(run(`1. ${questions[1]}`)),
          paragraph(
            run('Forums should publish what they agreed ') +
              inserted(run('on in all languages ')) +
              deleted('upon ') +
              run('every year.'),
          ),
        ),
      ),
    });
    const grant = temp.workbench.grants.forBytes('tracked.docx', bytes);
    const { files } = await temp.client.merging.addFiles({ merge, files: [grant], delegation: 'Peru' });
    const entry = files[0]!.entry!;
    expect(entry).toMatchObject({ reading: 'undecided', problems: [{ code: 'tracked-changes' }] });
    const { tracked } = await temp.client.merging.readEntry({ entry: entry.id });
    const said = tracked.flatMap(({ difference }) => difference).filter(({ op }) => op !== 'same');
    expect(said.map(({ op }) => op).sort()).toEqual(['del', 'ins']);
    const ref = await passage('Peru', 'Forums should publish');
    await expect(temp.client.merging.take({ merge, question: '1', passages: [ref] })).rejects.toMatchObject({
      code: 'invalid-state',
    });
    await temp.client.merging.changeEntry({ entry: entry.id, reading: 'original' });
    const original = await passage('Peru', 'Forums should publish what they agreed upon every year.');
    await temp.client.merging.take({ merge, question: '1', passages: [original] });
    expect(await commonText()).toEqual(['Forums should publish what they agreed upon every year.']);
  });
});

describe('treating', () => {
  beforeEach(async () => {
    await add('kenya.txt', kenya, 'Kenya');
    await add('fiji.txt', fiji, 'Fiji');
  });

  it('clusters what is alike and marks what differs', async () => {
    const { clusters } = await temp.client.merging.clusters({ merge, question: '1' });
    expect(clusters[0]!.delegations).toEqual(['Fiji', 'Kenya']);
    expect(clusters[0]!.passages[1]!.difference.map(({ op }) => op)).toEqual(expect.arrayContaining(['ins', 'del']));
    expect(clusters).toHaveLength(2);
  });

  it('takes a passage as it is, and takes that back whole', async () => {
    const [ours, theirs] = [await passage('Kenya', 'Submarine cables'), await passage('Fiji', 'Submarine cables')];
    const taken = await temp.client.merging.take({ merge, question: '1', passages: [ours, theirs] });
    expect(taken).toMatchObject({ canUndo: true, rows: [{ state: 'used-unchanged' }, { state: 'used-with-changes' }] });
    expect(await commonText()).toEqual([expect.stringContaining('to the coast')]);
    const { blocks } = await temp.client.merging.sources({ merge });
    expect(blocks.find(({ block }) => block === taken.blocks[0])!.sources.map(({ delegation }) => delegation)).toEqual([
      'Fiji',
      'Kenya',
    ]);
    expect(await temp.client.merging.undo({ merge })).toMatchObject({ done: true, canRedo: true });
    expect(await commonText()).toEqual([]);
    expect(await stateOf('Kenya', 'Submarine cables')).toMatchObject({ state: 'untreated' });
    await temp.client.merging.redo({ merge });
    expect(await stateOf('Kenya', 'Submarine cables')).toMatchObject({ state: 'used-unchanged' });
  });

  it('brackets alternatives with their delegations, combines, sets aside with a reason, and lets a decision go', async () => {
    const [ours, theirs] = [await passage('Kenya', 'Submarine cables'), await passage('Fiji', 'Submarine cables')];
    await temp.client.merging.bracket({ merge, question: '1', passages: [ours, theirs] });
    expect((await commonText())[0]).toMatch(/^\[Kenya: Submarine .*\] \[Fiji: Submarine .*\]$/);
    expect(await stateOf('Fiji', 'Submarine cables')).toMatchObject({ state: 'bracketed' });
    const spectrum = await passage('Kenya', 'Spectrum');
    const travel = await passage('Fiji', 'Travel');
    const content = [{ t: 'text' as const, s: 'Spectrum and travel remain too dear for small administrations.' }];
    await temp.client.merging.combine({ merge, question: '4', passages: [spectrum, travel], content });
    expect(await stateOf('Fiji', 'Travel')).toMatchObject({ state: 'combined' });
    const community = await passage('Kenya', 'Community networks');
    await temp.client.merging.setAside({ merge, passages: [community], reason: 'Said under question 4' });
    expect(await stateOf('Kenya', 'Community')).toMatchObject({ state: 'set-aside', reason: 'Said under question 4' });
    await temp.client.merging.untreat({ merge, passages: [community] });
    expect(await stateOf('Kenya', 'Community')).toMatchObject({ state: 'untreated' });
  });

  it('follows the text: what is edited is no longer used unchanged, and what is gone is untreated again', async () => {
    const ours = await passage('Kenya', 'Submarine cables');
    const { blocks } = await temp.client.merging.take({ merge, question: '1', passages: [ours] });
    const { summary } = await open();
    const view = await temp.client.drafts.open({ draft: summary.draft });
    const block = view.blocks.find(({ id }) => id === blocks[0])!;
    const content = [{ t: 'text' as const, s: plainText(block.content).replace('the coast', 'every coast') }];
    const { session } = view;
    await temp.client.drafts.edit({
      session,
      edits: [{ op: 'setText', block: block.id, content, heads: block.heads.text }],
    });
    await temp.client.drafts.commit({ session });
    expect(await stateOf('Kenya', 'Submarine cables')).toMatchObject({ state: 'used-with-changes' });
    const again = await temp.client.drafts.open({ draft: summary.draft });
    const heads = again.blocks.find(({ id }) => id === block.id)!.heads.all;
    await temp.client.drafts.edit({ session: again.session, edits: [{ op: 'remove', block: block.id, heads }] });
    expect(await stateOf('Kenya', 'Submarine cables')).toMatchObject({ state: 'untreated', untreated: 'text-removed' });
  });

  it('is done only when nothing is untreated, and no longer when something comes', async () => {
    await expect(temp.client.merging.markDone({ merge, note: '' })).rejects.toMatchObject({
      code: 'invalid-state',
      data: { untreated: 5 },
    });
    const { rows } = await temp.client.merging.ledger({ merge });
    const passages = rows.map(({ entry, passage: key }) => ({ entry, passage: key }));
    await temp.client.merging.setAside({ merge, passages, reason: 'For another year' });
    expect(await temp.client.merging.markDone({ merge, note: 'Closed' })).toMatchObject({ done: { stands: true } });
    await add('peru.txt', `1. ${questions[1]}\n\nMountain villages were connected by radio.\n`, 'Peru');
    expect((await open()).summary.done).toMatchObject({ note: 'Closed', stands: false });
  });

  it('asks to look again at what a later text changed, and at nothing else', async () => {
    const cables = await passage('Kenya', 'Submarine cables');
    const community = await passage('Kenya', 'Community networks');
    await temp.client.merging.setAside({ merge, passages: [cables, community], reason: 'Elsewhere' });
    const before = entryFor(await open(), 'Kenya').id;
    const { entry } = await add('kenya2.txt', kenya.replace('prices have fallen', 'prices have halved'), 'Kenya');
    await temp.client.merging.changeEntry({ entry: entry!.id, replaces: before });
    const { rows } = await temp.client.merging.ledger({ merge, entry: entry!.id });
    expect(rows.map(({ state, untreated }) => [state, untreated])).toEqual([
      ['untreated', 'changed-since'],
      ['set-aside', ''],
      ['untreated', 'no-decision'],
    ]);
    expect(rows[0]!.earlier!.difference.map(({ op }) => op)).toContain('ins');
    await temp.client.merging.confirmUnchangedDecision({
      merge,
      passages: [{ entry: entry!.id, passage: rows[0]!.passage }],
    });
    expect((await temp.client.merging.ledger({ merge, entry: entry!.id })).rows[0]).toMatchObject({
      state: 'set-aside',
    });
  });

  it('keeps a remark with its writer: in no report, no export, and not in the region', async () => {
    const ours = await passage('Kenya', 'Submarine cables');
    await temp.client.merging.remark({ ...ours, body: 'Their minister will not mind' });
    expect(await stateOf('Kenya', 'Submarine cables')).toMatchObject({ remark: 'Their minister will not mind' });
    expect(JSON.stringify(await temp.client.merging.report({ merge, delegation: 'Kenya' }))).not.toContain('minister');
    for (const kind of ['ledger', 'report', 'common-input', 'bracketed'] as const) {
      const { file } = await temp.client.merging.export({ merge, kind, format: 'html', delegation: 'Kenya' });
      expect(new TextDecoder().decode((await temp.workbench.grants.readFile(file)).bytes)).not.toContain('minister');
    }
    await temp.client.merging.remark({ ...ours, body: '' });
    expect(await stateOf('Kenya', 'Submarine cables')).toMatchObject({ remark: '' });
  });
});
