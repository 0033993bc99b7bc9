/** Bytes to text: which encoding, and how sure. */
export interface DecodedText {
  readonly text: string;
  readonly encoding: 'utf-8' | 'utf-16le' | 'utf-16be' | 'windows-1252' | 'windows-1251' | 'windows-1256' | 'gb18030';
  /** False when nothing in the bytes states or proves the encoding. */
  readonly isCertain: boolean;
}

/**
 * A byte order mark decides; then zero bytes in every second place; then valid UTF-8, which no other text is by chance.
 * What remains is an 8-bit code page: the one under which most bytes above 127 stand among letters of one script.
 */
export function decodeText(bytes: Uint8Array): DecodedText {
  const [a, b, c] = bytes;
  if (a === 0xef && b === 0xbb && c === 0xbf) return decode(bytes.subarray(3), 'utf-8', true);
  if (a === 0xff && b === 0xfe) return decode(bytes.subarray(2), 'utf-16le', true);
  if (a === 0xfe && b === 0xff) return decode(bytes.subarray(2), 'utf-16be', true);
  const wide = wideOrder(bytes);
  if (wide !== null) return decode(bytes, wide, false);
  try {
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(bytes), encoding: 'utf-8', isCertain: true };
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
  }
  return decode(bytes, guessCodePage(bytes), false);
}

function decode(bytes: Uint8Array, encoding: DecodedText['encoding'], isCertain: boolean): DecodedText {
  return { text: new TextDecoder(encoding).decode(bytes), encoding, isCertain };
}

function wideOrder(bytes: Uint8Array): 'utf-16le' | 'utf-16be' | null {
  const sample = bytes.subarray(0, 4000);
  if (sample.length < 8) return null;
  let even = 0;
  let odd = 0;
  sample.forEach((byte, index) => {
    if (byte !== 0) return;
    if (index % 2 === 0) even += 1;
    else odd += 1;
  });
  if (odd > sample.length * 0.2 && even < odd * 0.1) return 'utf-16le';
  return even > sample.length * 0.2 && odd < even * 0.1 ? 'utf-16be' : null;
}

/** Letters per script in a sample; a wrong code page mixes capitals, signs and scripts inside words. */
function guessCodePage(bytes: Uint8Array): DecodedText['encoding'] {
  const sample = bytes.subarray(0, 64_000);
  const high = sample.reduce((sum, byte) => sum + (byte > 0x7f ? 1 : 0), 0);
  const share = high / Math.max(1, sample.length);
  // Latin texts have a few accents; running Cyrillic, Arabic or Chinese is mostly high bytes.
  if (share < 0.2) return 'windows-1252';
  const score = (encoding: DecodedText['encoding'], words: RegExp): number =>
    (new TextDecoder(encoding).decode(sample).match(words) ?? []).reduce((sum, word) => sum + word.length, 0);
  // Every Cyrillic letter is an accented Latin one in windows-1252; words made of accents alone are none.
  const westernWord = /(?<!\p{L})[A-Za-zÀ-Þ]?(?=[ß-ÿ]{0,2}[a-z])[a-zß-ÿ]{2,}(?!\p{L})/gu;
  const scores: [DecodedText['encoding'], number][] = [
    ['windows-1251', score('windows-1251', /(?<!\p{L})[А-ЯЁ]?[а-яё]{2,}(?!\p{L})/gu)],
    ['windows-1256', score('windows-1256', /(?<!\p{L})[\u0621-\u064A]{2,}(?!\p{L})/gu)],
    // Two bytes a character.
    ['gb18030', 2 * score('gb18030', /[\u4E00-\u9FA5]{2,}/gu) * (isPairwise(sample) ? 1 : 0)],
    ['windows-1252', score('windows-1252', westernWord)],
  ];
  return scores.reduce((best, next) => (next[1] > best[1] ? next : best))[0];
}

/** GB 18030 pairs: runs of bytes from 0x81 up are of even length nearly always. */
function isPairwise(bytes: Uint8Array): boolean {
  let run = 0;
  let odd = 0;
  let runs = 0;
  for (const byte of bytes) {
    if (byte > 0x80) run += 1;
    else if (run > 0) {
      runs += 1;
      odd += run % 2;
      run = 0;
    }
  }
  return runs === 0 || odd / runs < 0.15;
}
