/**
 * Text with emphasis and footnote references while an importer puts it together from runs. Offsets are UTF-16 code
 * units throughout. White space is collected as written and collapsed once, when the text is built, so that offsets
 * never have to be shifted by hand.
 */
export type Emphasis = 'italic' | 'bold' | 'underline';

export interface RichText {
  readonly text: string;
  readonly styles: readonly { readonly start: number; readonly end: number; readonly style: Emphasis }[];
  /** Where footnote references stand; `key` names the note within its importer. */
  readonly notes: readonly { readonly offset: number; readonly key: string }[];
}

export const emptyRichText: RichText = { text: '', styles: [], notes: [] };

/** Stands for a line break that the document states, as against white space of its mark-up. */
export const lineBreak = '\u2028';

interface Run {
  readonly text: string;
  readonly styles: ReadonlySet<Emphasis>;
}

export function createRichTextBuilder() {
  const runs: Run[] = [];
  const notes: { at: number; key: string }[] = [];
  let length = 0;
  return {
    add(text: string, styles: ReadonlySet<Emphasis>): void {
      if (text === '') return;
      runs.push({ text, styles });
      length += text.length;
    },
    note(key: string): void {
      notes.push({ at: length, key });
    },
    isBlank(): boolean {
      return notes.length === 0 && runs.every((run) => /^\s*$/u.test(run.text));
    },
    /** The text so far, as written. */
    raw(): string {
      return runs.map((run) => run.text).join('');
    },
    build(): RichText {
      return collapse(runs, notes);
    },
  };
}
export type RichTextBuilder = ReturnType<typeof createRichTextBuilder>;

const space = /[ \t\r\n\f\v\u2028]/;
const trimmed = /[\s\u200b\ufeff]/;

/**
 * Runs of white space become one character: a line break where the document states one, a tab where there was a tab
 * (markers are told by it), else a space. No-break spaces stay. White space at either end goes.
 */
function collapse(runs: readonly Run[], notes: readonly { at: number; key: string }[]): RichText {
  const raw = runs.map((run) => run.text).join('');
  let text = '';
  // newOffset[i]: where the character i of the raw text stands in the collapsed one.
  const newOffset: number[] = [];
  let at = 0;
  while (at < raw.length) {
    if (!space.test(raw[at] ?? '')) {
      newOffset.push(text.length);
      text += raw[at];
      at += 1;
      continue;
    }
    let end = at;
    while (end < raw.length && space.test(raw[end] ?? '')) end += 1;
    const white = raw.slice(at, end);
    for (let i = at; i < end; i += 1) newOffset.push(i === at ? text.length : text.length + 1);
    text += white.includes(lineBreak) ? '\n' : white.includes('\t') ? '\t' : ' ';
    at = end;
  }
  newOffset.push(text.length);
  const styles: { start: number; end: number; style: Emphasis }[] = [];
  for (const style of ['italic', 'bold', 'underline'] as const) {
    let position = 0;
    for (const run of runs) {
      const start = newOffset[position] ?? text.length;
      position += run.text.length;
      const end = newOffset[position] ?? text.length;
      if (!run.styles.has(style) || start >= end) continue;
      const last = styles[styles.length - 1];
      if (last !== undefined && last.style === style && last.end === start) last.end = end;
      else styles.push({ start, end, style });
    }
  }
  const placed = notes.map((note) => ({ offset: newOffset[note.at] ?? text.length, key: note.key }));
  return trim({ text, styles, notes: placed });
}

/** Without white space at either end, the styles kept to what carries ink. */
export function trim(rich: RichText): RichText {
  let start = 0;
  let end = rich.text.length;
  while (start < end && trimmed.test(rich.text[start] ?? '')) start += 1;
  while (end > start && trimmed.test(rich.text[end - 1] ?? '')) end -= 1;
  return slice(rich, start, end);
}

/** The part from `start` to `end`; references outside it move to its nearest end, so that none is lost. */
export function slice(rich: RichText, start: number, end = rich.text.length): RichText {
  const text = rich.text.slice(start, end);
  const styles = rich.styles.flatMap((span) => {
    let from = Math.max(span.start, start) - start;
    let to = Math.min(span.end, end) - start;
    while (from < to && trimmed.test(text[from] ?? '')) from += 1;
    while (to > from && trimmed.test(text[to - 1] ?? '')) to -= 1;
    return from < to ? [{ start: from, end: to, style: span.style }] : [];
  });
  const notes = rich.notes.map((note) => ({
    offset: Math.min(Math.max(note.offset - start, 0), text.length),
    key: note.key,
  }));
  return { text, styles, notes };
}

/** The parts one after the other with `separator` between those that are not empty. */
export function join(parts: readonly RichText[], separator: string): RichText {
  let text = '';
  const styles: { start: number; end: number; style: Emphasis }[] = [];
  const notes: { offset: number; key: string }[] = [];
  for (const part of parts) {
    if (part.text === '' && part.notes.length === 0) continue;
    if (text !== '' && part.text !== '') text += separator;
    const base = text.length;
    for (const span of part.styles) styles.push({ ...span, start: span.start + base, end: span.end + base });
    for (const note of part.notes) notes.push({ offset: note.offset + base, key: note.key });
    text += part.text;
  }
  return { text, styles, notes };
}

/** Tabs as spaces: outside tables a tab says nothing once markers have been told by it. */
export function withoutTabs(rich: RichText): RichText {
  return { ...rich, text: rich.text.replaceAll('\t', ' ') };
}

/** True when `style` covers every letter and digit of the text, and there is one. */
export function isWholly(rich: RichText, style: Emphasis): boolean {
  let seen = false;
  for (const match of rich.text.matchAll(/[\p{L}\p{N}]/gu)) {
    seen = true;
    if (!rich.styles.some((span) => span.style === style && span.start <= match.index && match.index < span.end))
      return false;
  }
  return seen;
}

/** With `inserted` put in at `offset`, before a reference that stands there. */
export function insertText(rich: RichText, offset: number, inserted: string): RichText {
  const shift = (at: number): number => (at >= offset ? at + inserted.length : at);
  return {
    text: rich.text.slice(0, offset) + inserted + rich.text.slice(offset),
    styles: rich.styles.map((span) => ({
      start: shift(span.start),
      end: span.end > offset ? span.end + inserted.length : span.end,
      style: span.style,
    })),
    notes: rich.notes.map((note) => ({ ...note, offset: shift(note.offset) })),
  };
}

/** Without the characters from `start` to `end`; references inside move to `start`. */
export function removeText(rich: RichText, start: number, end: number): RichText {
  const shift = (at: number): number => (at <= start ? at : Math.max(start, at - (end - start)));
  return {
    text: rich.text.slice(0, start) + rich.text.slice(end),
    styles: rich.styles
      .map((span) => ({ start: shift(span.start), end: shift(span.end), style: span.style }))
      .filter((span) => span.start < span.end),
    notes: rich.notes.map((note) => ({ ...note, offset: shift(note.offset) })),
  };
}
