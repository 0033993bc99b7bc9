/**
 * Pseudo-translation for development and tests: every message a third longer and accented, so that a hard-coded text or a
 * box that cannot grow is seen at once. ICU syntax (`{name, plural, ...}`, `<b>`, `'{'`) is left as it is.
 */
const accented: Readonly<Record<string, string>> = {
  a: 'á',
  c: 'ç',
  d: 'ð',
  e: 'é',
  g: 'ĝ',
  h: 'ĥ',
  i: 'í',
  j: 'ĵ',
  k: 'ķ',
  l: 'ļ',
  n: 'ñ',
  o: 'ö',
  r: 'ŕ',
  s: 'š',
  t: 'ţ',
  u: 'ü',
  w: 'ŵ',
  y: 'ý',
  A: 'Å',
  E: 'É',
  I: 'Î',
  O: 'Ø',
  U: 'Û',
};

export function pseudoTranslate(message: string): string {
  let out = '';
  let tag = false;
  let letters = 0;
  // Inside braces the text of plural and select branches stands at even depth; argument names and keywords at odd depth.
  let depth = 0;
  for (const char of message) {
    if (char === '{') depth += 1;
    else if (char === '}') depth -= 1;
    else if (char === '<') tag = true;
    else if (char === '>') tag = false;
    else if (!tag && depth % 2 === 0) {
      if (/[A-Za-z]/.test(char)) letters += 1;
      out += accented[char] ?? char;
      continue;
    }
    out += char;
  }
  return `⟦${out}${letters > 0 ? ` ${'~'.repeat(Math.ceil(letters / 3))}` : ''}⟧`;
}
