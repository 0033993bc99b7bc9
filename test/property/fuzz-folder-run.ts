/**
 * One seed of the folder fuzz: workbenches with real circles on disk exchange through a real folder while everything
 * happens to it that happens to such folders. An independent model keeps nothing but the values that were reported
 * written; at the end all states must be equal and every value must be found in the history of its field, everywhere.
 */
import { cp, copyFile, readdir, readFile, rename, rm, writeFile, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createFolderRemoteStore } from '../../electron/services/exchange/folder-remote-store.ts';
import { WorkbenchError } from '../../shared/contract/errors.ts';
import type { RecordId, VersionId } from '../../shared/ids.ts';
import { overHeads } from '../../shared/records/writer.ts';
import type { RemoteStore } from '../../shared/sync/remote-store.ts';
import { createParty, stateOf, type Party, type PartyMember } from '../fakes/exchange-party.ts';

export const shapes = [
  'offline',
  'exchange',
  'truncated',
  'flipped',
  'duplicated',
  'renamed',
  'removed',
  'delayed',
  'cut',
  'copied',
  'restored',
  'forked',
  'conflict',
] as const;
export type Shape = (typeof shapes)[number];

export interface FuzzOutcome {
  readonly seed: number;
  readonly counts: Readonly<Record<Shape, number>>;
  readonly values: number;
  /** Empty when everything held. */
  readonly failures: readonly string[];
}

/** Numbers from 0 to 1, the same for the same seed (mulberry32). */
export function createRandom(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** What one workbench sees of the folder: its cable, and what its sync tool has not brought yet. */
interface Link {
  away: boolean;
  readonly hidden: Set<string>;
  /** Requests until the program is cut off; null for never. */
  cutAfter: number | null;
}

interface Participant {
  member: PartyMember;
  readonly link: Link;
  readonly store: RemoteStore;
  /** What stands on this person's screen: the heads last looked at. */
  readonly screen: Map<RecordId, readonly VersionId[]>;
}

interface Written {
  readonly value: string;
  readonly record: RecordId;
  readonly by: Participant;
  required: boolean;
}

interface Backup {
  readonly of: Participant;
  readonly folder: string;
  readonly memory: PartyMember['memory'];
}

const members = 4;
const renamings = [
  ' (conflicted copy 2026-11-22)',
  ' (1)',
  '.sync-conflict-20261122-101010-ABCDEFG',
  '~',
  '.partial',
  '.tmp',
];

function linked(inner: RemoteStore, link: Link): RemoteStore {
  const pass = (name: string): boolean => {
    if (link.away) throw new WorkbenchError('folder-unreachable', 'away');
    if (link.cutAfter !== null && (link.cutAfter -= 1) < 0) throw new Error('cut');
    return !link.hidden.has(name);
  };
  return {
    capabilities: inner.capabilities,
    describe: () => inner.describe(),
    async list(prefix, signal) {
      pass('');
      return (await inner.list(prefix, signal)).filter(({ name }) => !link.hidden.has(name));
    },
    get: async (name, signal) => (pass(name) ? inner.get(name, signal) : null),
    putIfAbsent: async (name, bytes, signal) => (pass(name), inner.putIfAbsent(name, bytes, signal)),
    removeOwn: async (name) => (pass(name), inner.removeOwn(name)),
  };
}

/** The ends of chains that one has and the other has not. */
function difference(one: PartyMember, other: PartyMember): string {
  const missing = (from: PartyMember, to: PartyMember): string[] =>
    from.circle.fold
      .replicas()
      .flatMap((replica) => from.circle.fold.tipsOf(replica))
      .filter((link) => !to.circle.fold.has(link.hash))
      .map((link) => `${link.replica.slice(0, 5)} ${link.seq}`);
  return `only there: ${missing(other, one).join(', ')}; only here: ${missing(one, other).join(', ')}`;
}

export async function runFuzz(seed: number, steps = 120): Promise<FuzzOutcome> {
  const random = createRandom(seed);
  const pick = <T>(from: readonly T[]): T | undefined => from[Math.floor(random() * from.length)];
  const bytes = (length: number) => Uint8Array.from({ length }, () => Math.floor(random() * 256));
  const folder = await mkdtemp(join(tmpdir(), 'workbench-fuzz-'));
  const party: Party = await createParty(bytes);
  const counts = Object.fromEntries(shapes.map((shape) => [shape, 0])) as Record<Shape, number>;
  const participants: Participant[] = [];
  const written: Written[] = [];
  const records: RecordId[] = [];
  const backups: Backup[] = [];
  let number = 0;

  function connect(name: string): { link: Link; store: RemoteStore } {
    const link: Link = { away: false, hidden: new Set(), cutAfter: null };
    return { link, store: linked(createFolderRemoteStore({ folder, owner: name, random: bytes }), link) };
  }

  const holds = ({ member }: Participant, { record, value }: Written): boolean =>
    member.circle.fold.history(record, 'title').some((version) => version.value === value);

  /** A name in the folder, prefix included, whatever it is called. */
  async function anyFile(): Promise<string | undefined> {
    const names: string[] = [];
    for (const prefix of ['heads', 'segments', 'receipts']) {
      for (const name of await readdir(join(folder, prefix)).catch(() => [])) names.push(`${prefix}/${name}`);
    }
    return pick(names.sort());
  }

  async function write(by: Participant): Promise<void> {
    const { circle } = by.member;
    const record = random() < 0.4 ? circle.newId() : (pick(records) ?? circle.newId());
    if (!records.includes(record)) records.push(record);
    if (random() < 0.5 || !by.screen.has(record)) by.screen.set(record, overHeads(circle.fold, record, 'title'));
    number += 1;
    const value = `value ${number} of seed ${seed}`;
    const over = by.screen.get(record)!;
    const hash = await circle.write([{ record, type: 'draft', field: 'title', over, value }]);
    by.screen.set(record, [`${hash}.0` as VersionId]);
    written.push({ value, record, by, required: true });
  }

  async function exchange(by: Participant, check = false): Promise<void> {
    counts.exchange += 1;
    if (by.link.away) counts.offline += 1;
    await by.member.exchange.run({ check }).catch((error: unknown) => {
      if (!(error instanceof Error) || error.message !== 'cut') throw error;
    });
  }

  /** The program ends in the middle of an exchange and is started again. */
  async function cut(by: Participant): Promise<void> {
    counts.cut += 1;
    by.link.cutAfter = Math.floor(random() * 8);
    await exchange(by);
    by.link.cutAfter = null;
    const { name, memory } = by.member;
    await party.close(by.member);
    by.member = await party.reopen(name, by.store, memory);
  }

  async function disturb(): Promise<void> {
    const name = await anyFile();
    if (name === undefined) return;
    const path = join(folder, name);
    const content = await readFile(path);
    const kind = pick(['truncated', 'flipped', 'duplicated', 'renamed', 'removed', 'delayed'] as const)!;
    counts[kind] += 1;
    const end = pick(renamings)!;
    if (kind === 'truncated') await writeFile(path, content.subarray(0, Math.floor(random() * content.length)));
    if (kind === 'flipped' && content.length > 0) {
      content[Math.floor(random() * content.length)]! ^= 1 << Math.floor(random() * 8);
      await writeFile(path, content);
    }
    if (kind === 'duplicated') await copyFile(path, path + end);
    if (kind === 'renamed') await rename(path, path + end);
    if (kind === 'removed') await rm(path);
    if (kind === 'delayed') pick(participants)!.link.hidden.add(name);
  }

  async function copyProfile(of: Participant): Promise<void> {
    counts.copied += 1;
    const name = `${of.member.name}-copy-${counts.copied}`;
    await cp(of.member.folder, party.folderOf(name), { recursive: true });
    const { link, store } = connect(name);
    const memory = { state: structuredClone(of.member.memory.state) };
    // Sometimes the profile notices by itself that it was copied; the harder case is when it does not.
    const member = await party.reopen(name, store, memory, random() < 0.3);
    participants.push({ member, link, store, screen: new Map(of.screen) });
  }

  async function backUp(of: Participant): Promise<void> {
    const to = party.folderOf(`backup-${backups.length}`);
    await cp(of.member.folder, to, { recursive: true });
    backups.push({ of, folder: to, memory: { state: structuredClone(of.member.memory.state) } });
  }

  async function restore({ of, folder: from, memory }: Backup): Promise<void> {
    counts.restored += 1;
    const { name, folder: to } = of.member;
    await party.close(of.member);
    await rm(to, { recursive: true });
    await cp(from, to, { recursive: true });
    of.member = await party.reopen(name, of.store, { state: structuredClone(memory.state) });
    of.screen.clear();
    // What only the lost disk held is lost; what any workbench holds must stay.
    for (const each of written) each.required &&= participants.some((participant) => holds(participant, each));
  }

  async function step(): Promise<void> {
    party.clock.now += Math.floor(random() * 900_000);
    const who = pick(participants)!;
    const dice = random();
    if (dice < 0.4) await write(who);
    else if (dice < 0.66) await exchange(who);
    else if (dice < 0.72) who.link.away = !who.link.away;
    else if (dice < 0.88) await disturb();
    else if (dice < 0.92) await cut(who);
    else if (dice < 0.95) who.link.hidden.clear();
    else if (dice < 0.97) await backUp(who);
    else if (dice < 0.985) {
      if (counts.copied < 2) await copyProfile(who);
    } else {
      const backup = pick(backups);
      if (backup) await restore(backup);
    }
  }

  const failures: string[] = [];
  try {
    for (let index = 0; index < members; index += 1) {
      const name = `w${index}`;
      const { link, store } = connect(name);
      participants.push({ member: await party.add(name, store), link, store, screen: new Map() });
      await exchange(participants[index]!);
    }
    for (let index = 0; index < steps; index += 1) await step();

    // Everybody online, nothing hidden, hours pass.
    for (const { link } of participants) {
      link.away = false;
      link.hidden.clear();
    }
    for (let round = 0; round < 8; round += 1) {
      party.clock.now += 4_000_000;
      for (const each of participants) await exchange(each, true);
      if (new Set(participants.map(({ member }) => stateOf(member))).size === 1 && round > 0) break;
    }
    // Somebody who joins now gets everything from the folder alone.
    const { link, store } = connect('late');
    const late: Participant = { member: await party.add('late', store), link, store, screen: new Map() };
    participants.push(late);
    for (let round = 0; round < 2; round += 1) for (const each of [late, ...participants]) await exchange(each, true);

    const first = participants[0]!;
    for (const each of participants) {
      if (stateOf(each.member) !== stateOf(first.member)) {
        failures.push(
          `${each.member.name} differs from ${first.member.name}: ${difference(each.member, first.member)}`,
        );
      }
      if (each.member.circle.fold.gaps().length > 0) failures.push(`${each.member.name} has gaps`);
      for (const value of written) {
        if (value.required && !holds(each, value)) failures.push(`${each.member.name} lacks "${value.value}"`);
      }
    }
    counts.forked = first.member.circle.fold.forks().length;
    counts.conflict = records.filter(
      (id) => (first.member.circle.fold.field(id, 'title')?.values.length ?? 0) > 1,
    ).length;
    return { seed, counts, values: written.length, failures };
  } finally {
    await party.dispose();
    await rm(folder, { recursive: true, force: true });
  }
}
