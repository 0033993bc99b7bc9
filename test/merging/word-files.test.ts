/** Answers that came as Word files, and the regional answer of the corpus, which is text taken out of one. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readOutcomeDocument } from '../../electron/services/import/read-outcome-document.ts';
import { plainText } from '../../shared/drafting/inline.ts';
import { collectDocument } from '../../shared/merging/collect/collect.ts';
import type { EntryContent } from '../../shared/merging/collect/entry-content.ts';
import { projectFolder } from '../fakes/temp-workbench.ts';
import {
  documentXml,
  footnoteReference,
  footnotesXml,
  listItem,
  numberingXml,
  packDocx,
  paragraph,
  run,
  styled,
  stylesXml,
} from '../fixtures/docx-parts.ts';
import { sampleQuestions } from './sample-drafts.ts';

const wording = (number: number): string => sampleQuestions[number - 1]!.text;
const collectWord = (...body: string[]): EntryContent => {
  const bytes = packDocx(documentXml(...body), {
    'word/styles.xml': stylesXml,
    'word/numbering.xml': numberingXml(['decimal', '%1.'], ['lowerLetter', '%2)']),
    'word/footnotes.xml': footnotesXml({ 1: 'Until the autumn of 2022.' }),
  });
  return collectDocument(readOutcomeDocument({ fileName: 'reply.docx', bytes }), sampleQuestions);
};
const outline = (content: EntryContent): (string | string[])[][] =>
  content.answers.map(({ match, passages }) => [
    match.questions.join('+'),
    passages.map((passage) => `${passage.marker} ${plainText(passage.content)}`.trim()),
  ]);

describe('a Word file', () => {
  it('[MG2] whose questions Word numbers by itself', () => {
    const content = collectWord(
      styled('berschrift1', 'Reply of XM'),
      listItem(wording(1)),
      paragraph(run('Access has grown in every part of the country.')),
      listItem(wording(2)),
      paragraph(run('The Union kept the database.') + footnoteReference(1)),
      listItem('standards', 1),
      listItem('spectrum', 1),
      listItem(wording(3)),
      paragraph(run('By listening to all.')),
    );
    expect(outline(content)).toEqual([
      ['1', ['Access has grown in every part of the country.']],
      ['2', ['The Union kept the database.', 'a) standards', 'b) spectrum']],
      ['3', ['By listening to all.']],
    ]);
    expect(Object.values(content.footnotes).map((note) => plainText(note).trim())).toEqual([
      'Until the autumn of 2022.',
    ]);
    expect(content.answers[1]!.passages[0]!.content.some(({ t }) => t === 'note')).toBe(true);
  });

  it('[MG4] whose questions are headings, with headings inside an answer', () => {
    const content = collectWord(
      styled('berschrift1', wording(4)),
      styled('Sub', 'Cost of access'),
      paragraph(run('A month of data costs more than two per cent of income.')),
      styled('Sub', 'Skills and languages'),
      paragraph(run('Content in local languages is rare, and teachers are few.')),
      styled('berschrift1', wording(11)),
      paragraph(run('Artificial intelligence on modest devices.')),
    );
    expect(outline(content).map(([question]) => question)).toEqual(['4', '11']);
    expect(content.answers[0]!.passages.map(({ under }) => under)).toEqual(['Cost of access', 'Skills and languages']);
  });
});

const regional = join(projectFolder, '../shared/corpus/rcc-common-input-wsis20-call.txt');

it.skipIf(!existsSync(regional))('[MG2] finds the eleven answers of a regional input among its artefacts', () => {
  const bytes = readFileSync(regional);
  const content = collectDocument(readOutcomeDocument({ fileName: 'regional.txt', bytes }), sampleQuestions);
  const found = content.answers.map(({ match, sections }) => [match.questions.join('+'), sections.at(-1) ?? '']);
  expect(found).toEqual([
    ['', ''],
    ...sampleQuestions.map(({ number, section }, index) => [
      number,
      section === sampleQuestions[index - 1]?.section ? '' : section,
    ]),
  ]);
  // Its known sizes are 498, 502, 893, 776, 169, 363, 270, 104, 359, 298, 250, with the questions and Word's residues.
  const words = content.answers
    .slice(1)
    .map(({ passages }) => passages.reduce((sum, passage) => sum + passage.words, 0));
  expect(words.map((count) => Math.round(count / 50) * 50)).toEqual([
    500, 450, 850, 750, 150, 300, 250, 100, 350, 250, 250,
  ]);
});
