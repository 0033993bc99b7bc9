/**
 * Lines of plain text become paragraphs. A file may hold one paragraph per line, wrapped lines, or (pieced together from
 * several pages) both, so every line end is judged where it stands.
 *
 * A forced line end proves itself: the next word would not have fitted. Hyphens at a line end are kept unless the
 * text itself shows the word written without one and never with.
 */
import { parseMarker } from '../text/labels.ts';
import { isCoverLine } from './headings.ts';

export interface UnwrappedLine {
  readonly text: string;
  /** Index of the first source line it was made of. */
  readonly from: number;
}

const finished = /[.;:!?。；：！？؟؛…]["”’»)\]]*$/u;
/** Words after which no sentence and no heading ends. */
const dangling =
  /(?:^|[\s(])(?:a|an|the|of|for|to|and|or|in|on|by|with|at|from|as|that|which|including|its|their|this|de|des|du|la|le|les|et|ou|à|en|pour|par|dans|sur|los|las|el|y|del|para|por|con|и|в|на|по|с|для|о|или|не|при)$/iu;
const han = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}，。；：、！？（）“”]/u;

interface Block {
  /** Longest line of the run of lines without a blank one between. */
  readonly width: number;
  /** Whether most lines end near that width. */
  readonly isWrapped: boolean;
}

/** Joins wrapped lines; blank lines are gone afterwards. `keep` names lines that are joined with nothing. */
export function unwrapLines(lines: readonly string[], keep: ReadonlySet<number> = new Set()): UnwrappedLine[] {
  const words = createWordTest(lines);
  const out: { parts: string[]; from: number; last: string; markerLine: boolean }[] = [];
  let blanks = 0;
  let isKept = true;
  const blocks = measureBlocks(lines);
  lines.forEach((raw, index) => {
    const line = raw.trim();
    if (line === '') {
      blanks += 1;
      return;
    }
    const current = out.at(-1);
    const kept = keep.has(index);
    if (current !== undefined && !kept && !isKept && continues(current, line, blanks, blocks[index] as Block, raw)) {
      const joint = jointBetween(current.last, line, words);
      if (joint === 'without-hyphen') current.parts[current.parts.length - 1] = current.last.slice(0, -1);
      else if (joint === ' ') current.parts.push(' ');
      current.parts.push(line);
      current.last = line;
    } else {
      const marker = parseMarker(line);
      out.push({ parts: [line], from: index, last: line, markerLine: marker !== null && marker.strength === 'marked' });
    }
    isKept = kept;
    blanks = 0;
  });
  return out.map(({ parts, from }) => ({ text: parts.join(''), from }));
}

function measureBlocks(lines: readonly string[]): Block[] {
  const blocks: Block[] = new Array(lines.length);
  let start = 0;
  for (let at = 0; at <= lines.length; at++) {
    if (at < lines.length && (lines[at] as string).trim() !== '') continue;
    const lengths = lines.slice(start, at).map((line) => line.trim().length);
    const width = lengths.reduce((most, length) => Math.max(most, length), 0);
    const long = lengths.filter((length) => length > width * 0.75).length;
    const isWrapped = lengths.length > 1 && width >= 40 && width <= 130 && long * 2 >= lengths.length;
    for (let line = start; line < at; line++) blocks[line] = { width, isWrapped };
    start = at + 1;
  }
  return blocks;
}

function continues(
  current: { readonly parts: readonly string[]; readonly last: string; readonly markerLine: boolean },
  line: string,
  blanks: number,
  block: Block,
  raw: string,
): boolean {
  const last = current.last;
  if (blanks > 1 || isRule(line) || isRule(last) || startsSection.test(last) || startsSection.test(line)) return false;
  if (
    isAllCapitals(line) !== isAllCapitals(last) &&
    line.length < 100 &&
    last.length < 200 &&
    /\p{Lu}{4}/u.test(line + last)
  ) {
    return dangling.test(last) && !isAllCapitals(last);
  }
  if (line.length < 90 && isCoverLine(line)) return false;
  if (last.length < 90 && current.parts.length === 1 && isCoverLine(last)) return false;
  const marker = parseMarker(line);
  if (marker !== null && (marker.strength === 'marked' || marker.rest === '')) return false;
  const own = current.parts.length === 1 ? parseMarker(last) : null;
  // A number alone on its line: the recogniser gives it its text, so that the marker stays a marker.
  if (own !== null && own.scheme === 'number' && own.rest === '') return false;
  const isFinished = finished.test(last);
  const isLower = /^["“«'‘([]?[\p{Ll}\d]/u.test(line);
  if (marker !== null && isFinished) return false;
  if (/\p{L}-$/u.test(last) && /^\p{L}/u.test(line)) return true;
  if (isFinished)
    return (
      blanks === 0 && block.isWrapped && wasForced(last, line, block) && !isTitle(line) && !/^\s{2,}|^\t/.test(raw)
    );
  if (isLower && last.length < 200) return blanks === 0 || current.markerLine || current.parts.length > 1;
  if (isLower) return blanks === 0 ? last.length < 2000 && !/[,]$/.test(last) : current.markerLine;
  if (blanks > 0) return current.markerLine && last.length >= 60 && !isTitle(last) && !isTitle(line);
  if (dangling.test(last) && last.length < 400) return true;
  if (hasOpenBracket(last) && last.length < 200 && block.isWrapped) return true;
  if (/^\s|^\(/.test(raw) || isTitle(line) || isTitle(last)) return false;
  const isItem = current.markerLine || current.parts.length > 1;
  if (!block.isWrapped && !(isItem && last.length > 60 && /\p{L}$/u.test(last))) return false;
  return wasForced(last, line, block);
}

const startsSection = /^(?:={2,}|#{1,6}) /;
const isAllCapitals = (line: string): boolean => line === line.toUpperCase() && /\p{Lu}{2}/u.test(line);
const isRule = (line: string): boolean => /^[_\-=*~.·–—]{3,}$/u.test(line);

/** The first word of `line` would have made `last` longer than the longest line about. */
function wasForced(last: string, line: string, block: Block): boolean {
  const width = Math.min(block.width, 130);
  const first = han.test(line[0] as string) ? 1 : line.split(/\s/, 1)[0]!.length + 1;
  return last.length + first > width - 2 || (last.length > 60 && !finished.test(last) && last.length > width * 0.6);
}

/** Words that mostly begin with capitals: a heading, not the end of a line of text. */
function isTitle(line: string): boolean {
  const words = line.split(/\s+/).filter((word) => word.length > 3);
  const capitals = words.filter((word) => /^["“(]?\p{Lu}/u.test(word)).length;
  return (
    line.length < 100 &&
    !finished.test(line) &&
    words.length > 0 &&
    capitals >= words.length * 0.8 &&
    !dangling.test(line)
  );
}

function hasOpenBracket(text: string): boolean {
  return text.lastIndexOf('(') > text.lastIndexOf(')');
}

function jointBetween(last: string, line: string, words: WordTest): ' ' | '' | 'without-hyphen' {
  const before = /(\p{L}+)-$/u.exec(last)?.[1];
  const after = /^\p{L}+/u.exec(line)?.[0];
  if (before !== undefined && after !== undefined) return words.isOneWord(before, after) ? 'without-hyphen' : '';
  return han.test(last.at(-1) as string) && han.test(line[0] as string) ? '' : ' ';
}

interface WordTest {
  isOneWord(before: string, after: string): boolean;
}

/** Answers from the text itself whether a word broken at a line end is written with its hyphen elsewhere. */
function createWordTest(lines: readonly string[]): WordTest {
  let written: Set<string> | null = null;
  return {
    isOneWord(before, after) {
      if (written === null) {
        written = new Set();
        for (const line of lines)
          for (const word of line.toLowerCase().match(/\p{L}+(?:-\p{L}+)*/gu) ?? []) written.add(word);
      }
      const [start, end] = [before.toLowerCase(), after.toLowerCase()];
      return written.has(start + end) && !written.has(`${start}-${end}`);
    },
  };
}
