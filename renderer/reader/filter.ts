/** Which annotations are shown, and how many there are of each kind. Pure. */
import type { AnnotationKind, AnnotationView } from '../../shared/contract/annotations.ts';
import type { AnnotationFilter } from './reader-state.ts';

/** Tags, Action Lines and SDGs of an annotation, as filters and chips name them. */
export function topicsOf(annotation: AnnotationView): string[] {
  return [...annotation.actionLines, ...annotation.sdgs.map((goal) => `SDG ${goal}`), ...annotation.tags];
}

export function fitsFilter(annotation: AnnotationView, filter: AnnotationFilter): boolean {
  return (
    (filter.kinds.length === 0 || filter.kinds.includes(annotation.kind)) &&
    (filter.circle === null || annotation.circle === filter.circle) &&
    (!filter.mine || annotation.author.me) &&
    (filter.topic === null || topicsOf(annotation).includes(filter.topic)) &&
    (filter.resolved === 'all' || !annotation.resolved)
  );
}

export function isFiltering(filter: AnnotationFilter): boolean {
  return (
    filter.kinds.length > 0 ||
    filter.circle !== null ||
    filter.mine ||
    filter.topic !== null ||
    filter.resolved !== 'all'
  );
}

export interface Count<T extends string> {
  readonly id: T;
  readonly label: string;
  readonly count: number;
}

export interface FilterCounts {
  readonly kinds: readonly Count<AnnotationKind>[];
  readonly circles: readonly Count<string>[];
  readonly topics: readonly Count<string>[];
  readonly mine: number;
  readonly open: number;
}

function countBy<T extends string>(items: readonly { readonly id: T; readonly label: string }[]): Count<T>[] {
  const counts = new Map<T, Count<T>>();
  for (const { id, label } of items) counts.set(id, { id, label, count: (counts.get(id)?.count ?? 0) + 1 });
  return [...counts.values()].sort((a, b) => b.count - a.count || a.label.localeCompare(b.label));
}

/** Over all annotations, so that a filter always says how much it would show. */
export function countFilters(annotations: readonly AnnotationView[]): FilterCounts {
  return {
    kinds: countBy(annotations.map(({ kind }) => ({ id: kind, label: kind }))),
    circles: countBy(annotations.map(({ circle, circleName }) => ({ id: circle as string, label: circleName }))),
    topics: countBy(
      annotations.flatMap((annotation) => topicsOf(annotation).map((topic) => ({ id: topic, label: topic }))),
    ),
    mine: annotations.filter(({ author }) => author.me).length,
    open: annotations.filter(({ resolved }) => !resolved).length,
  };
}
