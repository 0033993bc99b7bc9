/** Characters that Word stores by font and code (`w:sym`), because its symbol fonts are older than Unicode. */

// The Greek letters of the Symbol font stand at the codes of the Latin letters.
const symbolGreek: Readonly<Record<string, string>> = {
  A: 'Α',
  B: 'Β',
  C: 'Χ',
  D: 'Δ',
  E: 'Ε',
  F: 'Φ',
  G: 'Γ',
  H: 'Η',
  I: 'Ι',
  K: 'Κ',
  L: 'Λ',
  M: 'Μ',
  N: 'Ν',
  O: 'Ο',
  P: 'Π',
  Q: 'Θ',
  R: 'Ρ',
  S: 'Σ',
  T: 'Τ',
  U: 'Υ',
  W: 'Ω',
  X: 'Ξ',
  Y: 'Ψ',
  Z: 'Ζ',
  a: 'α',
  b: 'β',
  c: 'χ',
  d: 'δ',
  e: 'ε',
  f: 'φ',
  g: 'γ',
  h: 'η',
  i: 'ι',
  k: 'κ',
  l: 'λ',
  m: 'μ',
  n: 'ν',
  o: 'ο',
  p: 'π',
  q: 'θ',
  r: 'ρ',
  s: 'σ',
  t: 'τ',
  u: 'υ',
  w: 'ω',
  x: 'ξ',
  y: 'ψ',
  z: 'ζ',
};
const symbolSigns: Readonly<Record<number, string>> = {
  0xa3: '≤',
  0xb3: '≥',
  0xb1: '±',
  0xb4: '×',
  0xb7: '•',
  0xb8: '÷',
  0xb9: '≠',
  0xbb: '≈',
  0xbe: '—',
  0xd7: '⋅',
  0xa5: '∞',
  0xac: '←',
  0xad: '↑',
  0xae: '→',
  0xaf: '↓',
  0xb0: '°',
  0xb2: '″',
  0xa2: '′',
  0xd2: '®',
  0xd3: '©',
  0xd4: '™',
};
const wingdingsSigns: Readonly<Record<number, string>> = {
  0x6c: '●',
  0x6e: '■',
  0x6f: '□',
  0x71: '❑',
  0x76: '❖',
  0x9f: '•',
  0xa7: '▪',
  0xa8: '☐',
  0xd8: '➢',
  0xe0: '→',
  0xe8: '➔',
  0xfb: '✗',
  0xfc: '✓',
  0xfd: '☒',
  0xfe: '☑',
};

/** The Unicode character for a code of `font`; U+FFFD where it is not known. */
export function symbolCharacter(font: string, code: number): string {
  if (Number.isNaN(code)) return '\ufffd';
  // Codes of symbol fonts are written with or without the offset F000.
  const plain = code >= 0xf000 && code <= 0xf0ff ? code - 0xf000 : code;
  const letter = String.fromCharCode(plain);
  if (/^symbol$/iu.test(font)) {
    const known = symbolGreek[letter] ?? symbolSigns[plain];
    if (known !== undefined) return known;
    return plain >= 0x20 && plain < 0x7f ? letter : '\ufffd';
  }
  if (/^(wingdings|webdings)/iu.test(font)) return wingdingsSigns[plain] ?? '\ufffd';
  // An ordinary font: the code is Unicode, unless it lies in the private area.
  return code >= 0xe000 && code <= 0xf8ff ? '\ufffd' : String.fromCodePoint(code);
}
