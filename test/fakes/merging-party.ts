/** Workbenches of one region that exchange over a folder: a coordinator who made the circle, and delegates. */
import { mkdtemp, mkdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { WorkbenchClient } from '../../shared/contract/contract.ts';
import type { MergeView } from '../../shared/contract/merging/collection.ts';
import type { PassageRef } from '../../shared/contract/merging/passages.ts';
import type { CircleId, RecordId } from '../../shared/ids.ts';
import { inlineText } from '../../shared/drafting/inline.ts';
import { openWorkbench, type Workbench } from '../../electron/services/workbench.ts';
import { idFor, setText } from './drafts-workbench.ts';
import { projectFolder } from './temp-workbench.ts';

export interface Member {
  readonly name: string;
  readonly workbench: Workbench;
  readonly client: WorkbenchClient;
  /** The region, once this member is in it. */
  readonly region: CircleId;
}

export interface MergingParty {
  readonly folder: string;
  add(name: string, delegation: string): Promise<Member>;
  /** Everybody exchanges until all have what all have written. */
  exchange(): Promise<void>;
  dispose(): Promise<void>;
}

const hourMs = 3_600_000;

export async function createMergingParty(): Promise<MergingParty> {
  const folder = await mkdtemp(join(tmpdir(), 'workbench-merging-'));
  const shared = join(folder, 'region');
  await mkdir(shared);
  const members: Member[] = [];
  let passed = 0;

  return {
    folder,
    async add(name, delegation) {
      const workbench = await openWorkbench({
        profileFolder: join(folder, name),
        programFolder: projectFolder,
        shell: 'memory',
        background: false,
        clock: {
          now: () => Date.now() + passed,
          after(delayMs, run) {
            const timer = setTimeout(run, delayMs);
            return () => clearTimeout(timer);
          },
        },
      });
      const client = workbench.client({ namesPaths: true });
      await client.profile.setUp({ name, delegation, language: 'en' });
      const grant = workbench.grants.forPath(shared);
      const [first] = members;
      if (first === undefined) {
        const { id } = await client.circles.create({ name: 'Region', folder: grant });
        const member = { name, workbench, client, region: id };
        members.push(member);
        return member;
      }
      const { invitation } = await first.client.circles.invite({ circle: first.region });
      const { id } = await client.circles.join({ invitation, folder: grant });
      const member = { name, workbench, client, region: id };
      members.push(member);
      await client.circles.sync({});
      await first.client.circles.sync({});
      const { circles } = await first.client.circles.list({});
      const person = circles.find((each) => each.id === first.region)!.members.find((each) => each.name === name)!;
      await first.client.circles.confirmDelegation({ circle: first.region, person: person.person });
      await first.client.circles.sync({});
      await client.circles.sync({});
      return member;
    },
    async exchange() {
      for (let round = 0; round < 2; round++) {
        // Receipts are written once an hour at most.
        passed += 2 * hourMs;
        for (const { client } of members) await client.circles.sync({});
      }
    },
    async dispose() {
      for (const { workbench } of members) await workbench.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** A draft from the eleven questions with these answers; several paragraphs are parted by a line break. */
export async function writeAnswers(
  client: WorkbenchClient,
  title: string,
  answers: Readonly<Record<string, string>>,
  known?: RecordId,
): Promise<RecordId> {
  const id = known ?? (await client.drafts.create({ template: 'eleven-questions', title })).id;
  const view = await client.drafts.open({ draft: id });
  const edits: Parameters<WorkbenchClient['drafts']['edit']>[0]['edits'] = [];
  for (const [number, text] of Object.entries(answers)) {
    const at = view.blocks.findIndex(({ style }) => style.kind === 'question' && style.number === number);
    const end = view.blocks.findIndex(
      ({ style }, index) => index > at && (style.kind === 'question' || style.kind === 'heading'),
    );
    const standing = view.blocks.slice(at + 1, end < 0 ? undefined : end);
    let after = view.blocks[at]!.id;
    for (const [index, paragraph] of text.split('\n').entries()) {
      const block = standing[index];
      if (block !== undefined) {
        edits.push(setText(block, paragraph));
        after = block.id;
        continue;
      }
      const made = idFor(view);
      edits.push({ op: 'insert', block: made, after, style: { kind: 'paragraph' }, content: inlineText(paragraph) });
      after = made;
    }
  }
  await client.drafts.edit({ session: view.session, edits });
  await client.drafts.close({ session: view.session });
  return id;
}

/** A file as it came by mail. */
export function mailed(workbench: Workbench, name: string, text: string): string {
  return workbench.grants.forBytes(name, new TextEncoder().encode(text));
}

/** All passages of an entry, in the order of the file. */
export async function passagesOf(client: WorkbenchClient, entry: RecordId): Promise<(PassageRef & { text: string })[]> {
  const { rows } = await client.merging.readEntry({ entry });
  return rows.map(({ entry: of, passage, text }) => ({ entry: of, passage, text }));
}

export function entryFor(view: MergeView, delegation: string): MergeView['entries'][number] {
  const found = view.entries.filter((entry) => entry.delegation === delegation && !entry.removed).at(-1);
  if (found === undefined) throw new Error(`no entry of ${delegation}`);
  return found;
}
