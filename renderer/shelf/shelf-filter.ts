/** What of the shelf is shown, and in which order languages stand. Pure. */
import type { z } from '../../shared/contract/schema.ts';
import type { DocumentSummary, workSummary } from '../../shared/contract/library.ts';

export type WorkSummary = z.output<typeof workSummary>;

export type ShelfFilter =
  | { readonly kind: 'all' }
  | { readonly kind: 'annotated' }
  | { readonly kind: 'partner' }
  | { readonly kind: 'sample' }
  | { readonly kind: 'language'; readonly language: string };

export function fitsFilter(document: DocumentSummary, filter: ShelfFilter): boolean {
  switch (filter.kind) {
    case 'all':
      return true;
    case 'annotated':
      return document.annotations > 0;
    case 'partner':
      return document.origin === 'partner';
    case 'sample':
      return document.origin === 'sample';
    case 'language':
      return document.language === filter.language;
  }
}

/** A work is shown whole when one of its documents fits: its other languages are one click away. */
export function filterWorks(works: readonly WorkSummary[], filter: ShelfFilter): WorkSummary[] {
  return works.filter((work) => work.documents.some((document) => fitsFilter(document, filter)));
}

/** The document a work opens with: the wanted language, else English, else the first that is here. */
export function preferredDocument(work: WorkSummary, language: string): DocumentSummary | undefined {
  const here = work.documents.filter((document) => !document.missing);
  const among = here.length > 0 ? here : work.documents;
  return (
    among.find((document) => document.language === language) ??
    among.find((document) => document.language === 'en') ??
    among[0]
  );
}

/** Languages on the shelf with how many documents each, in the order met. */
export function countLanguages(works: readonly WorkSummary[]): { language: string; count: number }[] {
  const counts = new Map<string, number>();
  for (const { language } of works.flatMap((work) => work.documents))
    counts.set(language, (counts.get(language) ?? 0) + 1);
  return [...counts].map(([language, count]) => ({ language, count }));
}

/** Cuts an excerpt at its marks: `[{text, found}]`, in order and without gaps. Marks may overlap or lie outside. */
export function cutAtMarks(
  excerpt: string,
  marks: readonly (readonly [number, number])[],
): { text: string; found: boolean }[] {
  const pieces: { text: string; found: boolean }[] = [];
  let at = 0;
  for (const [from, to] of marks.toSorted((a, b) => a[0] - b[0])) {
    const start = Math.max(at, from);
    const end = Math.min(excerpt.length, to);
    if (end <= start) continue;
    if (start > at) pieces.push({ text: excerpt.slice(at, start), found: false });
    pieces.push({ text: excerpt.slice(start, end), found: true });
    at = end;
  }
  if (at < excerpt.length) pieces.push({ text: excerpt.slice(at), found: false });
  return pieces;
}
