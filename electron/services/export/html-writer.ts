/** One HTML file with everything in it: semantic elements, language and direction, linked footnotes, no scripts. */
import type {
  ExportBlock,
  ExportColumn,
  ExportList,
  ExportModel,
  ExportText,
} from '../../../shared/drafting/export-model.ts';
import type { Mark } from '../../../shared/drafting/inline.ts';

const style = `
  body { font: 1rem/1.6 serif; max-inline-size: 44rem; margin: 2rem auto; padding-inline: 1rem; }
  table { border-collapse: collapse; }
  th, td { border: 1px solid #999; padding: 0.25rem 0.5rem; text-align: start; vertical-align: top; }
  .cover th { border: 0; font-weight: bold; }
  .cover td { border: 0; }
  body.wide { max-inline-size: none; }
  table.dense { font: 0.8rem/1.35 sans-serif; margin-block: 1rem; }
  table.dense thead th { position: sticky; inset-block-start: 0; background: #eee; }
  th.turned { vertical-align: bottom; }
  th.turned span { writing-mode: vertical-rl; transform: rotate(180deg); white-space: nowrap; }
  blockquote { margin-inline: 2rem; }
  blockquote footer { font-size: 0.9em; }
  .footnotes { border-block-start: 1px solid #999; margin-block-start: 2rem; font-size: 0.9em; }
`;

const sideways = '@page { size: A4 landscape; margin: 1.5cm; }\n';

export function writeHtml(model: ExportModel): string {
  const cover = model.cover.map(
    ({ label, value }) => `<tr><th scope="row">${text(label)}</th><td>${text(value)}</td></tr>`,
  );
  const notes = model.footnotes.map(
    ({ number, text: words }) =>
      `<li id="fn${number}">${inline(words)} <a href="#fnref${number}" role="doc-backlink">↩</a></li>`,
  );
  return [
    '<!doctype html>',
    `<html lang="${text(model.language)}" dir="${model.direction}">`,
    '<head>',
    '<meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width">',
    `<title>${text(model.title)}</title>`,
    `<style>${style}${model.landscape === true ? sideways : ''}</style>`,
    '</head>',
    model.landscape === true ? '<body class="wide">' : '<body>',
    ...(model.title === '' ? [] : [`<h1>${text(model.title)}</h1>`]),
    ...(cover.length === 0 ? [] : [`<table class="cover">`, ...cover, '</table>']),
    '<main>',
    ...model.blocks.map(htmlOf),
    '</main>',
    ...(notes.length === 0
      ? []
      : ['<section class="footnotes" role="doc-endnotes">', '<ol>', ...notes, '</ol>', '</section>']),
    '</body>',
    '</html>',
    '',
  ].join('\n');
}

function htmlOf(block: ExportBlock): string {
  switch (block.kind) {
    case 'heading':
      return `<h${block.level + 1}>${inline(block.text)}</h${block.level + 1}>`;
    case 'question':
      return `<h3 class="question">${text(block.number)}. ${inline(block.text)}</h3>`;
    case 'paragraph':
      return `<p>${inline(block.text)}</p>`;
    case 'quotation': {
      const source = block.citation === '' ? '' : `<footer><cite>${text(block.citation)}</cite></footer>`;
      return `<blockquote><p>${inline(block.text)}</p>${source}</blockquote>`;
    }
    case 'table': {
      const cells = (row: readonly ExportText[], tag: string): string =>
        `<tr>${row.map((cell) => `<${tag}>${inline(cell)}</${tag.split(' ')[0]}>`).join('')}</tr>`;
      const [head, ...rest] = block.rows;
      if (block.columns !== undefined) return denseTable(block.rows, block.columns);
      const body = rest.length === 0 ? '' : `<tbody>${rest.map((row) => cells(row, 'td')).join('\n')}</tbody>`;
      return `<table><thead>${cells(head ?? [], 'th scope="col"')}</thead>${body}</table>`;
    }
    case 'list':
      return list(block);
  }
}

/** The first cell of a row names it, so that a reader's program can say where in the table a cell stands. */
function denseTable(
  [head = [], ...rest]: readonly (readonly ExportText[])[],
  columns: readonly ExportColumn[],
): string {
  const heads = head.map((cell, at) =>
    columns[at]?.turned === true
      ? `<th scope="col" class="turned"><span>${inline(cell)}</span></th>`
      : `<th scope="col">${inline(cell)}</th>`,
  );
  const rows = rest.map(
    ([first = [], ...cells]) =>
      `<tr><th scope="row">${inline(first)}</th>${cells.map((cell) => `<td>${inline(cell)}</td>`).join('')}</tr>`,
  );
  return `<table class="dense"><thead><tr>${heads.join('')}</tr></thead><tbody>${rows.join('\n')}</tbody></table>`;
}

function list({ list: kind, items }: ExportList): string {
  const [open, close] = kind === 'bullet' ? ['<ul>', '</ul>'] : [kind === 'letter' ? '<ol type="a">' : '<ol>', '</ol>'];
  const inside = items.map((item) => `<li>${inline(item.text)}${item.inner.map(list).join('')}</li>`);
  return [open, ...inside, close].join('\n');
}

function inline(words: ExportText): string {
  let out = '';
  for (const item of words) {
    if (item.kind === 'text') out += marked(text(item.text), item.marks);
    else if (item.kind === 'break') out += '<br>';
    else if (item.kind === 'link') out += `<a href="${text(item.href)}">${text(item.text)}</a>`;
    else {
      const id = item.first ? ` id="fnref${item.number}"` : '';
      out += `<sup><a${id} href="#fn${item.number}" role="doc-noteref">${item.number}</a></sup>`;
    }
  }
  return out;
}

const tags: Readonly<Record<Mark, string>> = {
  bold: 'strong',
  italic: 'em',
  underline: 'u',
  superscript: 'sup',
  subscript: 'sub',
  strikethrough: 's',
};

function marked(words: string, marks: readonly Mark[]): string {
  return marks.reduce((inner, mark) => `<${tags[mark]}>${inner}</${tags[mark]}>`, words);
}

function text(words: string): string {
  return words.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
