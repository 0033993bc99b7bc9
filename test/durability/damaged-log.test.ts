/**
 * A log of which a part has become unreadable: the profile opens, says what it lost, and gets back from the folder what
 * stands there, its own changes and a partner's alike.
 */
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { WorkbenchClient } from '../../shared/contract/contract.ts';
import type { CircleId, RecordId } from '../../shared/ids.ts';
import { inlineText, plainText } from '../../shared/drafting/inline.ts';
import { openWorkbench, type Workbench } from '../../electron/services/workbench.ts';
import { projectFolder } from '../fakes/temp-workbench.ts';

let root: string;
const open = new Set<Workbench>();
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'workbench-damaged-'));
});
afterEach(async () => {
  for (const workbench of open) await workbench.close();
  open.clear();
  await rm(root, { recursive: true, force: true });
});

interface Party {
  readonly workbench: Workbench;
  readonly client: WorkbenchClient;
  close(): Promise<void>;
}

async function start(name: string): Promise<Party> {
  const profileFolder = join(root, name);
  const options = { profileFolder, programFolder: projectFolder, shell: 'memory', background: false } as const;
  const workbench = await openWorkbench(options);
  open.add(workbench);
  return {
    workbench,
    client: workbench.client({ namesPaths: true }),
    async close() {
      open.delete(workbench);
      await workbench.close();
    },
  };
}

async function begin(name: string): Promise<Party> {
  const party = await start(name);
  await party.client.profile.setUp({ name: `Person ${name}`, delegation: `Land ${name}`, language: 'en' });
  return party;
}

async function write({ client }: Party, draft: RecordId, words: string): Promise<void> {
  const { session, blocks } = await client.drafts.open({ draft });
  const { id: block, heads } = blocks[0]!;
  await client.drafts.edit({
    session,
    edits: [{ op: 'setText', block, content: inlineText(words), heads: heads.text }],
  });
  await client.drafts.close({ session });
}

/** The draft's words and the history of its block, as a person sees them. */
async function read({ client }: Party, draft: RecordId): Promise<unknown> {
  const { session, blocks } = await client.drafts.open({ draft });
  await client.drafts.close({ session });
  const { entries } = await client.drafts.history({ block: blocks[0]!.id });
  return {
    blocks: blocks.map(({ content, textConflict }) => [plainText(content), textConflict]),
    versions: entries.map(({ version, content, incomplete }) => [version, plainText(content), incomplete]),
  };
}

const logOf = (name: string, circle: CircleId): string => join(root, name, 'circles', circle, 'changes.log');
const flipAt = (bytes: Buffer, at: number): Buffer => {
  const changed = Buffer.from(bytes);
  changed[at]! ^= 4;
  return changed;
};

describe('[SY57] a part of a log that cannot be read', () => {
  it('comes back from the folder with the next exchange, wherever it lies', async () => {
    const folder = join(root, 'shared');
    await mkdir(folder);
    const ana = await begin('ana');
    const ben = await begin('ben');
    const grant = (party: Party): string => party.workbench.grants.forPath(folder);
    const circle = (await ana.client.circles.create({ name: 'Region', folder: grant(ana) })).id;
    const { invitation } = await ana.client.circles.invite({ circle });
    await ben.client.circles.join({ invitation, folder: grant(ben) });
    const { id: draft } = await ana.client.drafts.create({ template: 'blank', title: 'Joint', circle });
    for (const round of [1, 2, 3]) {
      for (const [writer, words] of [
        [ana, `Ana ${round}`],
        [ben, `Ben ${round}`],
      ] as const) {
        await write(writer, draft, words);
        await writer.client.circles.sync({});
        await (writer === ana ? ben : ana).client.circles.sync({});
      }
    }
    const expected = await read(ben, draft);
    await ana.close();
    await ben.close();
    await cp(root, `${root}-kept`, { recursive: true });
    const bytes = await readFile(logOf('ana', circle));
    for (const share of [0.05, 0.15, 0.3, 0.45, 0.6, 0.75, 0.9, 0.98]) {
      await rm(root, { recursive: true });
      await cp(`${root}-kept`, root, { recursive: true });
      const damaged = flipAt(bytes, Math.floor(bytes.length * share));
      await writeFile(logOf('ana', circle), damaged);
      const again = await start('ana');
      const { findings } = await again.client.circles.verify({});
      expect(findings.map((finding) => finding.file)).toContain(logOf('ana', circle));
      await again.client.circles.sync({});
      expect(await read(again, draft), `at ${share}`).toEqual(expected);
      const { circles } = await again.client.circles.list({});
      expect(circles.find(({ id }) => id === circle)).toMatchObject({ state: 'in-step', setAside: [] });
      // Filled again, the log is written anew, and nothing is wrong with it any more but what stands beside it.
      const left = (await again.client.circles.verify({})).findings.map(({ code }) => code);
      expect(left, `at ${share}`).toEqual(['moved-aside']);
      await again.close();
    }
    await rm(`${root}-kept`, { recursive: true });
  });

  it('does not keep the profile shut, be it the first change of all, in a copied profile', async () => {
    const ana = await begin('ana');
    const circle = (await ana.client.circles.list({})).circles[0]!.id;
    const { id: draft } = await ana.client.drafts.create({ template: 'blank', title: 'Private' });
    await write(ana, draft, 'Mine alone.');
    await ana.close();
    await cp(join(root, 'ana'), join(root, 'copy'), { recursive: true });
    const bytes = await readFile(logOf('copy', circle));
    for (const at of [100, 700, 1200, 1700]) {
      await writeFile(logOf('copy', circle), flipAt(bytes, at));
      const copy = await start('copy');
      const { findings } = await copy.client.circles.verify({});
      expect(findings.map((finding) => finding.file)).toContain(logOf('copy', circle));
      expect((await copy.client.drafts.list({})).drafts.map(({ id }) => id)).toEqual([draft]);
      await copy.close();
    }
  });
});
