/**
 * Anchors: how an annotation names the words it is about, and how those words are found again. Pure; the heavy
 * approximate search runs in a worker of the services.
 */
import type { DocumentId } from '../ids.ts';

export interface Anchor {
  readonly document: DocumentId;
  readonly importer: { readonly name: string; readonly version: number };
  readonly normalForm: number;
  /** Label path of the first unit touched; empty for unlabelled units. */
  readonly label: string;
  /** Position of that unit among the units of equal label, from 0 (unlabelled units all share the empty label). */
  readonly ordinal: number;
  /** The whole unit is meant, not just its words. */
  readonly whole: boolean;
  /** The anchored words in normal form; those of several units are joined by a line feed. */
  readonly quote: string;
  /** Up to 32 characters of normal form on either side, within the unit sequence. */
  readonly prefix: string;
  readonly suffix: string;
  /** Offset in the first unit's normal form, UTF-16 units; the end follows from the quote. */
  readonly start: number;
}

export const anchorClasses = ['exact', 'moved', 'changed', 'ambiguous', 'orphan'] as const;
/**
 * exact: same words, same place. moved: same words, another label or offset. changed: the place is certain, the words
 * differ. ambiguous: several places fit, none is taken. orphan: no place fits.
 */
export type AnchorClass = (typeof anchorClasses)[number];
