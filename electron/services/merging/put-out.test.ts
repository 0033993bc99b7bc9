/** What each file that leaves a merge says, and what none of them says. */
import { strFromU8, unzipSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { WorkbenchClient } from '../../../shared/contract/contract.ts';
import type { PassageRef } from '../../../shared/contract/merging/passages.ts';
import type { RecordId } from '../../../shared/ids.ts';
import { entryFor, mailed, passagesOf } from '../../../test/fakes/merging-party.ts';
import { createTempWorkbench, type TempWorkbench } from '../../../test/fakes/temp-workbench.ts';

const venezuela = 'Venezuela, Bolivarian Republic of';
const questions = {
  1: 'What are the main achievements of the implementation of the WSIS process in the past 20 years?',
  4: 'What are the challenges that remain in the implementation of the WSIS process?',
};
const texts: Readonly<Record<string, string>> = {
  Kenya: `1. ${questions[1]}\n\nSubmarine cables have brought the Internet to the coast and prices have fallen.\n\nCommunity networks reach villages that no operator serves.\n\n4. ${questions[4]}\n\nSpectrum for community networks is still too hard to obtain in rural districts.\n`,
  [venezuela]: `1. ${questions[1]}\n\nSubmarine cables have brought the Internet to the islands and prices have halved.\n\n4. ${questions[4]}\n\nTravel to forums is beyond the budget of small administrations.\n`,
};
type Input = Parameters<WorkbenchClient['merging']['export']>[0];
type Kind = Input['kind'];

let temp: TempWorkbench;
let merge: RecordId;

async function refTo(delegation: string, words: string): Promise<PassageRef> {
  const entry = entryFor(await temp.client.merging.open({ merge }), delegation).id;
  const { passage } = (await passagesOf(temp.client, entry)).find(({ text }) => text.includes(words))!;
  return { entry, passage };
}

async function put(kind: Kind, format: Input['format'], more: Partial<Input> = {}) {
  const { file, name, remarks } = await temp.client.merging.export({ merge, kind, format, ...more });
  const { bytes } = await temp.workbench.grants.readFile(file);
  if (format !== 'docx') return { text: new TextDecoder().decode(bytes), name, remarks };
  const parts = Object.entries(unzipSync(bytes)).filter(([part]) => part.endsWith('.xml'));
  return { text: parts.map(([, part]) => strFromU8(part).replace(/<[^>]+>/g, '')).join('\n'), name, remarks };
}

beforeAll(async () => {
  temp = await createTempWorkbench();
  const circle = await temp.shareCircle('Region');
  const { merging, drafts } = temp.client;
  merge = (await merging.create({ circle: circle.id, title: 'Common input' })).id;
  for (const [delegation, text] of Object.entries(texts)) {
    const files = [mailed(temp.workbench, `${delegation}.txt`, text)];
    await merging.addFiles({ merge, files, delegation });
  }
  const cables = [await refTo('Kenya', 'Submarine'), await refTo(venezuela, 'Submarine')];
  const { blocks } = await merging.bracket({ merge, question: '1', passages: cables });
  await merging.take({ merge, question: '1', passages: [await refTo('Kenya', 'Community networks reach')] });
  const spectrum = await refTo('Kenya', 'Spectrum');
  await merging.setAside({ merge, passages: [spectrum], reason: 'Said by another body' });
  await merging.remark({ ...spectrum, body: 'Their minister will not mind' });
  const noted = { merge, block: blocks[0]!, via: 'phone' as const };
  await merging.setStance({ ...noted, delegation: 'Kenya', stance: 'sign-on', note: 'Whispered in the corridor' });
  await merging.setStance({ ...noted, delegation: venezuela, stance: 'object' });
  // A coordinator sets the name in another face: it then stands in runs of its own.
  const { summary } = await merging.open({ merge });
  const view = await drafts.open({ draft: summary.draft });
  const block = view.blocks.find(({ id }) => id === blocks[0])!;
  const whole = block.content.map((item) => ('s' in item ? item.s : '')).join('');
  const at = whole.indexOf('nya');
  const content = [
    { t: 'text' as const, s: whole.slice(0, at) },
    { t: 'text' as const, s: whole.slice(at, at + 3), m: ['bold' as const] },
    { t: 'text' as const, s: whole.slice(at + 3) },
  ];
  const { session } = view;
  await drafts.edit({ session, edits: [{ op: 'setText', block: block.id, content, heads: block.heads.text }] });
  await drafts.close({ session });
}, 60_000);
afterAll(() => temp.dispose());

describe('the common input', () => {
  it.each(['docx', 'html', 'md', 'txt'] as const)(
    'has title block, sections, questions and answers as .%s',
    async (format) => {
      const { text } = await put('common-input', format);
      const places = ['The WSIS Implementation Process', questions[1], 'Community networks reach', questions[4]].map(
        (words) => text.lastIndexOf(words),
      );
      expect(places.every((place) => place >= 0)).toBe(true);
      expect(places.toSorted((a, b) => a - b)).toEqual(places);
      expect(text).toContain('Common input');
      expect(text.replace(/<[^>]+>/g, '')).toMatch(/Source[^a-z]*Region/);
      expect(text.replace(/\\/g, '')).toContain('[Submarine cables have brought the Internet to the coast');
    },
  );

  it.each(['docx', 'html', 'md', 'txt'] as const)(
    'names no delegation in brackets as .%s, and says so',
    async (format) => {
      const { text, remarks } = await put('common-input', format);
      expect(text.replace(/\\/g, '').replace(/<[^>]+>/g, '')).not.toMatch(/\[[^\]]*(Kenya|Venezuela)/);
      expect(remarks).toContain('Left out: the names of delegations at 2 brackets.');
      expect(remarks).toContain('Not agreed: 1 paragraph has square brackets.');
      expect(remarks).toContainEqual(expect.stringMatching(/^Without an answer: 2, 3, 4, /));
    },
  );
});

it('puts out the compilation with every alternative and who wants it, under a name of its own', async () => {
  const { text, name, remarks } = await put('bracketed', 'docx');
  expect(name).toBe('bracketed Common input.docx');
  expect(text).toContain('[Kenya: Submarine cables have brought the Internet to the coast');
  expect(text).toContain(`[${venezuela}: Submarine`);
  expect(text).toContain('serves. (Kenya)');
  expect(text).toContain('not agreed');
  expect(remarks).toContainEqual(expect.stringContaining('Delegations are named.'));
});

it('gives a form the answer to one question alone: no title, no question, no count of words', async () => {
  const { text } = await put('form-text', 'txt', { question: '1' });
  expect(text.trim().split('\n\n')).toEqual([
    expect.stringMatching(/^\[Submarine .*\] \[Submarine .*\]$/),
    'Community networks reach villages that no operator serves.',
  ]);
  await expect(put('form-text', 'csv')).rejects.toMatchObject({ code: 'invalid-input' });
});

describe('the positions', () => {
  it('are a matrix with a column for each delegation as .csv', async () => {
    const { text } = await put('positions', 'csv');
    const [head, ...rows] = text.trim().split(/\r?\n/);
    expect(head).toContain(`"Kenya","${venezuela}"`);
    expect(rows[0]).toMatch(/^"1¶1".*"Support","Oppose"$/);
    expect(rows[1]).toMatch(/^"1¶2".*"Wrote on it",""$/);
  });

  it('are the same matrix as .html and .docx, on a page on its side', async () => {
    const { text: html } = await put('positions', 'html');
    const [head, first] = html.match(/<tr>.*?<\/tr>/g)!.slice(-3);
    const cells = (row: string): string[] =>
      row.match(/<t[hd].*?<\/t[hd]>/g)!.map((cell) => cell.replace(/<[^>]+>/g, ''));
    expect(cells(head!)).toEqual(['Label', 'Text', 'Kenya', venezuela]);
    expect(cells(first!).slice(2)).toEqual(['Support', 'Oppose']);
    expect(html).toContain('landscape');
    const { file } = await temp.client.merging.export({ merge, kind: 'positions', format: 'docx' });
    const document = strFromU8(unzipSync((await temp.workbench.grants.readFile(file)).bytes)['word/document.xml']!);
    expect(document).toContain('w:orient="landscape"');
    const table = document.slice(document.lastIndexOf('<w:tbl>'));
    expect(table.match(/<w:tr[ >]/g)).toHaveLength(3);
    expect(table.match(/<w:gridCol /g)).toHaveLength(4);
  });

  it('are asked by question too', async () => {
    const { text } = await put('positions', 'csv', { by: 'question' });
    expect(text).toMatch(/"1","What are the main achievements[^\n]*"Support","Oppose"/);
  });
});

it('puts out the ledger with one row for each passage, as table and as page', async () => {
  const { text } = await put('ledger', 'csv');
  const rows = text.trim().split(/\r?\n/).slice(1);
  expect(rows).toHaveLength(5);
  expect(rows.find((row) => row.includes('Spectrum'))).toContain('"Set aside","Said by another body"');
  expect(rows.find((row) => row.includes('Travel'))).toContain('"Not yet treated",""');
  for (const format of ['docx', 'html', 'txt', 'md'] as const) {
    const page = await put('ledger', format);
    expect(page.text).toContain('Said by another body');
    expect(page.text).toContain('In brackets, with alternatives');
  }
});

it.each(['docx', 'html', 'txt', 'md'] as const)(
  'reports to a delegation on its own text alone as .%s',
  async (format) => {
    const { text } = await put('report', format, { delegation: 'Kenya' });
    for (const words of ['Used unchanged', 'Set aside', 'Said by another body', 'Spectrum for community networks']) {
      expect(text).toContain(words);
    }
    expect(text).not.toContain('Travel to forums');
  },
);

it('says nothing that is internal in any kind and format, and lists what it left out', async () => {
  const formats = ['docx', 'html', 'md', 'txt', 'csv'] as const;
  const kinds = ['common-input', 'bracketed', 'form-text', 'positions', 'ledger', 'report'] as const;
  const told: string[] = [];
  for (const kind of kinds) {
    for (const format of formats) {
      if (format === 'csv' && kind !== 'positions' && kind !== 'ledger') continue;
      const { text, remarks } = await put(kind, format, kind === 'report' ? { delegation: 'Kenya' } : {});
      const internal = ['minister', 'corridor', 'Amal', merge, temp.folder].filter((words) => text.includes(words));
      told.push(...internal.map((words) => `${kind}.${format}: ${words}`));
      if (!remarks.some((remark) => remark.startsWith('Left out:'))) told.push(`${kind}.${format}: lists nothing`);
    }
  }
  expect(told).toEqual([]);
});
