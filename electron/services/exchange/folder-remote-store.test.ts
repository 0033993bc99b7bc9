import { randomBytes } from 'node:crypto';
import { chmod, mkdir, mkdtemp, readdir, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { headName, receiptName } from '../../../shared/sync/object-name.ts';
import type { ReplicaId } from '../../../shared/ids.ts';
import { describeRemoteStore } from '../../../test/contract/remote-store-suite.ts';
import { createFolderRemoteStore } from './folder-remote-store.ts';

const random = (length: number): Uint8Array => new Uint8Array(randomBytes(length));
const replica = 'abcdefghijklmnopqrstuvwxyz' as ReplicaId;
const head = headName(replica, 1, 'a'.repeat(26));
const text = (content: string): Uint8Array => new TextEncoder().encode(content);
const asRoot = process.getuid?.() === 0;

describeRemoteStore('folder', async () => {
  const root = await mkdtemp(join(tmpdir(), 'workbench-folder-'));
  const folder = join(root, 'shared');
  await mkdir(folder);
  return {
    store: createFolderRemoteStore({ folder, owner: 'one', random }),
    again: () => createFolderRemoteStore({ folder, owner: 'two', random }),
    async plant(name, bytes) {
      await mkdir(dirname(join(folder, name)), { recursive: true });
      await writeFile(join(folder, name), bytes);
    },
    takeAway: () => rename(folder, `${folder}-away`),
    bringBack: () => rename(`${folder}-away`, folder),
    dispose: () => rm(root, { recursive: true, force: true }),
  };
});

describe('a folder as a remote', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'workbench-folder-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));
  const open = (owner = 'one') => createFolderRemoteStore({ folder, owner, random });

  it('[SY33] lists neither temporary files nor what systems leave there nor folders nor links', async () => {
    const store = open();
    await store.putIfAbsent(head, text('head'));
    await writeFile(join(folder, 'heads', '.put-two-abcdef'), 'half');
    await writeFile(join(folder, 'heads', '.syncthing.x.tmp'), 'half');
    await writeFile(join(folder, 'heads', 'Desktop.ini'), '[.ShellClassInfo]');
    await writeFile(join(folder, 'heads', 'Thumbs.db'), 'pictures');
    await mkdir(join(folder, 'heads', 'more'));
    await writeFile(join(folder, 'elsewhere'), 'secret');
    await symlink(join(folder, 'elsewhere'), join(folder, 'heads', 'link'));
    expect((await store.list('heads/')).map((each) => each.name)).toEqual([head]);
  });

  it('[SY33] follows no link out of the folder, neither of a file nor of a folder', async () => {
    const outside = await mkdtemp(join(tmpdir(), 'workbench-outside-'));
    try {
      await writeFile(join(outside, head.slice('heads/'.length)), 'outside');
      await symlink(outside, join(folder, 'heads'));
      await writeFile(join(outside, 'file'), 'outside');
      await symlink(join(outside, 'file'), join(folder, 'circle'));
      const store = open();
      expect(await store.list('heads/')).toEqual([]);
      expect(await store.get(head)).toBeNull();
      expect(await store.get('circle')).toBeNull();
      await expect(store.putIfAbsent(head, text('x'))).rejects.toMatchObject({ code: 'destination-not-writable' });
      expect(await readdir(outside)).toHaveLength(2);
    } finally {
      await rm(outside, { recursive: true });
    }
  });

  it('[SY33] gets nothing by a name that leads outside', async () => {
    await writeFile(join(folder, 'other'), 'x');
    for (const name of ['heads/../other', 'other', '../other', 'heads/..', 'heads/a\\b', 'heads/']) {
      expect(await open().get(name)).toBeNull();
    }
  });

  it('[SY31] clears away at its first put what a crash of its own left, and nothing of others', async () => {
    await mkdir(join(folder, 'segments'), { recursive: true });
    await writeFile(join(folder, 'segments', '.put-one-aaaa'), 'half');
    await writeFile(join(folder, 'segments', '.put-two-aaaa'), 'half');
    await open().putIfAbsent(head, text('head'));
    expect(await readdir(join(folder, 'segments'))).toEqual(['.put-two-aaaa']);
    expect(await readdir(join(folder, 'heads'))).toEqual([head.slice('heads/'.length)]);
  });

  it.skipIf(asRoot)('[SY34] says so when nothing can be written, and still reads', async () => {
    const store = open();
    await store.putIfAbsent(head, text('head'));
    await chmod(join(folder, 'heads'), 0o555);
    try {
      const later = headName(replica, 2, 'b'.repeat(26));
      await expect(store.putIfAbsent(later, text('x'))).rejects.toMatchObject({ code: 'destination-not-writable' });
      expect(await store.get(head)).toEqual(text('head'));
    } finally {
      await chmod(join(folder, 'heads'), 0o755);
    }
  });

  it('[SY34] says so when a file stands where a folder of ours should be', async () => {
    await writeFile(join(folder, 'receipts'), 'a file');
    await expect(open().putIfAbsent(receiptName(replica, 1), text('x'))).rejects.toMatchObject({
      code: 'destination-not-writable',
    });
  });
});
