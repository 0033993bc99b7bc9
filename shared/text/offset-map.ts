/**
 * Rewriting a text piece by piece while remembering where every piece came from. The normal form and the search key
 * are both such rewritings: an anchor or a hit found in the rewritten text is shown in the text as it was imported.
 *
 * A piece is a base character with all that belongs to it (combining marks, Hangul jamo, characters that are dropped),
 * so that no offset ever falls inside a surrogate pair or between a letter and its accent.
 */

export interface MappedText {
  readonly text: string;
  /** Source offset (UTF-16) at which the character at `offset` of `text` begins; clamped to the text's ends. */
  toSource(offset: number): number;
  /**
   * Offset in `text` of what stands at `offset` of the source; inside a piece, the piece's beginning; in dropped
   * characters, the end of what stands before them. `toNormal(toSource(i))` is `i` at every beginning of a piece.
   */
  toNormal(offset: number): number;
}

/** A text that is its own rewriting. */
export function identityMap(text: string): MappedText {
  const clamp = (offset: number): number => Math.min(Math.max(offset, 0), text.length);
  return { text, toSource: clamp, toNormal: clamp };
}

/** Collects rewritten pieces in source order. */
export interface PieceWriter {
  /** `out` stands for the source from `start` to `end`; an empty `out` is not to be added. */
  add(out: string, start: number, end: number): void;
  finish(sourceLength: number): MappedText;
}

export function createPieceWriter(): PieceWriter {
  const parts: string[] = [];
  const starts: number[] = [];
  const ends: number[] = [];
  const outStarts: number[] = [];
  let length = 0;
  return {
    add(out, start, end) {
      parts.push(out);
      starts.push(start);
      ends.push(end);
      outStarts.push(length);
      length += out.length;
    },
    finish(sourceLength) {
      /** Index of the last piece whose value in `list` is at most `value`, or -1. */
      const lastAtMost = (list: readonly number[], value: number): number => {
        let low = 0;
        let high = list.length;
        while (low < high) {
          const middle = (low + high) >>> 1;
          if ((list[middle] as number) <= value) low = middle + 1;
          else high = middle;
        }
        return low - 1;
      };
      return {
        text: parts.join(''),
        toSource(offset) {
          if (offset >= length) return sourceLength;
          const piece = lastAtMost(outStarts, Math.max(offset, 0));
          return piece < 0 ? 0 : (starts[piece] as number);
        },
        toNormal(offset) {
          const piece = lastAtMost(starts, offset);
          if (piece < 0) return 0;
          const isPast = offset >= (ends[piece] as number);
          return isPast ? (outStarts[piece] as number) + (parts[piece] as string).length : (outStarts[piece] as number);
        },
      };
    },
  };
}
