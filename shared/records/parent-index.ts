/** Which records belong to what: an index over the heads of the parent field of each type. */
import type { Registry } from './record-types.ts';
import type { Facet } from './version-graph.ts';

export interface ParentIndex {
  /** Something about the record has changed. */
  refresh(facet: Facet): void;
  find(type: string, parent: string): Iterable<Facet>;
}

export function createParentIndex(registry: Registry): ParentIndex {
  const entries = new Map<string, Set<Facet>>();
  const keyOf = (type: string, parent: string): string => `${type}\n${parent}`;

  function refresh(facet: Facet): void {
    if (!Object.hasOwn(registry, facet.type)) return;
    const name = registry[facet.type]!.parent;
    const field = name === undefined ? undefined : facet.fields.get(name);
    if (field === undefined) return;
    const parents = new Set<string>();
    for (const head of field.heads) if (typeof head.value === 'string') parents.add(head.value);
    for (const parent of facet.parents) if (!parents.has(parent)) entries.get(keyOf(facet.type, parent))?.delete(facet);
    for (const parent of parents) {
      const key = keyOf(facet.type, parent);
      const entry = entries.get(key);
      if (entry === undefined) entries.set(key, new Set([facet]));
      else entry.add(facet);
    }
    facet.parents = parents;
  }

  return { refresh, find: (type, parent) => [...(entries.get(keyOf(type, parent)) ?? [])] };
}
