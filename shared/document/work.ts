/** Grouping files into works: the language versions and revisions of one text. */
import type { OutcomeDocument } from './outcome-document.ts';

type Grouped = Pick<OutcomeDocument, 'id' | 'workKey' | 'language' | 'title' | 'symbol' | 'date'>;

export interface Work<Document extends Grouped = Grouped> {
  /** The common work key, or the id of the only document when it has none. */
  readonly key: string;
  /** Languages in the order of the United Nations' own lists, then later dates first. */
  readonly documents: readonly Document[];
}

const languageOrder = ['en', 'ar', 'zh', 'fr', 'ru', 'es'];

const rankOf = (language: string): number => {
  const at = languageOrder.indexOf(language);
  return at < 0 ? languageOrder.length : at;
};

/** Documents with equal non-empty work keys belong to one work; works stand in the order of their first document. */
export function groupIntoWorks<Document extends Grouped>(documents: readonly Document[]): Work<Document>[] {
  const groups = new Map<string, Document[]>();
  for (const document of documents) {
    const key = document.workKey === '' ? document.id : document.workKey;
    groups.set(key, [...(groups.get(key) ?? []), document]);
  }
  return [...groups].map(([key, list]) => ({
    key,
    documents: list.toSorted(
      (a, b) => rankOf(a.language) - rankOf(b.language) || (a.date < b.date ? 1 : a.date > b.date ? -1 : 0),
    ),
  }));
}
