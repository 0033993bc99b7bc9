/** What every storage of a hub must do. Rules HB of hub/SPEC.md. */
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { base32, type CircleId, type RecordId, type ReplicaId } from '../../shared/ids.ts';
import type { Notice, Quota, Storage } from '../../hub/storage/storage.ts';

export interface HubStorageUnderTest {
  readonly storage: Storage;
  dispose(): Promise<void>;
}

const at = 1_790_000_000_000;
const ample: Quota = { circleBytes: 1e9, deviceBytes: 1e9, deviceObjects: 1000 };
const newId = <T extends string>(): T => base32(randomBytes(17)).slice(0, 26) as T;

/** One storage for all tests, each in a circle of its own: opening one takes seconds. */
export function describeHubStorage(
  name: string,
  open: () => Promise<HubStorageUnderTest>,
  { skip = false }: { readonly skip?: boolean } = {},
): void {
  describe.skipIf(skip)(`hub storage: ${name}`, () => {
    let under: HubStorageUnderTest;
    let storage: Storage;
    let circle: CircleId;
    let founder: ReplicaId;
    const notices: Notice[] = [];
    const waiting = new Set<() => void>();

    beforeAll(async () => {
      under = await open();
      storage = under.storage;
      await storage.listen(
        (notice) => {
          notices.push(notice);
          for (const look of waiting) look();
        },
        () => undefined,
      );
    });
    afterAll(() => under?.dispose());
    beforeEach(async () => {
      circle = newId();
      founder = newId();
      const root = `${founder}.aaaaaaaaaa` as RecordId;
      expect(await storage.circles.found({ id: circle, root, founder, at }, null)).toBe('founded');
    });

    const put = (objectName: string, bytes: Uint8Array, carrier = founder, quota = ample) =>
      storage.objects.put({ circle, name: objectName, signer: carrier, carrier, bytes, at }, quota);

    function noticed(wanted: Notice): Promise<void> {
      return new Promise((resolve) => {
        const look = (): void => {
          if (!notices.some((notice) => JSON.stringify(notice) === JSON.stringify(wanted))) return;
          waiting.delete(look);
          resolve();
        };
        waiting.add(look);
        look();
      });
    }

    it.each([0, 10, 70_000, 2_500_000])(
      '[HB20] gives back the %i bytes that were put, whole and in parts',
      async (size) => {
        const bytes = new Uint8Array(randomBytes(size));
        expect(await put('segments/x', bytes)).toBe('stored');
        const read = await storage.objects.read(circle, 'segments/x', 0, size + 10);
        expect(Buffer.compare(read!.bytes, bytes)).toBe(0);
        const middle = Math.floor(size / 2);
        const part = await storage.objects.read(circle, 'segments/x', middle, 1_100_000);
        expect(Buffer.compare(part!.bytes, bytes.subarray(middle, middle + 1_100_000))).toBe(0);
        expect(await storage.objects.facts(circle, 'segments/x')).toEqual({
          name: 'segments/x',
          sizeBytes: size,
          signer: founder,
          carrier: founder,
        });
      },
    );

    it('[HB20] leaves what stands under a name, and stores one of two at the same moment', async () => {
      const results = await Promise.all([put('heads/a', Buffer.from('one')), put('heads/a', Buffer.from('two'))]);
      expect(results.sort()).toEqual(['present', 'stored']);
      const first = await storage.objects.read(circle, 'heads/a', 0, 10);
      expect(await put('heads/a', Buffer.alloc(100_000))).toBe('present');
      expect(await storage.objects.read(circle, 'heads/a', 0, 10)).toEqual(first);
      expect((await storage.circles.circle(circle))!.objects).toBe(1);
    });

    it('[HB20] keeps circles apart', async () => {
      await put('heads/a', Buffer.from('one'));
      expect(await storage.objects.facts(newId<CircleId>(), 'heads/a')).toBeNull();
      expect(await storage.objects.list(newId<CircleId>(), 'heads/', '', 10)).toEqual([]);
    });

    it('[HB24] lists a prefix in pages', async () => {
      for (const each of ['heads/b', 'heads/a', 'heads/c', 'segments/a', 'circle']) await put(each, Buffer.from('x'));
      const names = async (after: string): Promise<string[]> =>
        (await storage.objects.list(circle, 'heads/', after, 2)).map((each) => each.name);
      expect(await names('')).toEqual(['heads/a', 'heads/b']);
      expect(await names('heads/b')).toEqual(['heads/c']);
      expect(await storage.objects.list(circle, '', '', 10)).toHaveLength(5);
    });

    it('[HB40] counts what a device and a circle hold, and takes nothing past their quotas', async () => {
      expect(await put('segments/a', Buffer.alloc(60), founder, { ...ample, deviceBytes: 100 })).toBe('stored');
      expect(await put('segments/b', Buffer.alloc(60), founder, { ...ample, deviceBytes: 100 })).toBe('device-full');
      expect(await put('segments/b', Buffer.alloc(60), founder, { ...ample, deviceObjects: 1 })).toBe('device-full');
      expect(await put('segments/b', Buffer.alloc(60), founder, { ...ample, circleBytes: 100 })).toBe('circle-full');
      expect(await put('segments/b', Buffer.alloc(100_000), founder, { ...ample, circleBytes: 100 })).toBe(
        'circle-full',
      );
      expect(await storage.circles.circle(circle)).toMatchObject({ bytes: 60, objects: 1 });
      expect(await storage.devices.device(circle, founder)).toMatchObject({ bytes: 60, objects: 1 });
      expect(await storage.objects.remove(circle, 'segments/a')).toBe(true);
      expect(await storage.objects.remove(circle, 'segments/a')).toBe(false);
      expect(await storage.circles.circle(circle)).toMatchObject({ bytes: 0, objects: 0 });
      expect(await storage.devices.device(circle, founder)).toMatchObject({ bytes: 0, objects: 0 });
    });

    it('[HB13] stores nothing of a device that is not admitted or was removed', async () => {
      expect(await put('segments/a', Buffer.from('x'), newId<ReplicaId>())).toBe('not-admitted');
      const other = newId<ReplicaId>();
      await storage.devices.admit(circle, { replica: other, role: 'member', admittedBy: founder, carriesOn: null, at });
      expect(await put('segments/a', Buffer.from('x'), other)).toBe('stored');
      expect(await storage.devices.removeDevice(circle, other, founder, at)).toBe('removed');
      expect(await storage.devices.removeDevice(circle, other, founder, at)).toBe('not-there');
      expect(await put('segments/b', Buffer.from('x'), other)).toBe('not-admitted');
      expect(await storage.objects.list(circle, 'segments/', '', 10)).toHaveLength(1);
      await noticed({ kind: 'devices', circle, removed: other });
    });

    it('[HB15] never removes the last administrator, even when two remove each other at once', async () => {
      expect(await storage.devices.removeDevice(circle, founder, 'operator', at)).toBe('last-administrator');
      const other = newId<ReplicaId>();
      const admission = { role: 'administrator', admittedBy: founder, carriesOn: null, at } as const;
      await storage.devices.admit(circle, { replica: other, ...admission });
      const results = await Promise.all([
        storage.devices.removeDevice(circle, founder, other, at),
        storage.devices.removeDevice(circle, other, founder, at),
      ]);
      expect(results.sort()).toEqual(['last-administrator', 'removed']);
    });

    it('[HB12] admits one device by an invitation, and a second time nobody else', async () => {
      const [first, second] = [newId<ReplicaId>(), newId<ReplicaId>()];
      const hash = newId<string>();
      await storage.tokens.invite({ circle, hash, role: 'member', by: founder, expiresAt: at + 1000 });
      const results = await Promise.all([
        storage.tokens.redeem(circle, hash, first, at),
        storage.tokens.redeem(circle, hash, second, at),
      ]);
      expect([...results].sort()).toEqual(['admitted', 'used']);
      const winner = results[0] === 'admitted' ? first : second;
      expect(await storage.tokens.redeem(circle, hash, winner, at)).toBe('already');
      expect(await storage.devices.device(circle, winner)).toMatchObject({ role: 'member', admittedBy: founder });
    });

    it('[HB12] knows no invitation that ran out, was made void, or is of another circle', async () => {
      const invite = async (expiresAt: number): Promise<string> => {
        const hash = newId<string>();
        await storage.tokens.invite({ circle, hash, role: 'member', by: founder, expiresAt });
        return hash;
      };
      const replica = newId<ReplicaId>();
      expect(await storage.tokens.redeem(circle, await invite(at), replica, at)).toBe('unknown');
      expect(await storage.tokens.redeem(newId<CircleId>(), await invite(at + 1), replica, at)).toBe('unknown');
      const hash = await invite(at + 1);
      expect(await storage.tokens.revokeInvitations(circle)).toBeGreaterThan(0);
      expect(await storage.tokens.redeem(circle, hash, replica, at)).toBe('unknown');
      expect(await storage.devices.device(circle, replica)).toBeNull();
    });

    it('[HB14] brings nobody back by an old invitation whom an administrator removed', async () => {
      const replica = newId<ReplicaId>();
      const hash = newId<string>();
      await storage.tokens.invite({ circle, hash, role: 'member', by: founder, expiresAt: at + 1000 });
      await storage.devices.admit(circle, { replica, role: 'member', admittedBy: founder, carriesOn: null, at });
      await storage.devices.removeDevice(circle, replica, founder, at);
      expect(await storage.tokens.redeem(circle, hash, replica, at)).toBe('removed');
      await storage.devices.admit(circle, { replica, role: 'member', admittedBy: founder, carriesOn: null, at });
      expect(await storage.devices.device(circle, replica)).toMatchObject({ removedAt: null });
    });

    it('[HB10] founds a circle once, and with one founding code one circle', async () => {
      const foundNew = (id: CircleId, code: string | null) =>
        storage.circles.found({ id, root: `${founder}.aaaaaaaaaa` as RecordId, founder, at }, code);
      expect(await foundNew(circle, null)).toBe('exists');
      const hash = newId<string>();
      expect(await foundNew(newId<CircleId>(), hash)).toBe('unknown');
      await storage.tokens.invite({ circle: null, hash, role: 'administrator', by: 'operator', expiresAt: at + 1000 });
      expect(await foundNew(newId<CircleId>(), hash)).toBe('founded');
      expect(await foundNew(newId<CircleId>(), hash)).toBe('used');
    });

    it('[HB3] takes a challenge once', async () => {
      const challenge = newId<string>();
      const results = await Promise.all([1, 2, 3].map(() => storage.tokens.useChallenge(challenge, at)));
      expect(results.filter(Boolean)).toHaveLength(1);
      expect(await storage.tokens.forgetExpired(at)).toBeGreaterThan(0);
      expect(await storage.tokens.useChallenge(challenge, at)).toBe(true);
    });

    it('[HB30] tells of every head that was stored, and of nothing else', async () => {
      await put('segments/a', Buffer.from('x'));
      await put('heads/first', Buffer.from('x'));
      await put('heads/first', Buffer.from('x'));
      await put('heads/refused', Buffer.from('x'), founder, { ...ample, deviceObjects: 1 });
      await put('heads/last', Buffer.from('x'));
      await noticed({ kind: 'head', circle, name: 'heads/last' });
      const ours = notices.filter((notice) => notice.circle === circle);
      expect(ours).toEqual([
        { kind: 'head', circle, name: 'heads/first' },
        { kind: 'head', circle, name: 'heads/last' },
      ]);
    });

    it('[HB52] drops a circle whole, and sweeps up bytes that belong to nothing', async () => {
      await put('segments/a', Buffer.alloc(100_000));
      expect(await storage.objects.sweep(Date.now())).toBe(0);
      expect(await storage.circles.dropCircle(circle)).toBe(true);
      expect(await storage.circles.dropCircle(circle)).toBe(false);
      expect(await storage.objects.facts(circle, 'segments/a')).toBeNull();
      expect(await storage.devices.device(circle, founder)).toBeNull();
      expect(await storage.objects.sweep(at)).toBe(0);
      expect(await storage.objects.sweep(at + 1)).toBe(1);
      expect((await storage.circles.circles()).map(({ id }) => id)).not.toContain(circle);
    });
  });
}
