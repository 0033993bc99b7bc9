/** Markdown as GitHub and Pandoc read it: `[^1]` footnotes, pipe tables; what Markdown lacks is written as HTML tags. */
import type { ExportBlock, ExportList, ExportModel, ExportText } from '../../../shared/drafting/export-model.ts';
import type { Mark } from '../../../shared/drafting/inline.ts';

export function writeMarkdown(model: ExportModel): string {
  const parts: string[] = [];
  if (model.title !== '') parts.push(`# ${escaped(model.title)}`);
  if (model.cover.length > 0) {
    const rows = model.cover.map(({ label, value }) => `| ${inCell(escaped(label))} | ${inCell(escaped(value))} |`);
    parts.push(['| | |', '| --- | --- |', ...rows].join('\n'));
  }
  for (const block of model.blocks) parts.push(markdownOf(block));
  for (const note of model.footnotes) parts.push(`[^${note.number}]: ${inline(note.text).replaceAll('\n', '\n    ')}`);
  return `${parts.join('\n\n')}\n`;
}

function markdownOf(block: ExportBlock): string {
  switch (block.kind) {
    case 'heading':
      // The title is the first level.
      return `${'#'.repeat(block.level + 1)} ${oneLine(inline(block.text))}`;
    case 'question':
      return `### ${escaped(block.number)}. ${oneLine(inline(block.text))}`;
    case 'paragraph':
      return atLineStart(inline(block.text));
    case 'quotation': {
      const quoted = atLineStart(inline(block.text)).replaceAll('\n', '\n> ');
      return block.citation === '' ? `> ${quoted}` : `> ${quoted}\n>\n> — ${escaped(block.citation)}`;
    }
    case 'table':
      return table(block.rows);
    case 'list':
      return listLines(block, '').join('\n');
  }
}

function table(rows: readonly (readonly ExportText[])[]): string {
  const lines = rows.map((row) => `| ${row.map((cell) => inCell(inline(cell))).join(' | ')} |`);
  const rule = `| ${(rows[0] ?? []).map(() => '---').join(' | ')} |`;
  return [lines[0], rule, ...lines.slice(1)].join('\n');
}

function inCell(text: string): string {
  return text.replace(/\\?\n/g, '<br>');
}

function oneLine(text: string): string {
  return text.replace(/\\?\n/g, ' ');
}

/** Markdown has no lettered lists; Pandoc reads `a)` as one and everybody else as text, which is what it is. */
function listLines(list: ExportList, indent: string): string[] {
  return list.items.flatMap((item) => {
    const marker = list.list === 'bullet' ? '-' : item.marker;
    const inside = `${indent}${' '.repeat(marker.length + 1)}`;
    const text = atLineStart(inline(item.text)).replaceAll('\n', `\n${inside}`);
    return [`${indent}${marker} ${text}`, ...item.inner.flatMap((inner) => listLines(inner, inside))];
  });
}

function inline(text: ExportText): string {
  let out = '';
  for (const item of text) {
    if (item.kind === 'text') out += marked(item.text, item.marks);
    else if (item.kind === 'break') out += '\\\n';
    else if (item.kind === 'note') out += item.first ? `[^${item.number}]` : `<sup>${item.number}</sup>`;
    else out += `[${escaped(item.text)}](<${item.href.replace(/[<>\\\s]/g, encodeURIComponent)}>)`;
  }
  return out;
}

const around: Readonly<Record<Mark, readonly [string, string]>> = {
  bold: ['**', '**'],
  italic: ['*', '*'],
  strikethrough: ['~~', '~~'],
  underline: ['<u>', '</u>'],
  superscript: ['<sup>', '</sup>'],
  subscript: ['<sub>', '</sub>'],
};

function marked(text: string, marks: readonly Mark[]): string {
  // `**word **` is no emphasis in Markdown: spaces stay outside.
  const [, before, words, after] = /^(\s*)(.*?)(\s*)$/s.exec(text)!;
  if (words === '') return text;
  const wrapped = marks.reduce((inner, mark) => `${around[mark][0]}${inner}${around[mark][1]}`, escaped(words!));
  return `${before}${wrapped}${after}`;
}

function escaped(text: string): string {
  return text.replace(/[\\`*_{}[\]<>#|~&$^]/g, '\\$&').replace(/\n/g, ' ');
}

/** What would begin a list, a rule or a quotation there. */
function atLineStart(text: string): string {
  return text.replace(/^(\s*)([-+=]|\d+(?=[.)]))/, (_, space: string, start: string) =>
    /\d/.test(start) ? `${space}${start}\\` : `${space}\\${start}`,
  );
}
