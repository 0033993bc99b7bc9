/**
 * Documents that were erased and on which annotations are left. Those are their writers' own, with the words that they
 * quote: an erasure takes nobody else's work along, so there has to be a place where it is still found.
 */
import type { DocumentId } from '../../../shared/ids.ts';
import type { Circles } from '../circles/circle.ts';
import { erasedOriginals } from '../circles/erased-originals.ts';

export interface ErasedDocument {
  readonly document: DocumentId;
  /** Whoever erased it first, as far as is known here. */
  readonly by: string;
  readonly mine: boolean;
  readonly at: string | null;
  readonly circleName: string;
  /** In all circles of the profile. */
  readonly annotations: number;
}

/** Those that are not on the shelf for another reason, the last erased first. */
export function erasedDocuments(circles: Circles, isOnShelf: (id: DocumentId) => boolean): ErasedDocument[] {
  const found = new Map<string, { readonly ms: number; readonly shown: ErasedDocument }>();
  for (const circle of circles.all()) {
    const erased = erasedOriginals(circle);
    for (const { originals, by, at } of erased.size === 0 ? [] : circle.fold.erasures()) {
      for (const content of originals) {
        const document = content as DocumentId;
        const known = found.get(content);
        if (!erased.has(content) || isOnShelf(document) || (known && known.ms <= at)) continue;
        const author = circle.authorOf(by);
        const shown: ErasedDocument = {
          document,
          by: author.name,
          mine: author.me,
          at: instant(at),
          circleName: circle.personal ? '' : circle.name(),
          annotations: circles.all().reduce((sum, { fold }) => sum + fold.children('annotation', content).length, 0),
        };
        found.set(content, { ms: at, shown });
      }
    }
  }
  return [...found.values()].sort((a, b) => b.ms - a.ms).map(({ shown }) => shown);
}

/** Null for what a clock years off, or a forged time, makes of it. */
function instant(ms: number): string | null {
  return Number.isFinite(ms) && Math.abs(ms) <= 8.64e15 ? new Date(ms).toISOString() : null;
}
