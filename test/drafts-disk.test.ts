import { randomBytes } from 'node:crypto';
import { cp, mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { DraftView } from '../shared/contract/drafts.ts';
import { createDraftsService, type DraftsService } from '../electron/services/drafts/drafts-service.ts';
import { openCircles, type OpenedCircles } from '../electron/services/circles/open-circles.ts';
import { createOriginals } from '../electron/services/storage/originals.ts';
import { openSecretFile } from '../electron/services/storage/secret-store.ts';
import { exportDraft } from '../electron/services/export/export-draft.ts';
import { context, setText, textsOf } from './fakes/drafts-workbench.ts';

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'workbench-drafts-'));
});
afterEach(async () => {
  await rm(root, { recursive: true });
});

async function start(folder: string): Promise<{ drafts: DraftsService; circles: OpenedCircles }> {
  await mkdir(folder, { recursive: true });
  const random = (length: number) => new Uint8Array(randomBytes(length));
  const circles = await openCircles({
    folder: join(folder, 'circles'),
    secrets: await openSecretFile(join(folder, 'secrets.json')),
    blobs: createOriginals(join(folder, 'originals')),
    identity: () => ({ name: 'Ana', delegation: 'Arcadia', language: 'en' }),
    random,
    now: () => Date.UTC(2027, 0, 1),
  });
  if (circles.all().length === 0) await circles.create({ name: 'Mine', personal: true });
  const drafts = createDraftsService({
    circles,
    documents: { getDocument: async () => null },
    events: { emit: () => undefined },
    exportDraft,
    offerFile: async () => 'a'.repeat(26),
    clock: { now: () => Date.UTC(2027, 0, 1), after: () => () => undefined },
    random,
    report: (error) => {
      throw error;
    },
  });
  await drafts.recover();
  return { drafts, circles };
}

async function bytesIn(folder: string): Promise<Map<string, string>> {
  const files = new Map<string, string>();
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    files.set(path.slice(folder.length), (await readFile(path)).toString('base64'));
  }
  return files;
}

describe('drafts on disk', () => {
  it('what was reported saved is there after a crash, on the disk as it was at that moment', async () => {
    const first = await start(join(root, 'before'));
    const { id } = await first.drafts.create({ template: 'blank' }, context);
    const view = (await first.drafts.open({ draft: id }, context)) as DraftView;
    await first.drafts.edit(
      { session: view.session, edits: [setText(view.blocks[0]!, 'saved and not committed')] },
      context,
    );
    // Nothing of the running process counts from here: only the files.
    await cp(join(root, 'before'), join(root, 'after'), { recursive: true });
    const second = await start(join(root, 'after'));
    const again = (await second.drafts.open({ draft: id }, context)) as DraftView;
    expect(textsOf(again)).toEqual(['saved and not committed']);
    expect(again.blocks[0]!.pending).toBe(false);
    expect(again.blocks[0]!.author.delegation).toBe('Arcadia');
    for (const { drafts, circles } of [first, second]) {
      await drafts.dispose();
      await circles.close();
    }
  });

  it('opening, focusing and closing changes no byte', async () => {
    const { drafts, circles } = await start(root);
    const { id } = await drafts.create({ template: 'eleven-questions' }, context);
    const before = await bytesIn(root);
    const { session } = await drafts.open({ draft: id }, context);
    await drafts.commit({ session }, context);
    await drafts.list({}, context);
    await drafts.close({ session }, context);
    expect(await bytesIn(root)).toEqual(before);
    await drafts.dispose();
    await circles.close();
  });
});
