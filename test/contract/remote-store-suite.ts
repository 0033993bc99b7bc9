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
}

const replica = 'abcdefghijklmnopqrstuvwxyz' as ReplicaId;
const hash = (letter: string): string => letter.repeat(26);
const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

/** `without`: what a kind of store cannot come to: files under other names, and being out of reach. */
export function describeRemoteStore(
  name: string,
  open: () => Promise<StoreUnderTest>,
  { without = [] }: { readonly without?: readonly ('strays' | 'being away')[] } = {},
): void {
  describe(`remote store: ${name}`, () => {
    let under: StoreUnderTest;
    let store: RemoteStore;
    beforeEach(async () => {
      under = await open();
      store = under.store;
    });
    afterEach(() => under.dispose());

    it('[SY30] gives back exactly what was put, to every connection', async () => {
      const bytes = Uint8Array.from({ length: 100_000 }, (_, index) => (index * 7) & 255);
      expect(await store.putIfAbsent(segmentName(replica, 1, 9, hash('a')), bytes)).toBe('stored');
      expect(await under.again().get(segmentName(replica, 1, 9, hash('a')))).toEqual(bytes);
      expect(await store.putIfAbsent('circle', bytesOf('{}'))).toBe('stored');
      expect(await under.again().get('circle')).toEqual(bytesOf('{}'));
      expect(await store.putIfAbsent(blobName(hash('b')), new Uint8Array())).toBe('stored');
      expect(await store.get(blobName(hash('b')))).toEqual(new Uint8Array());
    });

    it('[SY30] says null of what is not there, and lists nothing in an empty place', async () => {
      expect(await store.get(headName(replica, 1, hash('a')))).toBeNull();
      expect(await store.get('circle')).toBeNull();
      expect(await store.list('heads/')).toEqual([]);
    });

    it('[SY31] leaves alone what stands under a name already, whatever its bytes', async () => {
      const head = headName(replica, 1, hash('a'));
      await store.putIfAbsent(head, bytesOf('first'));
      expect(await under.again().putIfAbsent(head, bytesOf('second'))).toBe('present');
      expect(await store.get(head)).toEqual(bytesOf('first'));
    });

    it('[SY31] stores one of two that are put under one name at the same moment', async () => {
      const name = receiptName(replica, 3);
      const other = under.again();
      const results = await Promise.all([
        store.putIfAbsent(name, bytesOf('a'.repeat(5000))),
        other.putIfAbsent(name, bytesOf('b'.repeat(5000))),
      ]);
      expect(results.sort()).toEqual(['present', 'stored']);
      const there = new TextDecoder().decode((await store.get(name))!);
      expect(['a'.repeat(5000), 'b'.repeat(5000)]).toContain(there);
      expect(await store.list('receipts/')).toEqual([{ name, sizeBytes: 5000 }]);
    });

    it('[SY32] lists each prefix apart, with sizes', async () => {
      await store.putIfAbsent(headName(replica, 1, hash('a')), bytesOf('one'));
      await store.putIfAbsent(headName(replica, 12, hash('b')), bytesOf('three'));
      await store.putIfAbsent(segmentName(replica, 1, 12, hash('c')), bytesOf('x'));
      const heads = [...(await store.list('heads/'))].sort((a, b) => a.sizeBytes - b.sizeBytes);
      expect(heads).toEqual([
        { name: headName(replica, 1, hash('a')), sizeBytes: 3 },
        { name: headName(replica, 12, hash('b')), sizeBytes: 5 },
      ]);
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
      const head = headName(replica, 1, hash('a'));
      await store.putIfAbsent(head, bytesOf('first'));
      await store.removeOwn(head);
      await store.removeOwn(head);
      expect(await under.again().get(head)).toBeNull();
      expect(await store.putIfAbsent(head, bytesOf('second'))).toBe('stored');
    });

    it('[SY34] puts nothing under a name that is not one of the format', async () => {
      for (const bad of ['', 'x', 'heads/', 'heads/../circle', '../circle', 'HEADS/a', 'blobs/Ä', 'segments/a-1-2-b']) {
        await expect(store.putIfAbsent(bad, bytesOf('x'))).rejects.toThrow(RangeError);
      }
    });

    it.skipIf(without.includes('being away'))(
      '[SY34] fails with folder-unreachable while it is away, and has lost nothing when it is back',
      async () => {
        const head = headName(replica, 1, hash('a'));
        await store.putIfAbsent(head, bytesOf('first'));
        await under.takeAway();
        const unreachable = expect.objectContaining({ code: 'folder-unreachable' });
        await expect(store.list('heads/')).rejects.toEqual(unreachable);
        await expect(store.get(head)).rejects.toEqual(unreachable);
        await expect(store.putIfAbsent(headName(replica, 2, hash('a')), bytesOf('x'))).rejects.toEqual(unreachable);
        await under.bringBack();
        expect(await store.get(head)).toEqual(bytesOf('first'));
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
