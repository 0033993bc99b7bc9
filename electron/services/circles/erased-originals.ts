/**
 * Originals of documents that owners have erased: which they are in a circle (rule RC63 of shared/records/SPEC.md), and
 * removing them from this machine once no circle of the profile has them for another reason.
 */
import { WorkbenchError } from '../../../shared/contract/errors.ts';
import type { RecordState } from '../../../shared/records/fold.ts';
import type { BlobStore, Circle } from './circle.ts';

type Folded = Pick<Circle, 'fold'>;

/** SHA-256 (hexadecimal) of the originals that a `document` record names; none once its values are erased. */
export function originalsOf(record: RecordState): readonly string[] {
  const values = record.fields.get('document')?.values ?? [];
  return values.flatMap(({ value }) => (typeof value === 'string' && /^[0-9a-f]{64}$/.test(value) ? [value] : []));
}

/** Named by an erasure that counts, and by no document of the circle any more, removed or not. */
export function erasedOriginals({ fold }: Folded): ReadonlySet<string> {
  const erased = new Set(fold.erasures().flatMap(({ originals }) => originals));
  if (erased.size === 0) return erased;
  for (const record of fold.recordsOfType('document', { withRemoved: true })) {
    for (const content of originalsOf(record)) erased.delete(content);
  }
  return erased;
}

/**
 * Whether a circle is a reason to keep an original on this machine. A record of the personal circle without a `blob` only
 * says that somebody else's document was taken off the shelf here.
 */
function keeps({ fold, personal }: Pick<Circle, 'fold' | 'personal'>, content: string): boolean {
  return fold
    .recordsOfType('document', { withRemoved: true })
    .filter((record) => originalsOf(record).includes(content))
    .some((record) => !personal || !record.removed || (record.fields.get('blob')?.values.length ?? 0) > 0);
}

export interface OriginalsSweep {
  /** Removes what is to be gone; nothing when that is nothing. What a disk refuses does not fail it: that is `trouble`. */
  run(): Promise<void>;
  /** Why an erased original is still on this disk; null when none is. */
  trouble(): WorkbenchError | null;
  /** Whether an original that an erasure names is gone from this machine, or kept for another reason. */
  isDone(content: string): boolean;
  /** How many were removed so far. After each, what somebody remembers of which originals are here holds no longer. */
  removed(): number;
}

/** `circles` gives those of the profile that are open. */
export function createOriginalsSweep(options: {
  readonly circles: () => readonly Pick<Circle, 'fold' | 'personal'>[];
  readonly blobs: BlobStore;
}): OriginalsSweep {
  const { circles, blobs } = options;
  const gone = new Set<string>();
  let removed = 0;
  let trouble: WorkbenchError | null = null;
  let last: Promise<void> = Promise.resolve();

  const isKept = (content: string): boolean => circles().some((circle) => keeps(circle, content));

  async function sweep(): Promise<void> {
    let found: WorkbenchError | null = null;
    for (const content of new Set(circles().flatMap((circle) => [...erasedOriginals(circle)]))) {
      gone.delete(content);
      if (isKept(content)) continue;
      try {
        if (await blobs.has(content)) removed += 1;
        await blobs.remove(content);
        gone.add(content);
      } catch (error) {
        if (!(error instanceof WorkbenchError)) throw error;
        found = error;
      }
    }
    trouble = found;
  }

  return {
    run() {
      const done = last.then(sweep);
      last = done.catch(() => undefined);
      return done;
    },
    trouble: () => trouble,
    isDone: (content) => gone.has(content) || isKept(content),
    removed: () => removed,
  };
}
