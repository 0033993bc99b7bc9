/**
 * The AKN4UN importer on real resolutions, against a reading of the files that shares no code with it: tags taken out
 * by a regular expression. The files are not part of the project; without them the tests are skipped.
 */
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { readAkn } from '../shared/document/akn.ts';
import { countNumberedParagraphs, type OutcomeDocument } from '../shared/document/outcome-document.ts';
import type { DocumentId } from '../shared/ids.ts';

const folder = fileURLToPath(new URL('../../shared/corpus/akn/', import.meta.url));
const present = existsSync(folder);
const files = present ? readdirSync(folder).filter((name) => name.endsWith('.xml')) : [];

const load = (name: string): string => readFileSync(`${folder}/${name}`, 'utf8');
const read = (name: string): OutcomeDocument => readAkn(load(name), { id: name as DocumentId, fileName: name });
const find = (part: string): string => files.find((name) => name.includes(part)) ?? '';

/** Letters and digits only. */
const ink = (text: string): string => text.normalize('NFKC').replace(/[^\p{L}\p{N}]|\u0640/gu, '');
const unescape = (text: string): string =>
  text
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&quot;/g, '"')
    .replace(/&apos;/g, "'")
    .replace(/&amp;/g, '&');
const untag = (xml: string): string => unescape(xml.replace(/<[^>]*>/g, ' '));

/** The body's text without notes, and the notes' texts with their markers, in order. */
function independentReading(xml: string): { body: string; notes: string[] } {
  const body = xml.replace(/<!--[\s\S]*?-->/g, '').replace(/<meta>[\s\S]*?<\/meta>/, '');
  const notes: string[] = [];
  const rest = body.replace(
    /<authorialNote\b[^>]*marker="([^"]*)"[^>]*>([\s\S]*?)<\/authorialNote>/g,
    (_, marker, inside) => {
      notes.push(ink(marker + untag(inside)));
      return '';
    },
  );
  return { body: ink(untag(rest)), notes };
}

describe.skipIf(!present)('AKN4UN files of the corpus', () => {
  it.each(files)('%s: every letter and digit, in order', (name) => {
    const document = read(name);
    const expected = independentReading(load(name));
    const shown = (footnote: boolean): string[] =>
      document.units
        .filter((unit) => (unit.kind === 'footnote') === footnote)
        .map((unit) => ink(unit.marker + unit.text));
    expect(shown(false).join('')).toBe(expected.body);
    expect(shown(true)).toEqual(expected.notes);
  });

  it.each(files)('%s: references stand inside their text and name footnotes', (name) => {
    const { units } = read(name);
    const footnotes = new Set(units.filter((unit) => unit.kind === 'footnote').map((unit) => unit.id));
    const referred = units.flatMap((unit) => {
      for (const note of unit.notes) expect(note.offset).toBeLessThanOrEqual(unit.text.length);
      for (const span of unit.styles) {
        expect(span.start).toBeLessThan(span.end);
        expect(span.end).toBeLessThanOrEqual(unit.text.length);
      }
      return unit.notes.map((note) => note.note);
    });
    expect(new Set(referred)).toEqual(footnotes);
    expect(units.map((unit) => unit.id)).toEqual(units.map((_, index) => `u${index + 1}`));
    for (const unit of units) expect(unit.text).toBe(unit.text.trim());
  });

  describe('A/RES/80/173 in three languages', () => {
    const versions = ['80_173-2520874E', '80_173-2520874F', '80_173-2520874A'].map(find).filter((name) => name !== '');
    const labels = (document: OutcomeDocument, kind: string): string[] =>
      document.units.filter((unit) => unit.kind === kind).map((unit) => unit.label);

    it.each(versions)('%s: 127 paragraphs, 12 footnotes, headings, metadata', (name) => {
      const document = read(name);
      expect(countNumberedParagraphs(document.units)).toBe(127);
      expect(labels(document, 'paragraph').filter((label) => label !== '')).toEqual(
        Array.from({ length: 127 }, (_, index) => String(index + 1)),
      );
      expect(labels(document, 'footnote')).toEqual(Array.from({ length: 12 }, (_, index) => `note ${index + 1}`));
      expect(document).toMatchObject({ symbol: 'A/RES/80/173', date: '2025-12-17', format: 'akn' });
      expect(document.report.warnings).toEqual([]);
      const sections = document.units.filter((unit) => unit.kind === 'heading' && unit.level === 2);
      // The English and French files print the title once more, above the outcome document itself.
      expect(sections.filter((unit) => ink(unit.text) !== ink(document.title))).toHaveLength(17);
    });

    it('agrees on language, direction and work', () => {
      const documents = versions.map(read);
      expect(documents.map((document) => document.language)).toEqual(['en', 'fr', 'ar']);
      expect(documents.map((document) => document.direction)).toEqual(['ltr', 'ltr', 'rtl']);
      expect(new Set(documents.map((document) => document.workKey)).size).toBe(1);
      expect(documents[0]?.workKey).not.toBe('');
      // The preambular paragraphs are the concordance by order: the same number in each.
      expect(new Set(documents.map((document) => labels(document, 'preambular').length)).size).toBe(1);
    });

    it('keeps what stands on the cover and under the text', () => {
      const texts = read(find('2520874E')).units.map((unit) => unit.text);
      expect(texts).toContain('Resolution adopted by the General Assembly on 17 December 2025');
      expect(texts).toContain('Agenda item 15');
      expect(texts.at(-1)).toMatch(/^68th plenary meeting\n17.December 2025$/u);
    });

    it('leaves an Arabic note its brackets as a marker and its text without them', () => {
      const notes = read(find('2520874A')).units.filter((unit) => unit.kind === 'footnote');
      expect(notes.map((note) => note.marker)).toEqual(Array.from({ length: 12 }, (_, index) => `(${index + 1})`));
      expect(notes.every((note) => !/^[()]/u.test(note.text))).toBe(true);
    });
  });

  it.each([
    ['76_189', 'A/RES/76/189', 47, 17, '2021-12-17'],
    ['77_150', 'A/RES/77/150', 53, 19, '2022-12-14'],
  ])('%s, half of a revision pair', (part, symbol, paragraphs, notes, date) => {
    const document = read(find(part));
    expect(document).toMatchObject({ symbol, date, language: 'en' });
    expect(document.title).toBe('Information and communications technologies for sustainable development');
    expect(countNumberedParagraphs(document.units)).toBe(paragraphs);
    expect(document.units.filter((unit) => unit.kind === 'footnote')).toHaveLength(notes);
    expect(document.report.warnings).toEqual([]);
  });
});
