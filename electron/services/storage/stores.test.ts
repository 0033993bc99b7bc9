import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createFaults } from '../../../test/fakes/faulty-file-system.ts';
import type { CircleId, DocumentId, Json } from '../../../shared/ids.ts';
import { openCatalogue } from './catalogue.ts';
import type { Finding } from './frame-format.ts';
import { openJournal, verifyJournal } from './journal-file.ts';
import { createOriginals } from './originals.ts';
import { openSecretFile, type SecretCipher } from './secret-store.ts';
import { defaultSettings, openSettingsFile } from './settings-store.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'workbench-stores-'));
});
afterEach(() => rm(folder, { recursive: true }));
const circle = 'aaaaaaaaaaaaaaaaaaaaaaaaaa' as CircleId;
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

describe('the typing journal', () => {
  const path = (): string => join(folder, 'journal.log');

  it('keeps and drops values, several keys at once', async () => {
    const { journal } = await openJournal(path(), circle);
    await journal.put([
      { key: 'a', value: { text: 'one' } },
      { key: 'b', value: 2 },
    ]);
    await journal.put([
      { key: 'a', value: null },
      { key: 'c', value: ['x'] },
    ]);
    expect([...journal.entries()]).toEqual([
      ['b', 2],
      ['c', ['x']],
    ]);
    await journal.close();
    const again = await openJournal(path(), circle);
    expect(Object.fromEntries(again.journal.entries())).toEqual({ b: 2, c: ['x'] });
    expect(again.findings).toEqual([]);
    await again.journal.close();
  });

  it('stays small and loses nothing when written anew in the midst of puts', async () => {
    const { journal } = await openJournal(path(), circle, { compactAtBytes: 2000 });
    const model = new Map<string, Json>();
    for (let round = 0; round < 60; round += 1) {
      await Promise.all(
        Array.from({ length: 10 }, (_, index) => {
          const value = `${round} ${index} ${'x'.repeat(20)}`;
          model.set(`k${index % 7}`, value);
          return journal.put([{ key: `k${index % 7}`, value }]);
        }),
      );
      expect(Object.fromEntries(journal.entries())).toEqual(Object.fromEntries(model));
    }
    expect(journal.sizeBytes()).toBeLessThan(4000);
    await journal.close();
    const again = await openJournal(path(), circle);
    expect(Object.fromEntries(again.journal.entries())).toEqual(Object.fromEntries(model));
    await again.journal.close();
  });

  it('holds after any puts, faults and openings what the last successful puts said', async () => {
    const step = fc.record({
      keys: fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd'), { minLength: 1 }),
      value: fc.oneof(fc.constant(null), fc.string({ maxLength: 60 })),
      failAt: fc.option(fc.nat({ max: 8 }), { freq: 4 }),
      stays: fc.boolean(),
      reopen: fc.boolean(),
    });
    let number = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
        const file = join(folder, `${(number += 1)}.log`);
        const faults = createFaults();
        const options = { fileSystem: faults.fileSystem, compactAtBytes: 300 };
        let { journal } = await openJournal(file, circle, options);
        const model = new Map<string, Json>();
        for (const { keys, value, failAt, stays, reopen } of steps) {
          if (failAt !== null) faults.failAt(failAt, 'ENOSPC', stays);
          try {
            await journal.put(keys.map((key) => ({ key, value })));
            for (const key of keys) {
              if (value === null) model.delete(key);
              else model.set(key, value);
            }
          } catch (error) {
            expect(error).toMatchObject({ code: 'disk-full' });
          }
          faults.heal();
          if (reopen) {
            await journal.close();
            ({ journal } = await openJournal(file, circle, options));
          }
          expect(Object.fromEntries(journal.entries())).toEqual(Object.fromEntries(model));
        }
        await journal.close();
        expect(faults.openFiles()).toBe(0);
      }),
      { numRuns: Number(process.env['NUM_RUNS'] ?? 60) },
    );
  });

  it('names the place of any flipped byte', async () => {
    const { journal } = await openJournal(path(), circle);
    await journal.put([{ key: 'a', value: 'one' }]);
    await journal.put([{ key: 'b', value: 'two' }]);
    expect(await journal.verify()).toEqual([]);
    await journal.close();
    const whole = await readFile(path());
    for (let at = 0; at < whole.length; at += 1) {
      const damaged = Buffer.from(whole);
      damaged[at] = damaged[at]! ^ 0x04;
      expect(verifyJournal(damaged, circle, path()), `byte ${at}`).toHaveLength(1);
    }
  });
});

describe('originals', () => {
  it('keeps bytes under their hash, once, and gives them back', async () => {
    const store = createOriginals(join(folder, 'originals'));
    const hash = await store.put(bytes('a document'));
    expect(await store.put(bytes('a document'))).toBe(hash);
    expect(await store.has(hash)).toBe(true);
    expect(await store.has('0'.repeat(64))).toBe(false);
    expect(new TextDecoder().decode((await store.get(hash))!)).toBe('a document');
    for (const name of ['0'.repeat(64), '../secrets.json', '']) expect(await store.get(name)).toBeNull();
    expect(await store.list()).toEqual([hash]);
  });

  it('reports a damaged one, sets it aside, and takes it again', async () => {
    const found: Finding[] = [];
    const store = createOriginals(folder, { onDamaged: (finding) => found.push(finding) });
    const hash = await store.put(bytes('a document'));
    const path = join(folder, hash.slice(0, 2), hash);
    await writeFile(path, 'a documenT');
    expect((await store.verify()).findings).toMatchObject([{ file: path, code: 'content-damaged' }]);
    expect(found).toEqual([]);
    expect(await store.get(hash)).toBeNull();
    expect(found).toMatchObject([{ file: path }]);
    expect(await store.has(hash)).toBe(false);
    await store.put(bytes('a document'));
    expect(await store.verify()).toEqual({ checked: 1, findings: [] });
    expect(await readdir(join(folder, hash.slice(0, 2)))).toHaveLength(2);
  });

  it('says that the disk is full at any call, and keeps no half', async () => {
    const faults = createFaults();
    const store = createOriginals(folder, faults);
    for (let at = 0; at < 7; at += 1) {
      faults.failAt(at, 'ENOSPC');
      await expect(store.put(bytes(`document ${at}`)), `call ${at}`).rejects.toMatchObject({ code: 'disk-full' });
      faults.heal();
      expect((await store.verify()).findings).toEqual([]);
    }
    expect(faults.openFiles()).toBe(0);
  });
});

describe('the file of keys', () => {
  const path = (): string => join(folder, 'secrets.json');
  const cipher: SecretCipher = {
    seal: async (plain) => plain.map((byte) => byte ^ 0x5a),
    open: async (sealed) => sealed.map((byte) => byte ^ 0x5a),
  };

  it('keeps keys for its owner alone', async () => {
    const store = await openSecretFile(path());
    await Promise.all([store.put({ one: Uint8Array.of(1, 2) }), store.put({ two: Uint8Array.of(3) })]);
    const again = await openSecretFile(path());
    expect(again.get('one')).toEqual(Uint8Array.of(1, 2));
    expect(again.get('two')).toEqual(Uint8Array.of(3));
    expect(again.get('constructor')).toBeNull();
    if (process.platform !== 'win32') expect((await stat(path())).mode & 0o777).toBe(0o600);
  });

  it('is sealed by the system where it can be, and says so where it cannot be opened', async () => {
    const store = await openSecretFile(path(), { cipher });
    await store.put({ one: bytes('the key') });
    expect(await readFile(path(), 'utf8')).not.toContain(Buffer.from('the key').toString('base64'));
    expect((await openSecretFile(path(), { cipher })).get('one')).toEqual(bytes('the key'));
    await expect(openSecretFile(path())).rejects.toMatchObject({ code: 'storage-damaged' });
    const none: SecretCipher = { seal: async () => null, open: async () => null };
    await expect(openSecretFile(path(), { cipher: none })).rejects.toThrow(/key store/);
    await rm(path());
    await (await openSecretFile(path(), { cipher: none })).put({ one: bytes('plain') });
    expect((await openSecretFile(path())).get('one')).toEqual(bytes('plain'));
  });

  it('is refused when damaged, and left as it is', async () => {
    await writeFile(path(), '{"format":1,"secrets":{"a":');
    await expect(openSecretFile(path())).rejects.toMatchObject({ code: 'storage-damaged' });
    expect(await readFile(path(), 'utf8')).toContain('"a":');
  });
});

describe('settings in a file', () => {
  it('keeps what is set and announces it', async () => {
    const path = join(folder, 'settings.json');
    const store = await openSettingsFile(path);
    expect(store.get()).toEqual(defaultSettings);
    const seen: string[] = [];
    const stop = store.onChanged((settings) => seen.push(settings.theme));
    await Promise.all([store.set({ theme: 'dark' }), store.set({ textSize: 1.5 })]);
    stop();
    await store.set({ theme: 'light' });
    expect(seen).toEqual(['dark', 'dark']);
    expect((await openSettingsFile(path)).get()).toEqual({ ...defaultSettings, theme: 'light', textSize: 1.5 });
  });

  it('falls back to the defaults, key by key', async () => {
    const path = join(folder, 'settings.json');
    await writeFile(path, JSON.stringify({ theme: 'neon', textSize: 1.2, later: true }));
    expect((await openSettingsFile(path)).get()).toEqual({ ...defaultSettings, textSize: 1.2 });
    await writeFile(path, '{"theme":');
    expect((await openSettingsFile(path)).get()).toEqual(defaultSettings);
    expect(await readdir(folder)).toEqual(['settings.json.damaged']);
  });
});

describe('the catalogue', () => {
  const id = '0'.repeat(64) as DocumentId;

  it('keeps updates, several in one write', async () => {
    const path = join(folder, 'catalogue.json');
    const faults = createFaults();
    const catalogue = await openCatalogue(path, faults);
    expect(catalogue.rebuilt).toBe(true);
    const before = faults.calls();
    await Promise.all(
      Array.from({ length: 100 }, (_, index) =>
        catalogue.update((content) => {
          content.positions[id] = `u${index}`;
          content.shelf[id] = { summary: { title: 'T' }, removed: false, order: index };
        }),
      ),
    );
    expect(faults.calls() - before).toBeLessThan(10);
    await catalogue.close();
    const again = await openCatalogue(path);
    expect(again.rebuilt).toBe(false);
    expect(again.content().positions[id]).toBe('u99');
    expect(again.content().shelf[id]).toEqual({ summary: { title: 'T' }, removed: false, order: 99 });
  });

  it('says that the disk is full, and writes the change with the next one', async () => {
    const path = join(folder, 'catalogue.json');
    const faults = createFaults();
    const catalogue = await openCatalogue(path, faults);
    faults.failAt(0, 'ENOSPC', true);
    const failed = catalogue.update((content) => void (content.positions[id] = 'u1'));
    await expect(failed).rejects.toMatchObject({ code: 'disk-full' });
    faults.heal();
    await catalogue.update((content) => void (content.cursors[circle] = 7));
    expect((await openCatalogue(path)).content()).toMatchObject({
      positions: { [id]: 'u1' },
      cursors: { [circle]: 7 },
    });
    expect(faults.openFiles()).toBe(0);
  });

  it('is begun anew when it cannot be read, and the old one is kept', async () => {
    const path = join(folder, 'catalogue.json');
    await writeFile(path, '{"format":1,"shelf":');
    const catalogue = await openCatalogue(path, { now: () => 5 });
    expect(catalogue.rebuilt).toBe(true);
    expect(await readdir(folder)).toEqual(['catalogue.json.set-aside-5']);
  });
});

describe('a folder that may not be written', () => {
  it.skipIf(process.platform === 'win32' || process.getuid?.() === 0)('is told in one sentence', async () => {
    await chmod(folder, 0o500);
    try {
      const store = createOriginals(folder);
      await expect(store.put(bytes('x'))).rejects.toMatchObject({ code: 'storage-unwritable' });
    } finally {
      await chmod(folder, 0o700);
    }
  });
});
