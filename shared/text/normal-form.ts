/**
 * The one place where text becomes comparable. `shared/text` holds the normal form (for anchors, quotations and
 * comparing), the search key (for finding), printed labels and what else is true of a text without knowing the
 * document it stands in. Nothing here knows units, files or records.
 *
 * The normal form is NFC, not NFKC: NFKC turns `m²` into `m2` and a circled 1 into a plain one, which would make two
 * different printed texts equal in an anchor. Only what typesetting adds or varies is evened out: white space,
 * hyphenation, direction marks, kashida, and the shapes of quotation marks, dashes and the ellipsis. Case is kept.
 */
import { createPieceWriter, identityMap, type MappedText } from './offset-map.ts';

/** Stored with every anchor; raise it when the form changes, so that old anchors are resolved by their words again. */
export const NORMAL_FORM_VERSION = 1;

export type NormalForm = MappedText;

/** Grapheme joiner, soft hyphen, Arabic letter mark, kashida, zero-width and direction marks, byte order mark. */
const dropped = /\u034F|[\u00AD\u061C\u0640\u180E\u200B-\u200F\u202A-\u202E\u2060-\u206F\uFEFF]/;
/** Combining marks and the Hangul vowels and finals that compose with the character before them. */
const extending = /[\p{M}\u1160-\u11FF]/u;
const space = /[\s\p{Cc}]/u;
/** Printable ASCII without double spaces is its own normal form. */
const plain = /^(?:[!-~]| (?! ))*$/;

const folds: ReadonlyMap<string, string> = new Map(
  Object.entries({ "'": '‘’‚‛′‹›', '"': '“”„‟″«»', '-': '‐‑‒–—―−', '...': '…' }).flatMap(([to, from]) =>
    [...from].map((char) => [char, to] as const),
  ),
);

/**
 * Rewrites `text` piece by piece. White space becomes one space per run, what is dropped is gone; `rewrite` gets every
 * other piece (a base character with its marks) and may return an empty string.
 */
export function rewritePieces(text: string, rewrite: (piece: string) => string): MappedText {
  const writer = createPieceWriter();
  let piece = '';
  let start = 0;
  let end = 0;
  let isAfterSpace = false;
  const flush = (): void => {
    if (piece === '') return;
    const out = rewrite(piece);
    if (out !== '') {
      writer.add(out, start, end);
      isAfterSpace = false;
    }
    piece = '';
  };
  for (let at = 0; at < text.length;) {
    const code = text.codePointAt(at) as number;
    const char = code < 0x10000 ? (text[at] as string) : String.fromCodePoint(code);
    const next = at + char.length;
    if (code > 0x20 && code < 0x7f) {
      flush();
      [piece, start, end] = [char, at, next];
    } else if (code > 0xac && dropped.test(char)) {
      // Belongs to what stands before it and ends nothing: a soft hyphen may stand between a letter and its accent.
    } else if (space.test(char)) {
      flush();
      if (!isAfterSpace) writer.add(' ', at, next);
      isAfterSpace = true;
    } else if (code >= 0x300 && piece !== '' && extending.test(char)) {
      piece += char;
      end = next;
    } else {
      flush();
      [piece, start, end] = [char, at, next];
    }
    at = next;
  }
  flush();
  return writer.finish(text.length);
}

/** The normal form of `text` with exact maps of offsets both ways (UTF-16 units). */
export function normalForm(text: string): NormalForm {
  return plain.test(text) ? identityMap(text) : rewritePieces(text, foldPiece);
}

/** The normal form alone. */
export function normalText(text: string): string {
  return normalForm(text).text;
}

function foldPiece(piece: string): string {
  if (piece.length === 1 && piece < '\u00AB') return piece;
  const folded = folds.get(piece[0] as string);
  return (folded === undefined ? piece : folded + piece.slice(1)).normalize('NFC');
}

/**
 * Letters and digits only, in NFKC, in order: what an import must not lose. Kashida is left out, because it is a
 * stretched joint and not a letter, although Unicode files it as one.
 */
export function lettersAndDigits(text: string): string {
  return text
    .replace(new RegExp(dropped, 'g'), '')
    .normalize('NFKC')
    .replace(/[^\p{L}\p{N}]+/gu, '');
}
