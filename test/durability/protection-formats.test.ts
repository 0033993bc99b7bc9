/** Sealed files, wraps and backups of every format that was ever released open for ever. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createDeriveKey } from '../../electron/services/protection/derive-key.ts';
import { readKeysFile, unwrapKey } from '../../electron/services/protection/profile-keys.ts';
import { createSealingCrypto } from '../../electron/services/exchange/sealing.ts';
import { nodeFileSystem } from '../../electron/services/storage/file-system.ts';
import { openWorkbench } from '../../electron/services/workbench.ts';
import { inlineText } from '../../shared/drafting/inline.ts';
import { projectFolder } from '../fakes/temp-workbench.ts';

const fixture = join(projectFolder, 'test/fixtures/protection-format-1');
const passphrase = 'the river is high';
const recoveryKey = '7KNSZ AGEJY ZDJQF 2HFPC KVUJL 4PZMH EKADH KLL5O';

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'workbench-formats-'));
});
afterEach(() => rm(root, { recursive: true, force: true }));

describe('protection of format 1', () => {
  it('opens its wraps by passphrase and by recovery key', async () => {
    const { wraps } = (await readKeysFile(fixture, nodeFileSystem))!;
    const tools = { crypto: await createSealingCrypto(), deriveKey: createDeriveKey() };
    const key = await unwrapKey(wraps, { passphrase }, tools);
    expect(key).toHaveLength(32);
    expect(await unwrapKey(wraps, { recoveryKey }, tools)).toEqual(key);
  });

  it.each([{ passphrase }, { recoveryKey }])('restores its backup of a sealed profile with %o', async (secret) => {
    const workbench = await openWorkbench({
      profileFolder: join(root, 'profile'),
      programFolder: projectFolder,
      shell: 'memory',
      background: false,
    });
    try {
      const client = workbench.client({ namesPaths: true });
      const file = workbench.grants.forBytes('sealed.dwbackup', await readFile(join(fixture, 'sealed.dwbackup')));
      await client.protection.restore({ file, ...secret });
      expect(await client.profile.status({})).toMatchObject({ name: 'Amina Wanjiru', delegation: 'Uganda' });
      const [draft] = (await client.drafts.list({})).drafts;
      const { blocks } = await client.drafts.open({ draft: draft!.id });
      expect(blocks[0]!.content).toEqual(inlineText('A moratorium'));
      expect((await client.search.query({ words: 'satellite', limit: 5 })).hits).toHaveLength(1);
      expect((await client.circles.verify({})).findings).toEqual([]);
    } finally {
      await workbench.close();
    }
  });
});
