/** What an imported file and a draft have in common: paragraphs in reading order, before anything is known of answers. */
import type { Unit } from '../../document/outcome-document.ts';
import type { DraftContent } from '../../drafting/draft-content.ts';
import { inlineText, normaliseInline, sliceInline, type Inline, type InlineContent } from '../../drafting/inline.ts';
import type { RecordId } from '../../ids.ts';

export interface SourceParagraph {
  readonly role: 'question' | 'heading' | 'paragraph' | 'listItem' | 'quotation' | 'table';
  /** What is printed before it. */
  readonly marker: string;
  readonly content: InlineContent;
  /** Of a draft's question: its number in the template. */
  readonly number?: string;
}

export interface Source {
  readonly paragraphs: readonly SourceParagraph[];
  readonly footnotes: Readonly<Record<string, InlineContent>>;
}

/** Text in which every item that is not text is one character, so that offsets are those of the content. */
export function flatText(content: InlineContent): string {
  return content.map((item) => (item.t === 'text' ? item.s : item.t === 'break' ? '\n' : '\uFFFC')).join('');
}

const roles: Readonly<Record<Unit['kind'], SourceParagraph['role']>> = {
  heading: 'heading',
  preambular: 'paragraph',
  paragraph: 'paragraph',
  question: 'paragraph',
  text: 'paragraph',
  subparagraph: 'listItem',
  footnote: 'paragraph',
};

export function sourceOfUnits(units: readonly Unit[]): Source {
  const footnotes: Record<string, InlineContent> = {};
  const paragraphs: SourceParagraph[] = [];
  for (const unit of units) {
    const content = inlineOfUnit(unit);
    if (unit.kind === 'footnote') footnotes[unit.id] = content;
    else paragraphs.push({ role: roles[unit.kind], marker: unit.marker, content });
  }
  return { paragraphs, footnotes };
}

/** A unit's text with its emphasis and its references to footnotes. */
function inlineOfUnit({ text, styles, notes }: Unit): InlineContent {
  const cuts = new Set([0, text.length, ...notes.map(({ offset }) => offset)]);
  for (const { start, end } of styles) cuts.add(start).add(end);
  const points = [...cuts].filter((at) => at >= 0 && at <= text.length).sort((a, b) => a - b);
  const out: Inline[] = [];
  points.forEach((at, index) => {
    for (const { offset, note } of notes) if (offset === at) out.push({ t: 'note', id: note as string as RecordId });
    const next = points[index + 1];
    if (next === undefined) return;
    const marks = styles.filter(({ start, end }) => start <= at && end >= next).map(({ style }) => style);
    out.push(...inlineText(text.slice(at, next), ...marks));
  });
  return normaliseInline(out);
}

export function sourceOfDraft(draft: Pick<DraftContent, 'blocks' | 'footnotes'>): Source {
  const paragraphs = draft.blocks.flatMap(({ style, content, table }): SourceParagraph[] => {
    switch (style.kind) {
      case 'question':
        return [{ role: 'question', marker: '', content, number: style.number }];
      case 'section':
        return [{ role: 'question', marker: '', content, number: style.key }];
      case 'heading':
        return [{ role: 'heading', marker: '', content }];
      case 'listItem':
        return [{ role: 'listItem', marker: '•', content }];
      case 'quotation':
        return [{ role: 'quotation', marker: '', content }];
      case 'table': {
        const rows = (table?.rows ?? []).map((row) => rowOf(row, table!.columns, table!.cells));
        return [content, ...rows].map((each) => ({ role: 'table', marker: '', content: each }));
      }
      default:
        return [{ role: 'paragraph', marker: '', content }];
    }
  });
  return { paragraphs, footnotes: draft.footnotes };
}

/** The cells of a row side by side, as a table reads in plain text. */
function rowOf(row: string, columns: readonly string[], cells: Readonly<Record<string, InlineContent>>): InlineContent {
  return normaliseInline(
    columns.flatMap((column, index) => [
      ...(index === 0 ? [] : inlineText(' | ')),
      ...(cells[`${row}:${column}`] ?? []),
    ]),
  );
}

/** Without white space at its ends. */
export function trimInline(content: InlineContent): InlineContent {
  const text = flatText(content);
  const start = text.length - text.trimStart().length;
  return start === 0 && text.trimEnd() === text ? content : sliceInline(content, start, text.trimEnd().length);
}
