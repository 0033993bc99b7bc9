/**
 * An imported outcome document: the parsed, immutable reading of one file. `shared/document/` holds the structure,
 * the pure part of every importer, citations and the grouping into works; reading files and unpacking archives is
 * done in `electron/services/library`.
 *
 * Every unit's `marker` and `text`, put one after the other in order, give back the source's text in normal form
 * (`shared/text`), apart from what `report.artefacts` lists.
 */
import type { DocumentId, UnitId } from '../ids.ts';

export const unitKinds = [
  'heading',
  'preambular',
  'paragraph',
  'subparagraph',
  'question',
  'footnote',
  'text',
] as const;
/** `text` is what was not understood as anything more: kept as a plain paragraph. */
export type UnitKind = (typeof unitKinds)[number];

export interface Unit {
  /** `u1`, `u2`, ... in document order; footnotes stand after the unit that first refers to them. */
  readonly id: UnitId;
  readonly kind: UnitKind;
  /**
   * The printed label path in canonical spelling, the key for citing and for the language concordance: `35`, `35 a)`,
   * `35 a) ii)`, `11 bis`, `annex I 7`, `note 3`, or empty. Arabic, circled and full-width numerals become Western digits,
   * `(a)`, `a.` and `a)` become `a)`; Arabic abjad letters become the Latin letter of the same rank.
   */
  readonly label: string;
  /** What is printed before the text, as printed: `35.`, `(a)`, `1 -`; empty when nothing is. */
  readonly marker: string;
  /** Headings: 1 to 6. Sub-paragraphs: depth below their paragraph, from 1. Others 0. */
  readonly level: number;
  /** The text without its marker and without footnote references. */
  readonly text: string;
  /** Emphasis in `text`, in UTF-16 offsets, not overlapping per style. */
  readonly styles: readonly {
    readonly start: number;
    readonly end: number;
    readonly style: 'italic' | 'bold' | 'underline';
  }[];
  /** Footnote references: the UTF-16 offset in `text` where each stands. */
  readonly notes: readonly { readonly offset: number; readonly note: UnitId }[];
  readonly direction: 'ltr' | 'rtl';
}

export type DocumentFormat = 'akn' | 'docx' | 'html' | 'text' | 'markdown';

export interface ImportWarning {
  /** One of a closed list, translated by the page. */
  readonly code:
    | 'unnumbered-structure'
    | 'numbering-skips'
    | 'numbering-repeats'
    | 'unknown-element'
    | 'replacement-character'
    | 'tracked-changes'
    | 'hidden-text'
    | 'language-uncertain'
    | 'several-resolutions'
    | 'table-flattened'
    | 'image-left-out'
    | 'encoding-guessed'
    | 'unmatched-footnote';
  /** A sentence in English for the command line. */
  readonly message: string;
  readonly unit?: UnitId;
}

/** A piece of the source's text that is not in the units, and why (a residue of the word processor, a running head). */
export interface ImportArtefact {
  readonly text: string;
  readonly reason: 'word-residue' | 'running-head' | 'footnote-marker' | 'page-number' | 'deleted-text' | 'metadata';
}

export interface OutcomeDocument {
  readonly id: DocumentId;
  readonly fileName: string;
  readonly format: DocumentFormat;
  /** Which reading this is; anchors name it, and a better importer reads the original again under a higher version. */
  readonly importer: { readonly name: string; readonly version: number };
  readonly normalForm: number;
  readonly title: string;
  /** `A/RES/80/173`, or empty when none was found. */
  readonly symbol: string;
  /** ISO 639-1, `und` when it cannot be told. */
  readonly language: string;
  readonly direction: 'ltr' | 'rtl';
  /** ISO date when the file states one. */
  readonly date: string;
  /** Files with equal non-empty work keys are language versions or revisions of one work (the symbol in normal form). */
  readonly workKey: string;
  readonly units: readonly Unit[];
  readonly report: { readonly warnings: readonly ImportWarning[]; readonly artefacts: readonly ImportArtefact[] };
}

/** Top-level numbered paragraphs: kind paragraph or question with a label and no sub-label. */
export function countNumberedParagraphs(units: readonly Unit[]): number {
  return units.filter((unit) => (unit.kind === 'paragraph' || unit.kind === 'question') && unit.label !== '').length;
}
