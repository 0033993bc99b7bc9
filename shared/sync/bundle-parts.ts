/**
 * Which objects go into which part of a bundle that is split to a size. Every part can be read by itself: it holds the
 * object `circle`, the writer's receipt, and the head of every chain of which it holds changes. An object is never cut, so
 * a part with an object larger than the limit is larger than the limit. Rule SY74 of SPEC.md.
 */
import { bundleOverheadBytes } from './bundle.ts';

export interface PartItem {
  readonly name: string;
  readonly sizeBytes: number;
}

/** Changes of one chain, oldest first, and the head that names their end; null where no head is known. */
export interface PartChain {
  readonly head: PartItem | null;
  readonly bodies: readonly PartItem[];
}

export interface PartsRequest {
  /** In every part. */
  readonly always: readonly PartItem[];
  readonly chains: readonly PartChain[];
  /** Originals: last, because the changes that name them are of use without them. */
  readonly originals: readonly PartItem[];
  /** Null for one part, whatever its size. */
  readonly maxBytes: number | null;
}

export interface PlannedPart {
  readonly items: readonly PartItem[];
  readonly sizeBytes: number;
}

/** At least one part, in the order in which they are best imported; any order does. */
export function planParts({ always, chains, originals, maxBytes }: PartsRequest): readonly PlannedPart[] {
  const parts: PartItem[][] = [];
  let open = new Map<string, PartItem>();

  function begin(): void {
    open = new Map(always.map((item) => [item.name, item]));
  }
  function close(): void {
    parts.push([...open.values()]);
    begin();
  }
  function add(items: readonly PartItem[]): void {
    const together = new Map(open);
    for (const item of items) together.set(item.name, item);
    const isFull = maxBytes !== null && sizeOf([...together.values()]) > maxBytes;
    if (isFull && open.size > always.length) close();
    for (const item of items) open.set(item.name, item);
  }

  begin();
  for (const { head, bodies } of chains) {
    const beside = head === null ? [] : [head];
    if (bodies.length === 0) add(beside);
    for (const body of bodies) add([...beside, body]);
  }
  for (const original of originals) add([original]);
  if (parts.length === 0 || open.size > always.length) close();
  return parts.map((items) => ({ items, sizeBytes: sizeOf(items) }));
}

function sizeOf(items: readonly PartItem[]): number {
  return bundleOverheadBytes(items.map((item) => item.name)) + items.reduce((sum, item) => sum + item.sizeBytes, 0);
}
