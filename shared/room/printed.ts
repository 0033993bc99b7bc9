/** What outputs are printed with: the blocks of the writers of drafts, and the points of the session's language. */
import type { ExportBlock, ExportColumn, ExportText } from '../drafting/export-model.ts';
import type { UnLanguage } from '../i18n/messages.ts';

export interface Table {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

export type Printed = string | { readonly bold: string };

export const text = (...parts: readonly Printed[]): ExportText =>
  parts
    .map((part) =>
      typeof part === 'string' ? { text: part, marks: [] } : { text: part.bold, marks: ['bold' as const] },
    )
    .filter((part) => part.text !== '')
    .map((part) => ({ kind: 'text' as const, ...part }));

export const paragraph = (...parts: readonly Printed[]): ExportBlock => ({ kind: 'paragraph', text: text(...parts) });

export const heading = (level: 1 | 2 | 3, words: string): ExportBlock => ({
  kind: 'heading',
  level,
  text: text(words),
});

export const list = (items: readonly ExportText[]): ExportBlock[] =>
  items.length === 0
    ? []
    : [{ kind: 'list', list: 'bullet', items: items.map((each) => ({ marker: '•', text: each, inner: [] })) }];

/** `widths`: shares of the line, one a column; without them the columns are equal. */
export function tableBlock({ columns, rows }: Table, widths?: readonly number[]): ExportBlock[] {
  if (rows.length === 0) return [];
  const printed = [columns.map((each) => text({ bold: each })), ...rows.map((row) => row.map((each) => text(each)))];
  const sized = widths?.map((width): ExportColumn => ({ width }));
  return [{ kind: 'table', rows: printed, ...(sized === undefined ? {} : { columns: sized }) }];
}

/** With the spaces that a language sets beside them. */
export interface Points {
  readonly colon: string;
  readonly semicolon: string;
  readonly comma: string;
  /** Between names in a row. */
  readonly and: string;
  readonly stop: string;
  readonly open: string;
  readonly close: string;
}

const latin: Points = { colon: ': ', semicolon: '; ', comma: ', ', and: ', ', stop: '. ', open: '“', close: '”' };
const points: Readonly<Record<UnLanguage, Points>> = {
  en: latin,
  es: latin,
  ru: { ...latin, open: '«', close: '»' },
  fr: { ...latin, colon: '\u00A0: ', semicolon: '\u00A0; ', open: '«\u00A0', close: '\u00A0»' },
  ar: { ...latin, semicolon: '؛ ', comma: '، ', and: '، ', open: '«', close: '»' },
  zh: { colon: '：', semicolon: '；', comma: '，', and: '、', stop: '。', open: '“', close: '”' },
};

export function pointsOf(language: UnLanguage): Points {
  return points[language];
}
