import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { draftTemplates } from '../contract/drafts.ts';
import { base32, type RecordId } from '../ids.ts';
import { fieldRule, recordTypes } from '../records/record-types.ts';
import { opsOfContent } from './draft-content.ts';
import { plainText } from './inline.ts';
import { createPlaceSource } from './places.ts';
import { contentOfTemplate, coverLabelsOf, templateOf } from './templates.ts';

const call = new URL('../../../shared/corpus/rcc-common-input-wsis20-call.txt', import.meta.url);
let count = 0;
const newId = (): RecordId => {
  count += 1;
  const nonce = base32(new Uint8Array([0, 0, 0, 0, 0, count >> 8, count & 255])).slice(0, 10);
  return `${'a'.repeat(26)}.${base32(new Uint8Array([count >> 8, count & 255])).padEnd(10, nonce)}` as RecordId;
};

describe('templates', () => {
  it.each(draftTemplates)('%s becomes ops that the record types accept', (template) => {
    const content = contentOfTemplate(template, { language: 'en', title: 'Title' });
    const ops = opsOfContent(content, { draft: newId(), newId, places: createPlaceSource('aaaaaaaa') });
    for (const op of ops) {
      const rule = fieldRule(recordTypes, op.type, op.field);
      expect(rule, `${op.type}.${op.field}`).toBeDefined();
      expect(rule!.holds(op.value), `${op.type}.${op.field}`).toBe(true);
    }
    const fields = ops.map((op) => `${op.record} ${op.field}`);
    expect(new Set(fields).size).toBe(fields.length);
  });

  it('the contribution has its six parts and its cover block', () => {
    const { blocks } = contentOfTemplate('council-contribution', { language: 'en' });
    const parts = blocks.filter((block) => block.style.kind === 'section').map((block) => plainText(block.content));
    expect(parts).toEqual(['Purpose', 'Action required', 'References', 'Introduction', 'Discussion', 'Proposal']);
    const keys = templateOf('council-contribution').cover.map((field) => field.key);
    expect(keys).toEqual(['meeting', 'place', 'date', 'document', 'original', 'source', 'contact']);
  });

  it('has the parts and the cover block of a contribution in the six languages', () => {
    const english = contentOfTemplate('council-contribution', { language: 'en' }).blocks;
    for (const language of ['ar', 'zh', 'fr', 'ru', 'es']) {
      const { blocks } = contentOfTemplate('council-contribution', { language });
      expect(blocks.map(({ style }) => style)).toEqual(english.map(({ style }) => style));
      const headings = blocks.filter(({ style }) => style.kind === 'section').map(({ content }) => plainText(content));
      expect(new Set(headings).size).toBe(6);
      expect(headings).not.toContain('Purpose');
      const labels = [...coverLabelsOf('council-contribution', language).values()];
      expect(labels.every((label) => label !== '' && label !== 'Meeting')).toBe(true);
    }
    expect(coverLabelsOf('council-contribution', 'xx').get('meeting')).toBe('Meeting');
  });

  it('the eleven questions stand under four headings and name their source', () => {
    const template = templateOf('eleven-questions');
    expect(template.blocks.filter((block) => block.style.kind === 'heading')).toHaveLength(4);
    const numbers = template.blocks.flatMap(({ style }) => (style.kind === 'question' ? [style.number] : []));
    expect(numbers).toEqual(['1', '2', '3', '4', '5', '6', '7', '8', '9', '10', '11']);
    expect(template.source).toContain('call for inputs');
  });

  it.skipIf(!existsSync(call))('the questions and headings are the wording of the call', () => {
    const text = readFileSync(call, 'utf8').replace(/\s+/g, ' ');
    for (const block of templateOf('eleven-questions').blocks) {
      const printed = block.style.kind === 'question' ? `${block.style.number}. ${block.text}` : block.text;
      expect(text).toContain(printed);
    }
  });

  it('a template of a newer program is read as blank', () => {
    expect(templateOf('toString').key).toBe('blank');
  });
});
