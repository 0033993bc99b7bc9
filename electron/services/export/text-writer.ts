/**
 * Plain text for online forms: each question with its answer, a blank line between paragraphs, the footnotes of an
 * answer at its end (a form has one field per answer), and how many words the answer has.
 */
import type { ExportBlock, ExportList, ExportModel, ExportText } from '../../../shared/drafting/export-model.ts';

export function writePlainText(model: ExportModel): string {
  const parts: string[] = [];
  if (model.title !== '') parts.push(model.title);
  if (model.cover.length > 0) parts.push(model.cover.map(({ label, value }) => `${label}: ${value}`).join('\n'));
  const written = new Set<number>();
  let answer: { words: number; notes: number[] } | null = null;
  const loose: number[] = [];
  const finish = (): void => {
    if (answer === null) return;
    parts.push(...footnotes(model, answer.notes));
    parts.push(`[${answer.words} ${answer.words === 1 ? 'word' : 'words'}]`);
    answer = null;
  };
  for (const block of model.blocks) {
    if (block.kind === 'question' || block.kind === 'heading') finish();
    parts.push(...textOfBlock(block));
    if (block.kind === 'question') answer = { words: block.words, notes: [] };
    for (const number of notesIn(block)) {
      if (written.has(number)) continue;
      written.add(number);
      ((answer as { notes: number[] } | null)?.notes ?? loose).push(number);
    }
  }
  finish();
  parts.push(...footnotes(model, loose));
  return `${parts.join('\n\n')}\n`;
}

function footnotes(model: ExportModel, numbers: readonly number[]): string[] {
  return numbers.map((number) => `[${number}] ${plain(model.footnotes[number - 1]!.text)}`);
}

function notesIn(block: ExportBlock): number[] {
  return textsIn(block).flatMap((text) => text.flatMap((item) => (item.kind === 'note' ? [item.number] : [])));
}

function textsIn(block: ExportBlock): ExportText[] {
  if (block.kind === 'table') return block.rows.flat();
  if (block.kind !== 'list') return [block.text];
  return block.items.flatMap((item) => [item.text, ...item.inner.flatMap(textsIn)]);
}

function plain(text: ExportText): string {
  let out = '';
  for (const item of text) {
    if (item.kind === 'text') out += item.text;
    else if (item.kind === 'break') out += '\n';
    else if (item.kind === 'note') out += `[${item.number}]`;
    else out += item.text === item.href ? item.text : `${item.text} (${item.href})`;
  }
  return out;
}

function textOfBlock(block: ExportBlock): string[] {
  switch (block.kind) {
    case 'question':
      return [`${block.number}. ${plain(block.text)}`];
    case 'heading':
    case 'paragraph':
      return [plain(block.text)];
    case 'quotation':
      return [block.citation === '' ? plain(block.text) : `${plain(block.text)}\n— ${block.citation}`];
    case 'table':
      return [block.rows.map((row) => row.map((cell) => plain(cell).replaceAll('\n', ' ')).join(' | ')).join('\n')];
    case 'list':
      return listLines(block, '');
  }
}

function listLines(list: ExportList, indent: string): string[] {
  return list.items.flatMap((item) => [
    `${indent}${item.marker} ${plain(item.text)}`,
    ...item.inner.flatMap((inner) => listLines(inner, `${indent}   `)),
  ]);
}
