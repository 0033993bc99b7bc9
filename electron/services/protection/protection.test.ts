import { randomBytes } from 'node:crypto';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createFaults } from '../../../test/fakes/faulty-file-system.ts';
import { openProfile, type Profile, type ProfileOptions } from '../profile/profile.ts';
import type { SecretCipher } from '../storage/secret-store.ts';
import { readRecoveryKey, writeRecoveryKey } from './recovery-key.ts';

let root: string;
const open: Profile[] = [];
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'workbench-protection-'));
});
afterEach(async () => {
  for (const profile of open.splice(0)) await profile.close();
  await rm(root, { recursive: true });
});

const passphrase = 'the river is high';
const written = 'moratorium on surveillance exports';
async function start(name: string, more: Partial<ProfileOptions> = {}): Promise<Profile> {
  const profile = await openProfile({
    folder: join(root, name),
    random: (lengthBytes) => new Uint8Array(randomBytes(lengthBytes)),
    now: () => 1_700_000_000_000,
    passphraseParameters: { memoryKiB: 64, passes: 1 },
    machine: 'here',
    ...more,
  });
  open.push(profile);
  return profile;
}
/** A profile with words everywhere that words can be. */
async function setUp(name: string, more: Partial<ProfileOptions> = {}): Promise<Profile> {
  const profile = await start(name, more);
  await profile.setUp({ name: 'Amina Wanjiru', delegation: 'Kenya', language: 'en' });
  const circle = profile.circles.personal();
  await circle.write([{ record: circle.newId(), type: 'draft', field: 'title', over: [], value: written }]);
  await circle.journal.put([{ key: 'typed', value: `${written}, typed` }]);
  await profile.originals.put(new TextEncoder().encode(`${written}, imported`));
  await profile.catalogue.update(({ positions }) => void Object.assign(positions, { a: `${written}, kept` }));
  // Theme, language and size of type are known before a profile is open (SECURITY.md); all else is not.
  await profile.settings.set({ theme: 'dark', askAboveBytes: 7_654_321 });
  return profile;
}
/** Everything of `setUp` is there. */
async function holds(profile: Profile): Promise<void> {
  const circle = profile.circles.personal();
  const titles = circle.fold.recordsOfType('draft').map((draft) => draft.fields.get('title')?.values[0]?.value);
  expect(titles).toEqual([written]);
  expect(circle.journal.entries().get('typed')).toBe(`${written}, typed`);
  const [original] = await profile.originals.list();
  expect(new TextDecoder().decode((await profile.originals.get(original!))!)).toBe(`${written}, imported`);
  expect(Object.values(profile.catalogue.content().positions)).toEqual([`${written}, kept`]);
  expect(profile.settings.get()).toMatchObject({ theme: 'dark', askAboveBytes: 7_654_321 });
  expect(profile.identity()?.name).toBe('Amina Wanjiru');
  expect((await profile.verify()).findings).toEqual([]);
}
async function files(folder: string): Promise<string[]> {
  const found: string[] = [];
  for (const entry of await readdir(folder, { withFileTypes: true, recursive: true }))
    if (entry.isFile()) found.push(join(entry.parentPath, entry.name));
  return found;
}
/** Files that hold any of what was written, in the encodings in which words lie on disks. */
async function leaks(folder: string): Promise<string[]> {
  const found: string[] = [];
  for (const path of await files(folder)) {
    const bytes = await readFile(path);
    for (const word of [written, 'surveillance', 'Amina', 'Kenya', '7654321'])
      for (const encoding of ['utf8', 'utf16le', 'base64'] as const) {
        const needle =
          encoding === 'base64'
            ? Buffer.from(Buffer.from(word).toString('base64').slice(0, -3))
            : Buffer.from(word, encoding);
        if (bytes.includes(needle)) found.push(`${path}: ${word} (${encoding})`);
      }
  }
  return found;
}
/** Sets the passphrase and opens anew with it. */
async function seal(profile: Profile, name: string): Promise<Profile> {
  await profile.protection.setPassphrase({ current: null, passphrase });
  await profile.close();
  return start(name, { secret: { passphrase } });
}

describe('a profile under a passphrase', () => {
  it('holds nothing that was written in any file, and everything when it is open', async () => {
    const plain = await setUp('a');
    expect((await leaks(join(root, 'a'))).length).toBeGreaterThan(5);
    await mkdir(join(root, 'a', 'cache'));
    await writeFile(join(root, 'a', 'cache', 'search.sqlite'), written);
    const { id, replica } = plain.circles.personal();
    const sealed = await seal(plain, 'a');
    expect(sealed.circles.personal()).toMatchObject({ id, replica });
    expect(sealed.notices()).toEqual([]);
    await holds(sealed);
    expect(sealed.protection.by()).toBe('passphrase');
    expect(await leaks(join(root, 'a'))).toEqual([]);
    await sealed.close();
    expect(await leaks(join(root, 'a'))).toEqual([]);
    const circle = (await start('a', { secret: { passphrase } })).circles.personal();
    await circle.write([
      { record: circle.newId(), type: 'draft', field: 'title', over: [], value: `${written} again` },
    ]);
    expect(await leaks(join(root, 'a'))).toEqual([]);
  });

  it('stays shut without it, and says what it needs', async () => {
    await (await seal(await setUp('a'), 'a')).close();
    await expect(start('a')).rejects.toMatchObject({ code: 'profile-locked', data: { passphrase: true } });
    await expect(start('a', { secret: { passphrase: 'the river is low' } })).rejects.toMatchObject({
      code: 'passphrase-wrong',
    });
    await rm(join(root, 'a', 'keys.json'));
    await expect(start('a')).rejects.toMatchObject({ code: 'storage-damaged', message: /keys\.json is gone/ });
  });

  it('changes its passphrase by writing one small file', async () => {
    const profile = await seal(await setUp('a'), 'a');
    await expect(
      profile.protection.setPassphrase({ current: 'wrong', passphrase: 'the hill is green' }),
    ).rejects.toMatchObject({ code: 'passphrase-wrong' });
    await expect(profile.protection.setPassphrase({ current: null, passphrase: 'x' })).rejects.toMatchObject({
      code: 'passphrase-needed',
    });
    const state = async (): Promise<string[]> =>
      Promise.all((await files(join(root, 'a'))).map(async (path) => `${path} ${(await stat(path)).ino}`));
    const before = await state();
    await profile.protection.setPassphrase({ current: passphrase, passphrase: 'the hill is green' });
    const changed = (await state()).filter((each) => !before.includes(each));
    expect(changed).toEqual([expect.stringContaining('keys.json')]);
    await profile.close();
    await expect(start('a', { secret: { passphrase } })).rejects.toMatchObject({ code: 'passphrase-wrong' });
    await holds(await start('a', { secret: { passphrase: 'the hill is green' } }));
  });

  it('opens with the old or the new one after a crash at any call of changing it', async () => {
    await (await seal(await setUp('a'), 'a')).close();
    for (let at = 0, reached = true; reached; at += 1) {
      await rm(join(root, 'b'), { recursive: true, force: true });
      await cp(join(root, 'a'), join(root, 'b'), { recursive: true });
      const faults = createFaults();
      const profile = await start('b', { fileSystem: faults.fileSystem, secret: { passphrase } });
      faults.failAt(at, 'EIO');
      const before = faults.calls();
      const failed = await profile.protection.setPassphrase({ current: passphrase, passphrase: 'new words' }).then(
        () => false,
        () => true,
      );
      reached = faults.calls() - before > at;
      faults.heal();
      await profile.close();
      // What is reported as failed may have been written before the disk would say so.
      const opened = await start('b', { secret: { passphrase: 'new words' } }).catch((error: { code: string }) => {
        expect(error.code).toBe('passphrase-wrong');
        expect(failed).toBe(true);
        return start('b', { secret: { passphrase } });
      });
      await holds(opened);
      await opened.close();
      open.splice(open.indexOf(opened), 1);
    }
  });

  it.each(['sealed', 'plain'] as const)('loses nothing to a crash at any call of becoming %s', async (to) => {
    const made = to === 'sealed' ? await setUp('a') : await seal(await setUp('a'), 'a');
    if (to === 'sealed') await made.protection.setPassphrase({ current: null, passphrase });
    else await made.protection.removePassphrase(passphrase);
    await made.close();
    let crashes = 0;
    for (let at = 0, reached = true; reached; at += 1) {
      await rm(join(root, 'b'), { recursive: true, force: true });
      await cp(join(root, 'a'), join(root, 'b'), { recursive: true });
      const faults = createFaults();
      faults.failAt(at, 'EIO');
      const secret = { passphrase };
      const first = await start('b', { fileSystem: faults.fileSystem, secret }).catch(() => null);
      reached = faults.calls() > at;
      faults.heal();
      if (first === null) crashes += 1;
      await first?.close();
      const profile = await start('b', { secret });
      await holds(profile);
      expect(profile.protection.by()).toBe(to === 'sealed' ? 'passphrase' : 'nothing');
      if (to === 'sealed') expect(await leaks(join(root, 'b'))).toEqual([]);
      await profile.close();
      if (to === 'plain') await holds(await start('b'));
      for (const each of open.splice(0)) await each.close();
    }
    expect(crashes).toBeGreaterThan(20);
  });

  it('keeps what it cannot read of a damaged log, sealed, beside the sealed one', async () => {
    const profile = await setUp('a');
    const { id } = profile.circles.personal();
    const log = join(root, 'a', 'circles', id, 'changes.log');
    await profile.protection.setPassphrase({ current: null, passphrase });
    await profile.close();
    const bytes = await readFile(log);
    bytes[200] = bytes[200]! ^ 1;
    await writeFile(log, bytes);
    await start('a', { secret: { passphrase } });
    expect(await readdir(join(root, 'a', 'circles', id))).toContain('changes.log.before-sealed');
    expect(await leaks(join(root, 'a'))).toEqual([]);
  });

  it('takes no file for its own that it did not seal', async () => {
    const profile = await seal(await setUp('a'), 'a');
    const [original] = await profile.originals.list();
    await profile.close();
    const at = (file: string): string => join(root, 'a', file);
    await writeFile(at('catalogue.json'), '{"format":1,"shelf":{},"positions":{"x":"planted"},"cursors":{}}');
    await writeFile(at(`originals/${original!.slice(0, 2)}/${original}`), `${written}, imported`);
    const again = await start('a', { secret: { passphrase } });
    expect(again.catalogue.rebuilt).toBe(true);
    expect(await again.originals.get(original!)).toBeNull();
    await again.close();
    await writeFile(
      at('profile.json'),
      '{"format":1,"name":"Mallory","delegation":"","language":"en","sampleLoaded":false}',
    );
    await expect(start('a', { secret: { passphrase } })).rejects.toMatchObject({ code: 'storage-damaged' });
  });

  it('is for the first release a profile of a newer version', async () => {
    await (await seal(await setUp('a'), 'a')).close();
    expect(JSON.parse(await readFile(join(root, 'a', 'profile.json'), 'utf8'))).toMatchObject({ format: 1000 });
  });
});

describe('a recovery key', () => {
  it('opens the profile and sets a new passphrase, until a newer sheet is printed', async () => {
    const profile = await seal(await setUp('a'), 'a');
    const first = await profile.protection.makeRecoveryKey(passphrase);
    const second = await profile.protection.makeRecoveryKey(passphrase);
    await profile.close();
    await expect(start('a', { secret: { recoveryKey: first } })).rejects.toMatchObject({
      code: 'recovery-key-invalid',
    });
    const recovered = await start('a', { secret: { recoveryKey: second.toLowerCase().replaceAll(' ', '-') } });
    await recovered.protection.setPassphrase({ current: null, passphrase: 'new words' });
    await recovered.close();
    await holds(await start('a', { secret: { passphrase: 'new words' } }));
  });

  it('names the group with a slip, and notices every one', () => {
    const key = new Uint8Array(randomBytes(20));
    const text = writeRecoveryKey(key);
    expect(text).toMatch(/^([A-Z2-7]{5} ){7}[A-Z2-7]{5}$/);
    expect(readRecoveryKey(text)).toEqual(key);
    const groups = text.split(' ');
    let passed = 0;
    for (let group = 0; group < 8; group += 1)
      for (let at = 0; at < 5; at += 1)
        for (const char of 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567') {
          if (char === groups[group]![at]) continue;
          const slip = groups.with(group, groups[group]!.slice(0, at) + char + groups[group]!.slice(at + 1));
          try {
            readRecoveryKey(slip.join(' '));
            passed += 1;
          } catch (error) {
            expect(error).toMatchObject({ code: 'recovery-key-invalid', data: { group: group + 1 } });
          }
        }
    // One character checks four: of 31 slips in a place about one passes here, and the wrapped key then does not open.
    expect(passed).toBeLessThan(8 * 5 * 31 * 0.08);
    expect(() => readRecoveryKey(text.slice(0, -6))).toThrow(/34 characters|35 characters/);
    expect(() => readRecoveryKey(text.replace(/.$/, '9'))).toThrow(/character that none contains/);
  });
});

describe('a system with a key store', () => {
  const cipher: SecretCipher = {
    seal: async (plain) => plain.map((byte) => byte ^ 0x5a),
    open: async (sealed) => sealed.map((byte) => byte ^ 0x5a),
  };

  it('seals the profile unasked, also one that was plain, and gives way to a passphrase and comes back', async () => {
    await (await setUp('a')).close();
    const profile = await start('a', { cipher });
    expect(profile.protection.by()).toBe('system');
    await holds(profile);
    expect(await leaks(join(root, 'a'))).toEqual([]);
    expect(await profile.protection.setPassphrase({ current: null, passphrase })).toBeNull();
    await profile.close();
    await expect(start('a', { cipher })).rejects.toMatchObject({ code: 'profile-locked' });
    const again = await start('a', { cipher, secret: { passphrase } });
    expect(await again.protection.removePassphrase(passphrase)).toBeNull();
    await again.close();
    await holds(await start('a', { cipher }));
  });

  it('says where the profile opens when it cannot be asked, and lets in by the recovery key', async () => {
    const profile = await setUp('a', { cipher });
    const recoveryKey = await profile.protection.makeRecoveryKey(null);
    await profile.close();
    await expect(start('a')).rejects.toMatchObject({ code: 'profile-locked', message: /desktop window/ });
    await holds(await start('a', { secret: { recoveryKey } }));
  });

  it('takes over the file of keys that an earlier release had sealed by it', async () => {
    const { openSecretFile } = await import('../storage/secret-store.ts');
    const profile = await setUp('a');
    await profile.close();
    const path = join(root, 'a', 'secrets.json');
    const plain = JSON.parse(await readFile(path, 'utf8')) as { secrets: Record<string, string> };
    await rm(path);
    const store = await openSecretFile(path, { cipher });
    await store.put(
      Object.fromEntries(
        Object.entries(plain.secrets).map(([name, value]) => [name, new Uint8Array(Buffer.from(value, 'base64'))]),
      ),
    );
    const sealed = await start('a', { cipher });
    const recoveryKey = await sealed.protection.makeRecoveryKey(null);
    await sealed.close();
    await holds(await start('a', { secret: { recoveryKey } }));
  });
});
