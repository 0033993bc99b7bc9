/**
 * Footnotes and word-processor residue in text that was copied out of a document: `[footnoteRef:1]` with
 * `[1:  See ...]` behind it, `[fn 3]` with a list of notes under a rule, `[bookmark: OLE_LINK1]`.
 *
 * A reference is taken out of the text only when its note is found; otherwise both stay where they are.
 */
import type { ImportArtefact } from './outcome-document.ts';
import type { SourceLine, SourceNote } from './source-line.ts';

export interface EndNotes {
  /** The lines without the list of notes. */
  readonly lines: readonly string[];
  readonly notes: readonly SourceNote[];
  readonly artefacts: readonly ImportArtefact[];
}

const rule = /^[_\-–—=]{4,}$/u;
const reference = /\s?\(?\[fn\.?\s?(\d{1,3}|\*+)\]\)?/gu;
const noteLine = /^\[?(?:fn\.?\s?)?(\d{1,3}|\*+)\]?[.)]?\s+(\S.*)$/u;
const superscripts = '⁰¹²³⁴⁵⁶⁷⁸⁹';

/** Takes out the list of notes under a rule whose numbers the text refers to. */
export function takeEndNotes(lines: readonly string[]): EndNotes {
  const wanted = new Set<string>();
  for (const line of lines) {
    if (line.includes('[fn')) for (const match of line.matchAll(reference)) wanted.add(match[1] as string);
    for (const match of line.matchAll(/(?<=\p{L}|[.,;:”"’)])[⁰¹²³⁴-⁹]{1,3}/gu)) wanted.add(fromSuperscript(match[0]));
  }
  if (wanted.size === 0) return { lines, notes: [], artefacts: [] };
  const kept: string[] = [];
  const artefacts: ImportArtefact[] = [];
  const notes: { key: string; marker: string; text: string }[] = [];
  let isList = false;
  lines.forEach((raw, index) => {
    const line = raw.trim();
    if (rule.test(line)) {
      const next = noteLine.exec((lines.slice(index + 1, index + 6).find((other) => other.trim() !== '') ?? '').trim());
      isList = next !== null && wanted.has(next[1] as string);
      if (isList) artefacts.push({ text: line, reason: 'footnote-marker' });
      else kept.push(raw);
      return;
    }
    const note = isList ? noteLine.exec(line) : null;
    const marker = note?.[1] as string;
    if (note !== null && wanted.has(marker) && !notes.some((other) => other.key === marker)) {
      notes.push({ key: marker, marker, text: note[2] as string });
    } else if (isList && line !== '' && /^\p{Ll}/u.test(line) && notes.length > 0) {
      const last = notes.at(-1) as { text: string };
      last.text += ` ${line}`;
    } else {
      if (line !== '') isList = false;
      kept.push(raw);
    }
  });
  return { lines: kept, notes, artefacts };
}

function fromSuperscript(text: string): string {
  return [...text].map((char) => superscripts.indexOf(char)).join('');
}

export interface NotedLines {
  readonly lines: readonly SourceLine[];
  readonly notes: readonly SourceNote[];
  readonly artefacts: readonly ImportArtefact[];
}

const bookmark = /\[bookmark:\s?[^\]\n]{1,80}\]/gu;
const wordReference = /\[footnoteRef:\s?(\d{1,4})\]/gu;

/** Takes references out of the lines and remembers where they stood; residue of bookmarks goes. */
export function takeReferences(lines: readonly SourceLine[], endNotes: readonly SourceNote[]): NotedLines {
  const artefacts: ImportArtefact[] = [];
  const notes: SourceNote[] = [...endNotes];
  const known = new Set(endNotes.map((note) => note.key));
  const referred = new Set(
    lines.flatMap((line) => [...line.text.matchAll(wordReference)].map((match) => match[1] as string)),
  );
  const cleaned = lines.map((line) => {
    if (!/[[⁰¹²³⁴-⁹]/u.test(line.text)) return line;
    const cuts: { start: number; end: number; key: string | null }[] = [];
    for (const match of line.text.matchAll(bookmark)) {
      cuts.push({ start: match.index, end: match.index + match[0].length, key: null });
      artefacts.push({ text: match[0], reason: 'word-residue' });
    }
    for (const { start, end, number, text } of findInlineNotes(line.text)) {
      if (!referred.has(number) || known.has(`word ${number}`)) continue;
      known.add(`word ${number}`);
      notes.push({ key: `word ${number}`, marker: number, text });
      cuts.push({ start, end, key: null });
    }
    return { line, cuts };
  });
  return {
    lines: cleaned.map((item) => {
      if (!('cuts' in item)) return item;
      const { line, cuts } = item;
      const mark = (pattern: RegExp, keyOf: (match: RegExpExecArray) => string): void => {
        for (const match of line.text.matchAll(pattern)) {
          const key = keyOf(match);
          if (!known.has(key)) continue;
          cuts.push({ start: match.index, end: match.index + match[0].length, key });
          artefacts.push({ text: match[0].trim(), reason: 'footnote-marker' });
        }
      };
      mark(wordReference, (match) => `word ${match[1]}`);
      mark(reference, (match) => match[1] as string);
      mark(/(?<=\p{L}|[.,;:”"’)])[⁰¹²³⁴-⁹]{1,3}/gu, (match) => fromSuperscript(match[0]));
      return cutOut(line, cuts);
    }),
    notes,
    artefacts,
  };
}

/** `[1:  This group ...]`, square brackets inside it balanced. */
function findInlineNotes(text: string): { start: number; end: number; number: string; text: string }[] {
  const found: { start: number; end: number; number: string; text: string }[] = [];
  for (const match of text.matchAll(/\[(\d{1,4}):\s*/g)) {
    let depth = 1;
    let at = match.index + match[0].length;
    const limit = Math.min(text.length, at + 5000);
    while (at < limit && depth > 0) {
      if (text[at] === '[') depth += 1;
      if (text[at] === ']') depth -= 1;
      at += 1;
    }
    if (depth > 0) continue;
    found.push({
      start: match.index,
      end: at,
      number: match[1] as string,
      text: text.slice(match.index + match[0].length, at - 1).trim(),
    });
  }
  return found;
}

/** Removes the pieces, noting at the place of each reference the note it refers to. */
function cutOut(line: SourceLine, cuts: { start: number; end: number; key: string | null }[]): SourceLine {
  if (cuts.length === 0) return line;
  cuts.sort((a, b) => a.start - b.start);
  let text = '';
  let from = 0;
  const notes = [...(line.notes ?? [])];
  const removedBefore = (offset: number): number =>
    cuts.reduce((sum, cut) => sum + Math.max(0, Math.min(cut.end, offset) - cut.start), 0);
  const shifted = notes.map((note) => ({ ...note, offset: note.offset - removedBefore(note.offset) }));
  for (const cut of cuts) {
    if (cut.start < from) continue;
    text += line.text.slice(from, cut.start);
    if (cut.key !== null) shifted.push({ offset: text.length, key: cut.key });
    from = cut.end;
  }
  text += line.text.slice(from);
  const styles = (line.styles ?? []).map((style) => ({
    ...style,
    start: style.start - removedBefore(style.start),
    end: style.end - removedBefore(style.end),
  }));
  return {
    ...line,
    text,
    styles: styles.filter((style) => style.start < style.end),
    notes: shifted.sort((a, b) => a.offset - b.offset),
  };
}
