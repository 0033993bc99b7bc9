/**
 * Printed labels: reading the marker before a paragraph, the canonical spelling by which paragraphs are cited and
 * matched across languages, comparing labels, and understanding what a person types into the jump field.
 *
 * Canonical: numbers in Western digits; letters and small roman numerals lower-case with a closing bracket (`35 a) ii)`);
 * insertions after a space (`11 bis`, `18 alt 2`, `39 B`). A bare letter before a number sequence keeps its capital (`A`).
 */

export type LabelScheme = 'number' | 'decimal' | 'letter' | 'capital' | 'roman' | 'capital-roman' | 'bullet';

export interface Marker {
  /** As printed, without the white space after it: `35.`, `(a)`, `1 -`. */
  readonly marker: string;
  /** One step of a label path in canonical spelling: `35`, `11 bis`, `a)`, `ii)`, `1.1`; empty for bullets. */
  readonly part: string;
  readonly scheme: LabelScheme;
  /** 1 for `1`, `a` and `i`; for decimals the last number. */
  readonly rank: number;
  /** The rank when the same letters are read as a roman numeral: `i)` is letter 9 and roman 1. */
  readonly romanRank: number | null;
  /** `bis`, `alt 1`, `B`: what makes it an insertion, or empty. */
  readonly insertion: string;
  /** `bare` is a number or letter with nothing but space after it: proof must come from the sequence. */
  readonly strength: 'marked' | 'bare';
  /** Everything after the marker and its white space. */
  readonly rest: string;
}

const insertionWords = ['bis', 'ter', 'quater', 'quinquies', 'sexies', 'septies', 'octies'];
const insertionSpelling: ReadonlyMap<string, string> = new Map([
  ['quat', 'quater'],
  ['quin', 'quinquies'],
  ['sex', 'sexies'],
  ['مكرر', 'bis'],
  ['مكررا', 'bis'],
  ['之二', 'bis'],
  ['之三', 'ter'],
]);
/** Arabic letters in the order in which they number (abjad), which is the order of a, b, c in the other languages. */
const abjad = 'أبجدهوزحطيكلمنسعفصقرشت';
const cyrillic = 'абвгдежзиклмнопрстуфхцчшщэюя';
const chineseDigits = '零一二三四五六七八九';

/** Value of a small roman numeral in its shortest spelling, or null. */
export function romanValue(text: string): number | null {
  if (!/^(?=.)(?:c{0,3})(?:xc|xl|l?x{0,3})(?:ix|iv|v?i{0,3})$/.test(text)) return null;
  const values: Readonly<Record<string, number>> = { i: 1, v: 5, x: 10, l: 50, c: 100 };
  const digits = [...text].map((char) => values[char] as number);
  return digits.reduce((sum, value, index) => sum + (value < (digits[index + 1] ?? 0) ? -value : value), 0);
}

/** Western digits for Arabic-Indic, Persian, Devanagari and full-width ones; everything else stays. */
export function westernDigits(text: string): string {
  return text
    .replace(/[٠-٩]/g, (char) => String(char.charCodeAt(0) - 0x660))
    .replace(/[۰-۹]/g, (char) => String(char.charCodeAt(0) - 0x6f0))
    .replace(/[०-९]/g, (char) => String(char.charCodeAt(0) - 0x966))
    .replace(/[０-９]/g, (char) => String(char.charCodeAt(0) - 0xff10));
}

/** Value of a Chinese numeral up to 99 (`十二`, `二十三`), or null. */
function chineseValue(text: string): number | null {
  const match = /^([一二三四五六七八九]?)(十?)([一二三四五六七八九]?)$/.exec(text);
  if (match === null || text === '') return null;
  const [, tens = '', ten = '', units = ''] = match;
  if (ten === '') return tens !== '' && units === '' ? chineseDigits.indexOf(tens) : null;
  return (tens === '' ? 1 : chineseDigits.indexOf(tens)) * 10 + (units === '' ? 0 : chineseDigits.indexOf(units));
}

const insertionSource =
  '(?:\\s?(bis|ter|quat(?:er)?|quin(?:quies)?|sex(?:ies)?|مكررا?|之[二三])|\\s(alt(?:ernative)?\\.?\\s?\\d{0,2})|([A-Z])(?:\\s?(bis|ter|quat(?:er)?))?)?';
const digit = '[0-9٠-٩۰-۹０-９]';
const numberPattern = new RegExp(
  // New [18 BIS. | 45.The | 1 - | 1) | 1、 | 7 <tab>
  `^((?:new\\s+|nouveau\\s+|nuevo\\s+)?[\\[(（]?(${digit}{1,4})${insertionSource}` +
    `(?:\\s?[.．、)）\\]:：](?!${digit})[)\\]]?|\\s?[-–—](?=\\s|$)|(?=\\s*\\t)|(?=\\s|$)))(\\s*)`,
  'iu',
);
const decimalPattern = new RegExp(`^((\\d{1,3}(?:\\.\\d{1,3}){1,4})[.)]?)(\\s+|$)`, 'u');
/** `.1 text` and `.12 text`, as right-to-left typesetting leaves it. */
const leadingDotPattern = new RegExp(`^(\\.(${digit}{1,3}))(\\s+)(?=\\S)`, 'u');
const wordNumberPattern = new RegExp(
  `^((?:paragraph|para\\.?|paragraphe|párrafo|пункт|الفقرة|operative paragraph|OP|PP)\\s+(${digit}{1,3})${insertionSource}[.:]?)(\\s*)$`,
  'iu',
);
const letterPattern =
  /^(([([（]?)([a-zA-Z]{1,5}|[أ-ي]|[абвгдежзиклмнопрстуфхцчшщэюя])(\s?bis|\s?ter)?(\)|）|\]|\.|:(?=\t)|\s[-–—](?=\s|$)))(\s*)/u;
const bareLetterPattern = /^([a-z]|[ivx]{1,4})(\s+)(?=["“'‘(]?\p{Lu})/u;
const circledPattern = /^([①-⑳㊀-㊉⑴-⒇⒜-⒵])(\s*)/u;
const chinesePattern = /^([（(]?([一二三四五六七八九十]{1,3})([）)]|[、．.：]))(\s*)/u;
const bulletPattern = /^([•·‣▪■●○◦‒–—*-]|[-])(\s+)(?=\S)/u;

function marked(
  marker: string,
  part: string,
  scheme: LabelScheme,
  rank: number,
  rest: string,
  more: Partial<Marker> = {},
): Marker {
  return { marker, part, scheme, rank, romanRank: null, insertion: '', strength: 'marked', rest, ...more };
}

function readInsertion(
  word: string | undefined,
  alt: string | undefined,
  capital: string | undefined,
  capitalWord: string | undefined,
): string {
  const spell = (raw: string): string => {
    const lower = raw.toLowerCase();
    return insertionSpelling.get(lower) ?? lower;
  };
  if (word !== undefined) return spell(word);
  if (alt !== undefined)
    return alt
      .toLowerCase()
      .replace(/^alt(?:ernative)?\.?\s?/, 'alt ')
      .trim();
  if (capital !== undefined) return capital.toUpperCase() + (capitalWord === undefined ? '' : ` ${spell(capitalWord)}`);
  return '';
}

function parseNumber(line: string): Marker | null {
  const match = wordNumberPattern.exec(line) ?? numberPattern.exec(line);
  if (match === null) return null;
  const [whole, marker = '', digits = '', word, alt, capital, capitalWord] = match;
  // `3D printing`, `5G` and `2B or not`: a capital glued to a number needs a mark after it.
  const isMarked =
    /[.．、)）\]:：\-–—]$/.test(marker) || /^\D/.test(marker) || /^\s*\t/.test(line.slice(marker.length));
  if (!isMarked && (word !== undefined || alt !== undefined || capital !== undefined)) return null;
  const number = Number(westernDigits(digits));
  const insertion = readInsertion(word, alt, capital, capitalWord);
  const rest = line.slice(whole.length);
  // `23. 23 Alt 1:` prints the number twice; both belong to the marker.
  const again = /^(\d{1,3}\s+alt\.?\s?\d{0,2}:?)(\s*)/i.exec(rest);
  if (insertion === '' && again !== null && Number.parseInt(rest, 10) === number) {
    const inner = parseNumber(rest);
    if (inner !== null) return { ...inner, marker: line.slice(0, whole.length) + inner.marker };
  }
  const part = insertion === '' ? String(number) : `${number} ${insertion}`;
  return marked(marker, part, 'number', number, rest, { insertion, strength: isMarked ? 'marked' : 'bare' });
}

function parseLetter(line: string): Marker | null {
  const match = letterPattern.exec(line);
  if (match !== null) {
    const [whole, marker = '', open = '', letters = '', insertionText = '', close = ''] = match;
    const rest = line.slice(whole.length);
    // `e.g. the`, `U.S. policy`, `p.m.`: a full stop with more text glued to it marks nothing.
    if (close === '.' && rest !== '' && whole === marker) return null;
    const insertion = insertionText.trim().toLowerCase();
    const suffix = insertion === '' ? '' : ` ${insertion}`;
    const foreign = abjad.indexOf(letters) >= 0 ? abjad.indexOf(letters) : cyrillic.indexOf(letters);
    if (foreign >= 0)
      return marked(marker, `${letterOf(foreign + 1)})${suffix}`, 'letter', foreign + 1, rest, { insertion });
    if (/[أ-ي]/u.test(letters)) return null;
    const lower = letters.toLowerCase();
    const isCapital = letters === letters.toUpperCase();
    if (letters !== lower && !isCapital) return null;
    const roman = romanValue(lower);
    if (lower.length > 1) {
      if (roman === null)
        return /^([a-z])\1$/.test(lower) && open !== ''
          ? marked(marker, `${lower})${suffix}`, 'letter', 26 + rankOf(lower), rest, { insertion })
          : null;
      return isCapital
        ? marked(marker, letters, 'capital-roman', roman, rest, { romanRank: roman, insertion })
        : marked(marker, `${lower})${suffix}`, 'roman', roman, rest, { romanRank: roman, insertion });
    }
    if (isCapital) return marked(marker, letters, 'capital', rankOf(lower), rest, { romanRank: roman, insertion });
    return marked(marker, `${lower})${suffix}`, 'letter', rankOf(lower), rest, { romanRank: roman, insertion });
  }
  const bare = bareLetterPattern.exec(line);
  if (bare === null) return null;
  const letters = bare[1] as string;
  const rest = line.slice(bare[0].length);
  const roman = romanValue(letters);
  if (letters.length > 1)
    return roman === null
      ? null
      : marked(letters, `${letters})`, 'roman', roman, rest, { romanRank: roman, strength: 'bare' });
  return marked(letters, `${letters})`, 'letter', rankOf(letters), rest, { romanRank: roman, strength: 'bare' });
}

const rankOf = (letter: string): number => letter.charCodeAt(0) - 96;
const letterOf = (rank: number): string =>
  rank <= 26 ? String.fromCharCode(96 + rank) : String.fromCharCode(70 + rank).repeat(2);

function parseSign(line: string): Marker | null {
  const circled = circledPattern.exec(line);
  if (circled !== null) {
    const sign = circled[1] as string;
    const rest = line.slice(circled[0].length);
    const plain = sign.normalize('NFKC').replace(/[()]/g, '');
    if (/^[a-z]$/.test(plain)) return marked(sign, `${plain})`, 'letter', rankOf(plain), rest);
    const value = /^\d+$/.test(plain) ? Number(plain) : chineseValue(plain);
    return value === null ? null : marked(sign, String(value), 'number', value, rest);
  }
  const chinese = chinesePattern.exec(line);
  if (chinese !== null) {
    const value = chineseValue(chinese[2] as string);
    if (value !== null)
      return marked(chinese[1] as string, String(value), 'capital-roman', value, line.slice(chinese[0].length));
  }
  const bullet = bulletPattern.exec(line);
  return bullet === null ? null : marked(bullet[1] as string, '', 'bullet', 0, line.slice(bullet[0].length));
}

/**
 * The marker at the very beginning of `line`, or null. It says what the marker would be, not that it is one: a year
 * (`2005. In`) or a decimal heading (`1.1 Bridging`) is told apart by the sequence it stands in (`shared/document`).
 */
export function parseMarker(line: string): Marker | null {
  const first = line[0];
  if (first === undefined || /\s/.test(first)) return null;
  const decimal = decimalPattern.exec(line);
  if (decimal !== null) {
    const numbers = (decimal[2] as string).split('.');
    return marked(
      decimal[1] as string,
      decimal[2] as string,
      'decimal',
      Number(numbers.at(-1)),
      line.slice(decimal[0].length),
    );
  }
  const dotted = leadingDotPattern.exec(line);
  if (dotted !== null) {
    const number = Number(westernDigits(dotted[2] as string));
    return marked(dotted[1] as string, String(number), 'number', number, line.slice(dotted[0].length));
  }
  return parseNumber(line) ?? parseSign(line) ?? parseLetter(line);
}

/** A label path in canonical spelling from its steps: `['35', 'a)', 'ii)']` is `35 a) ii)`. Empty steps fall out. */
export function joinLabel(path: readonly string[]): string {
  return path.filter((part) => part !== '').join(' ');
}

/** The steps of a label for comparing: lower-case words and numbers without brackets or dots. */
function labelSteps(label: string): string[] {
  const text = westernDigits(label).toLowerCase();
  const steps = text.match(/\d+(?:\.\d+)+|\d+|\p{L}+/gu) ?? [];
  return steps.map((step) => {
    const known = insertionSpelling.get(step) ?? step;
    const at = abjad.indexOf(known);
    return known.length === 1 && at >= 0 ? letterOf(at + 1) : known;
  });
}

/** Whether two labels name the same place: `35a`, `35 a)`, `35(a)`; `11bis`, `11 BIS`. */
export function matchesLabel(query: string, label: string): boolean {
  const asked = labelSteps(query);
  const had = labelSteps(label);
  return asked.length > 0 && asked.length === had.length && asked.every((step, index) => step === had[index]);
}

/**
 * Printed order: `3` < `3 bis` < `3 a)` < `3 b)` < `4`; roman steps by value where they follow a letter; paragraphs of
 * the body before those of annexes; empty labels last. Negative, zero or positive, for sorting.
 */
export function compareLabels(a: string, b: string): number {
  if (a === b) return 0;
  if (a === '' || b === '') return a === '' ? 1 : -1;
  const left = labelSteps(a);
  const right = labelSteps(b);
  for (let at = 0; at < Math.max(left.length, right.length); at++) {
    const [x, y] = [left[at], right[at]];
    if (x === undefined || y === undefined) return x === undefined ? -1 : 1;
    if (x === y) continue;
    const isDeep = at > 1 && /^[a-z]$/.test(left[at - 1] ?? '');
    const difference = compareSteps(x, y, isDeep);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** Kinds of steps in the order in which they follow the same beginning. */
function stepWeight(step: string): number {
  if (/^\d/.test(step)) return 0;
  if (insertionWords.includes(step) || step === 'alt') return 1;
  return /^\p{L}{1,2}$/u.test(step) || romanValue(step) !== null ? 2 : 3;
}

function compareSteps(x: string, y: string, isDeep: boolean): number {
  const [weightX, weightY] = [stepWeight(x), stepWeight(y)];
  if (weightX !== weightY) return weightX - weightY;
  if (weightX === 0) return compareNumbers(x.split('.').map(Number), y.split('.').map(Number));
  if (weightX === 1) return insertionWords.indexOf(x) - insertionWords.indexOf(y) || (x < y ? -1 : 1);
  const [romanX, romanY] = [romanValue(x), romanValue(y)];
  if (romanX !== null && romanY !== null && (isDeep || x.length > 1 || y.length > 1)) return romanX - romanY;
  return x.length - y.length || (x < y ? -1 : 1);
}

function compareNumbers(x: readonly number[], y: readonly number[]): number {
  for (let at = 0; at < Math.max(x.length, y.length); at++) {
    const difference = (x[at] ?? -1) - (y[at] ?? -1);
    if (difference !== 0) return difference;
  }
  return 0;
}

export interface LabelQuery {
  /** Words that name the document, as typed: `tunis`, `80/173`; empty when only a label was typed. */
  readonly document: string;
  /** The label in the spelling of `joinLabel`; empty when no label was typed. */
  readonly label: string;
}

const labelTail = new RegExp(
  `(?:^|[\\s,;]+)(?:(?:§|paras?\\.?|paragraphs?|paragraphe|párrafo|пункт|п\\.|note|annexe?\\s+[ivx]+)\\s*)?` +
    `(${digit}{1,3}(?:\\.\\d{1,3})*\\s?(?:bis|ter|quat(?:er)?|alt\\s?\\d+)?(?:\\s*[([]?\\s?(?:[a-zа-яأ-ي]|[ivx]{1,5}|\\d{1,2})\\s?[)\\]](?!\\S*/)|[a-z](?![a-z]))*)[.)]?$`,
  'iu',
);

/**
 * What was typed into the jump field, split into words naming a document and a label. `tunis 35a` is Tunis and `35 a)`;
 * a symbol such as `80/173` or `A/RES/70/125` is a document, not a label.
 */
export function parseLabelQuery(query: string): LabelQuery {
  const text = westernDigits(query.trim());
  const match = labelTail.exec(text);
  if (match === null) return { document: text, label: '' };
  const lead = /(annexe?\s+[ivx]+|note)\s*$/iu.exec(
    text.slice(0, match.index + match[0].length - (match[1] as string).length),
  );
  const before = text.slice(0, match.index).replace(/[\s,;]+$/, '');
  const steps = labelSteps(match[1] as string);
  const parts = steps.map((step, index) =>
    index > 0 && stepWeight(step) !== 1 && steps[index - 1] !== 'alt' ? `${step})` : step,
  );
  const prefix =
    lead === null
      ? ''
      : lead[1]!.toLowerCase().replace(/annexe?\s+([ivx]+)/, (_, n: string) => `annex ${n.toUpperCase()}`);
  return { document: before, label: joinLabel([prefix, ...parts]) };
}
