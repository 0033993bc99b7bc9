/** What exchange knows of a circle's originals: under which names they stand on a remote, and which are here. */
import { blobNameFor } from '../../../shared/sync/object-format.ts';
import { originalsOf } from '../circles/erased-originals.ts';
import type { ExchangeCircle } from './circle-port.ts';
import { fromHex } from './hex.ts';

/** SHA-256 (hexadecimal) of the originals of a circle's documents. */
export function referencedOriginals({ fold }: Pick<ExchangeCircle, 'fold'>): Set<string> {
  const contents = new Set<string>();
  for (const record of fold.recordsOfType('document')) for (const each of originalsOf(record)) contents.add(each);
  return contents;
}

export interface OriginalsKnown {
  /** One name for each epoch whose key this profile has, the newest first. `content` is the SHA-256 in hexadecimal. */
  names(content: string): readonly string[];
  isHere(content: string): Promise<boolean>;
  /** Of one that is here; 0 when it is not. */
  sizeOf(content: string): Promise<number>;
  /** It turned out to be damaged or gone. */
  forget(content: string): void;
}

/** Remembers both answers: asking the disk and the keys for each original at every exchange would be most of its work. */
export function createOriginalsKnown(circle: ExchangeCircle): OriginalsKnown {
  const here = new Set<string>();
  const named = new Map<string, readonly string[]>();
  const sizes = new Map<string, number>();
  let removed = circle.removedOriginals();
  return {
    names(content) {
      const epochs = [...circle.keys.epochs()].sort((a, b) => b - a);
      const known = named.get(content);
      if (known?.length === epochs.length) return known;
      const names = epochs.flatMap((epoch) => {
        const key = circle.keys.ofEpoch(epoch);
        return key ? [blobNameFor(fromHex(content), key)] : [];
      });
      named.set(content, names);
      return names;
    },
    async isHere(content) {
      if (removed !== circle.removedOriginals()) here.clear();
      removed = circle.removedOriginals();
      if (!here.has(content) && (await circle.blobs.has(content))) here.add(content);
      return here.has(content);
    },
    async sizeOf(content) {
      let size = sizes.get(content);
      if (size === undefined) {
        size = (await circle.blobs.get(content))?.length ?? 0;
        if (size > 0) sizes.set(content, size);
      }
      return size;
    },
    forget: (content) => void here.delete(content),
  };
}
