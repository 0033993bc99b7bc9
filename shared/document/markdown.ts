/**
 * Importer for Markdown: the block signs that carry structure (headings, lists, quotations, tables, footnotes) are read;
 * emphasis signs become emphasis. Raw HTML stays visible as text: it is never interpreted.
 */
import type { ImportArtefact, ImportWarning } from './outcome-document.ts';
import { assembleDocument, type ImportedDocument, type TextSource } from './plain-text.ts';
import type { SourceLine, SourceNote } from './source-line.ts';
import { takeReferences } from './text-notes.ts';
import { unwrapLines } from './unwrap.ts';

const importer = { name: 'markdown', version: 1 } as const;

type Style = NonNullable<SourceLine['styles']>[number];

export function importMarkdown(source: TextSource): ImportedDocument {
  const raw = source.text.replace(/^\uFEFF/, '').split(/\r\n|[\n\r]/u);
  const artefacts: ImportArtefact[] = [];
  const warnings: ImportWarning[] = [];
  const notes: SourceNote[] = [];
  const blocks = readBlocks(dropFrontMatter(raw, artefacts), notes, artefacts);
  if (blocks.some((block) => block.hints?.style === 'table')) {
    warnings.push({ code: 'table-flattened', message: 'A table was read row by row.' });
  }
  const known = new Set(notes.map((note) => note.key));
  const lines = blocks.map((block) => readInline(block, known, artefacts));
  const noted = takeReferences(lines, notes);
  const shapes = !lines.some((line) => line.hints?.style === 'heading');
  return assembleDocument({
    source,
    format: 'markdown',
    importer,
    lines: noted.lines,
    notes: noted.notes,
    warnings,
    artefacts: [...artefacts, ...noted.artefacts],
    headingsByShape: shapes,
  });
}

/** `---` to `---` at the very beginning is metadata, listed as such. */
function dropFrontMatter(lines: readonly string[], artefacts: ImportArtefact[]): readonly string[] {
  if (lines[0]?.trim() !== '---') return lines;
  const end = lines.findIndex((line, index) => index > 0 && index < 200 && /^(?:---|\.\.\.)\s*$/.test(line));
  if (end < 0 || !lines.slice(1, end).every((line) => line.trim() === '' || /^[\w-]+:|^\s+\S|^#/.test(line)))
    return lines;
  artefacts.push({ text: lines.slice(0, end + 1).join('\n'), reason: 'metadata' });
  return lines.slice(end + 1);
}

function readBlocks(lines: readonly string[], notes: SourceNote[], artefacts: ImportArtefact[]): SourceLine[] {
  const out: SourceLine[] = [];
  let paragraph: string[] = [];
  const flush = (): void => {
    for (const { text } of unwrapLines(paragraph)) out.push({ text });
    paragraph = [];
  };
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at] as string;
    const heading = /^ {0,3}(#{1,6})\s+(.*?)(?:\s+#+)?\s*$/.exec(line);
    const underline = /^ {0,3}(=+|-{2,})\s*$/.exec(lines[at + 1] ?? '');
    const note = /^\[\^([^\]\s]{1,40})\]:\s*(.*)$/.exec(line);
    const quote = /^ {0,3}>\s?(.*)$/.exec(line);
    if (heading !== null) {
      flush();
      out.push({ text: heading[2] as string, hints: { style: 'heading', level: (heading[1] as string).length } });
    } else if (underline !== null && line.trim() !== '' && !line.includes('|') && paragraph.length === 0) {
      out.push({
        text: line.trim(),
        hints: { style: 'heading', level: (underline[1] as string).startsWith('=') ? 1 : 2 },
      });
      at += 1;
    } else if (note !== null) {
      flush();
      let text = note[2] as string;
      while (/^(?: {2,}|\t)\S/.test(lines[at + 1] ?? '')) text += ` ${(lines[++at] as string).trim()}`;
      notes.push({ key: note[1] as string, marker: note[1] as string, text: text.trim() });
    } else if (
      /^ {0,3}\|?.*\|.*$/.test(line) &&
      /^ {0,3}\|?\s*:?-{2,}:?\s*(?:\|\s*:?-{2,}:?\s*)*\|?\s*$/.test(lines[at + 1] ?? '')
    ) {
      flush();
      artefacts.push({ text: (lines[at + 1] as string).trim(), reason: 'metadata' });
      out.push(...tableRow(line));
      at += 1;
      while ((lines[at + 1] ?? '').includes('|')) out.push(...tableRow(lines[++at] as string));
    } else if (quote !== null) {
      flush();
      if (quote[1] !== '') out.push({ text: quote[1] as string, hints: { style: 'quote' } });
    } else if (/^ {0,3}(?:```|~~~)/.test(line)) {
      flush();
      artefacts.push({ text: line.trim(), reason: 'metadata' });
    } else {
      // Escaped full stops (`1\.`) keep a number from becoming a list in Markdown; here it is a number either way.
      paragraph.push(line.replace(/^(\s*\d+)\\([.)])/, '$1$2').replace(/\s{2,}$|\\$/, ''));
    }
  }
  flush();
  return joinQuotes(out);
}

function tableRow(line: string): SourceLine[] {
  return line
    .trim()
    .replace(/^\||(?<!\\)\|$/g, '')
    .split(/(?<!\\)\|/)
    .map((cell) => ({ text: cell.trim().replace(/\\\|/g, '|'), hints: { style: 'table' as const } }))
    .filter((cell) => cell.text !== '');
}

function joinQuotes(lines: readonly SourceLine[]): SourceLine[] {
  return lines.reduce<SourceLine[]>((out, line) => {
    const last = out.at(-1);
    const joins = line.hints?.style === 'quote' && last?.hints?.style === 'quote' && !/[.!?;:]$/.test(last.text);
    if (joins && last !== undefined) out[out.length - 1] = { ...last, text: `${last.text} ${line.text}` };
    else out.push(line);
    return out;
  }, []);
}

const inlinePattern =
  /\\([\\`*_{}[\]()#+\-.!|>])|\[\^([^\]\s]{1,40})\]|(\*\*|__)(?=\S)(.{1,2000}?)(?<=\S)\3|(?<![\w*])([*_])(?=[^\s*_])([^*_]{1,2000}?)(?<=\S)\5(?![\w*])|!?\[([^\]]{0,2000})\]\((<?[^\s)>]{0,2000}>?)(?:\s+"([^"]{0,500})")?\)/gu;

/** Takes emphasis signs, footnote references and link addresses out of a line; addresses are listed as metadata. */
function readInline(line: SourceLine, known: ReadonlySet<string>, artefacts: ImportArtefact[]): SourceLine {
  if (!/[\\*_[]/.test(line.text)) return line;
  let text = '';
  const styles: Style[] = [];
  const notes: { offset: number; key: string }[] = [];
  const walk = (source: string, active: readonly Style['style'][]): void => {
    let from = 0;
    for (const match of source.matchAll(inlinePattern)) {
      const [whole, escaped, note, , strong, , emphasis, linked, address, linkTitle] = match;
      if (note !== undefined && !known.has(note)) continue;
      text += source.slice(from, match.index);
      from = match.index + whole.length;
      if (escaped !== undefined) text += escaped;
      else if (note !== undefined) {
        notes.push({ offset: text.length, key: note });
        artefacts.push({ text: whole, reason: 'footnote-marker' });
      } else if (strong !== undefined || emphasis !== undefined) {
        const style = strong !== undefined ? 'bold' : 'italic';
        const start = text.length;
        walk((strong ?? emphasis) as string, [...active, style]);
        if (!active.includes(style)) styles.push({ start, end: text.length, style });
      } else if (linked !== undefined) {
        walk(linked, active);
        const hidden = [address, linkTitle].filter((part) => part !== undefined && part !== '').join(' ');
        if (hidden !== '') artefacts.push({ text: hidden, reason: 'metadata' });
      }
    }
    text += source.slice(from);
  };
  walk(line.text, []);
  const first = styles.find((style) => style.start === 0);
  const hints = {
    ...line.hints,
    italicStart: first?.style === 'italic',
    boldAll: first?.style === 'bold' && first.end >= text.trimEnd().length,
  };
  return { text, styles, notes, hints };
}
