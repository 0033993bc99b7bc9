/** What every remote store must do. Implementations run it from a test of their own; fakes included. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { blobName, headName, receiptName, segmentName } from '../../shared/sync/object-name.ts';
import type { RemoteStore } from '../../shared/sync/remote-store.ts';
import type { ReplicaId } from '../../shared/ids.ts';

export interface StoreUnderTest {
  /** A store over an empty place. */
  readonly store: RemoteStore;
  /** A second connection to the same place, as another workbench has it. */
  again(): RemoteStore;
  /** Puts a file there as a sync tool would, under any name. */
  plant(name: string, bytes: Uint8Array): Promise<void>;
  /** Makes the place unreachable, and reachable again. */
  takeAway(): Promise<void>;
  bringBack(): Promise<void>;
  dispose(): Promise<void>;
  /**
   * For stores that look at what they are given (a hub): an object that may be put, of the kind of `name`, different for
   * different `bytes`, under the name that follows from it. Otherwise any bytes stand under any name.
   */
  sealed?(name: string, bytes: Uint8Array): StoredObject;
}

export interface StoredObject {
  readonly name: string;
  readonly bytes: Uint8Array;
}

const replica = 'abcdefghijklmnopqrstuvwxyz' as ReplicaId;
const hash = (letter: string): string => letter.repeat(26);
const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

/** `without`: what a kind of store cannot come to: files under other names, being out of reach, two puts
 * at the same moment. */
export function describeRemoteStore(
  name: string,
  open: () => Promise<StoreUnderTest>,
  { without = [] }: { readonly without?: readonly ('strays' | 'being away' | 'races')[] } = {},
): void {
  describe(`remote store: ${name}`, () => {
    let under: StoreUnderTest;
    let store: RemoteStore;
    beforeEach(async () => {
      under = await open();
      store = under.store;
    });
    afterEach(() => under.dispose());

    const object = (objectName: string, bytes: Uint8Array): StoredObject =>
      under.sealed?.(objectName, bytes) ?? { name: objectName, bytes };
    const put = (to: RemoteStore, { name: as, bytes }: StoredObject): Promise<'stored' | 'present'> =>
      to.putIfAbsent(as, bytes);

    it('[SY30] gives back exactly what was put, to every connection', async () => {
      const large = Uint8Array.from({ length: 100_000 }, (_, index) => (index * 7) & 255);
      const segment = object(segmentName(replica, 1, 9, hash('a')), large);
      expect(await put(store, segment)).toBe('stored');
      expect(await under.again().get(segment.name)).toEqual(segment.bytes);
      const circle = object('circle', bytesOf('{}'));
      expect(await put(store, circle)).toBe('stored');
      expect(await under.again().get('circle')).toEqual(circle.bytes);
      const empty = object(blobName(hash('b')), new Uint8Array());
      expect(await put(store, empty)).toBe('stored');
      expect(await store.get(empty.name)).toEqual(empty.bytes);
    });

    it('[SY30] says null of what is not there, and lists nothing in an empty place', async () => {
      expect(await store.get(headName(replica, 1, hash('a')))).toBeNull();
      expect(await store.get('circle')).toBeNull();
      expect(await store.list('heads/')).toEqual([]);
    });

    it('[SY31] leaves alone what stands under a name already, whatever its bytes', async () => {
      const head = object(headName(replica, 1, hash('a')), bytesOf('first'));
      await put(store, head);
      expect(await under.again().putIfAbsent(head.name, bytesOf('second'))).toBe('present');
      expect(await store.get(head.name)).toEqual(head.bytes);
    });

    it.skipIf(without.includes('races'))(
      '[SY31] stores one of two that are put under one name at the same moment',
      async () => {
        const receipts = ['a', 'b'].map((letter) => object(receiptName(replica, 3), bytesOf(letter.repeat(5000))));
        const { name: one } = receipts[0]!;
        const results = await Promise.all([put(store, receipts[0]!), put(under.again(), receipts[1]!)]);
        expect(results.sort()).toEqual(['present', 'stored']);
        const there = await store.get(one);
        expect(receipts.map(({ bytes }) => bytes)).toContainEqual(there);
        expect(await store.list('receipts/')).toEqual([{ name: one, sizeBytes: there!.length }]);
      },
    );

    it('[SY32] lists each prefix apart, with sizes', async () => {
      const first = object(headName(replica, 1, hash('a')), bytesOf('one'));
      const second = object(headName(replica, 12, hash('b')), bytesOf('three'));
      await put(store, first);
      await put(store, second);
      await put(store, object(segmentName(replica, 1, 12, hash('c')), bytesOf('x')));
      const byName = (a: { name: string }, b: { name: string }): number => (a.name < b.name ? -1 : 1);
      expect([...(await store.list('heads/'))].sort(byName)).toEqual(
        [first, second].map(({ name: as, bytes }) => ({ name: as, sizeBytes: bytes.length })).sort(byName),
      );
      expect(await store.list('segments/')).toHaveLength(1);
      expect(await store.list('blobs/')).toEqual([]);
    });

    it.skipIf(without.includes('strays'))(
      '[SY33] lists what a sync tool renamed as it is called, and gets it under that',
      async () => {
        const own = headName(replica, 1, hash('a'));
        const names = [
          ' (conflicted copy 2026-11-03)',
          ' (1)',
          '.sync-conflict-20261103-120000-ABCDEFG',
          '~',
          '.partial',
          '.tmp',
        ];
        for (const [index, end] of names.entries()) await under.plant(own + end, bytesOf(`copy ${index}`));
        const listed = (await store.list('heads/')).map((each) => each.name).sort();
        expect(listed).toEqual(names.map((end) => own + end).sort());
        for (const [index, end] of names.entries())
          expect(await store.get(own + end)).toEqual(bytesOf(`copy ${index}`));
      },
    );

    it('[SY31] removes what is there and does not mind what is not', async () => {
      const head = object(headName(replica, 1, hash('a')), bytesOf('first'));
      await put(store, head);
      await store.removeOwn(head.name);
      await store.removeOwn(head.name);
      expect(await under.again().get(head.name)).toBeNull();
      expect(await put(store, head)).toBe('stored');
    });

    it('[SY34] puts nothing under a name that is not one of the format', async () => {
      for (const bad of ['', 'x', 'heads/', 'heads/../circle', '../circle', 'HEADS/a', 'blobs/Ä', 'segments/a-1-2-b']) {
        await expect(store.putIfAbsent(bad, bytesOf('x'))).rejects.toThrow(RangeError);
      }
    });

    it.skipIf(without.includes('being away'))(
      '[SY34] says that it is away while it is, and has lost nothing when it is back',
      async () => {
        const head = object(headName(replica, 1, hash('a')), bytesOf('first'));
        await put(store, head);
        await under.takeAway();
        const unreachable = expect.objectContaining({ code: expect.stringMatching(/^(folder|network)-unreachable$/) });
        await expect(store.list('heads/')).rejects.toEqual(unreachable);
        await expect(store.get(head.name)).rejects.toEqual(unreachable);
        await expect(put(store, object(headName(replica, 2, hash('a')), bytesOf('x')))).rejects.toEqual(unreachable);
        await under.bringBack();
        expect(await store.get(head.name)).toEqual(head.bytes);
      },
    );

    it('[SY34] stops when it is told to', async () => {
      const signal = { aborted: true, addEventListener: () => undefined, removeEventListener: () => undefined };
      const cancelled = expect.objectContaining({ code: 'cancelled' });
      await expect(store.list('heads/', signal)).rejects.toEqual(cancelled);
      await expect(store.get('circle', signal)).rejects.toEqual(cancelled);
      await expect(store.putIfAbsent('circle', bytesOf('x'), signal)).rejects.toEqual(cancelled);
      expect(await store.get('circle')).toBeNull();
    });
  });
}
