/**
 * Workbenches that exchange in one process, each with real circles on a real disk; the store between them is the test's
 * choice. Nothing of the shells, the page or the timers.
 */
import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RecordId, VersionId } from '../../shared/ids.ts';
import { canonical } from '../../shared/records/canonical.ts';
import { overHeads } from '../../shared/records/writer.ts';
import type { RemoteStore } from '../../shared/sync/remote-store.ts';
import { openCircles, type OpenedCircles } from '../../electron/services/circles/open-circles.ts';
import type { OpenedCircle } from '../../electron/services/circles/open-circle.ts';
import { claimStore } from '../../electron/services/exchange/circle-check.ts';
import { createExchange, type Exchange } from '../../electron/services/exchange/exchange.ts';
import type { ExchangeState, ExchangeStatePort } from '../../electron/services/exchange/exchange-state.ts';
import { compression, createSealingCrypto } from '../../electron/services/exchange/sealing.ts';
import { createOriginals } from '../../electron/services/storage/originals.ts';
import { openSecretFile } from '../../electron/services/storage/secret-store.ts';

export interface PartyMember {
  readonly name: string;
  readonly folder: string;
  readonly circles: OpenedCircles;
  readonly circle: OpenedCircle;
  readonly exchange: Exchange;
  /** What the exchange remembers; a test may set it back. */
  readonly memory: { state: ExchangeState | null };
}

export interface Party {
  readonly clock: { now: number };
  readonly engine: Awaited<ReturnType<typeof createEngine>>;
  /** The first founds the circle and claims the store; later ones join. */
  add(name: string, store: RemoteStore | ((circle: OpenedCircle) => RemoteStore)): Promise<PartyMember>;
  /** Opens a profile folder that was copied or put back; `copied` as the profile's own mark would say. */
  reopen(name: string, store: RemoteStore, memory: PartyMember['memory'], copied?: boolean): Promise<PartyMember>;
  close(member: PartyMember): Promise<void>;
  folderOf(name: string): string;
  dispose(): Promise<void>;
}

export async function createEngine() {
  return { crypto: await createSealingCrypto(), compression };
}

export async function createParty(random = (length: number) => new Uint8Array(randomBytes(length))): Promise<Party> {
  const root = await mkdtemp(join(tmpdir(), 'workbench-party-'));
  const engine = await createEngine();
  const clock = { now: 1_790_000_000_000 };
  const members = new Set<PartyMember>();
  const folderOf = (name: string): string => join(root, name);

  async function open(name: string, copied = false): Promise<OpenedCircles> {
    const folder = folderOf(name);
    await mkdir(folder, { recursive: true });
    return openCircles({
      folder: join(folder, 'circles'),
      secrets: await openSecretFile(join(folder, 'secrets.json')),
      blobs: createOriginals(join(folder, 'originals')),
      identity: () => ({ name: `Person ${name}`, delegation: `Delegation ${name}`, language: 'en' }),
      random,
      now: () => clock.now,
      copied,
    });
  }

  function member(
    name: string,
    store: RemoteStore,
    circles: OpenedCircles,
    circle: OpenedCircle,
    memory: PartyMember['memory'],
  ): PartyMember {
    const state: ExchangeStatePort = {
      load: async () => memory.state && structuredClone(memory.state),
      save: async (next) => void (memory.state = structuredClone(next)),
    };
    const exchange = createExchange({ circle, store, ...engine, state, clock: () => clock.now });
    const made = { name, folder: folderOf(name), circles, circle, exchange, memory };
    members.add(made);
    return made;
  }

  return {
    clock,
    engine,
    folderOf,
    async add(name, place) {
      const storeOf = (circle: OpenedCircle): RemoteStore => (typeof place === 'function' ? place(circle) : place);
      const circles = await open(name);
      const [first] = members;
      if (!first) {
        const circle = await circles.create({ name: 'Région arabe' });
        const store = storeOf(circle);
        await claimStore({ store, circle, engine });
        return member(name, store, circles, circle, { state: null });
      }
      const { circle: other } = first;
      const founder = other.fold.founder() ?? other.replica;
      const circle = await circles.join({ circle: other.id, name: other.name(), founder, ...other.keys.current() });
      return member(name, storeOf(circle), circles, circle, { state: null });
    },
    async reopen(name, store, memory, copied = false) {
      const circles = await open(name, copied);
      return member(name, store, circles, circles.all()[0]!, memory);
    },
    async close(gone) {
      members.delete(gone);
      await gone.circles.close();
    },
    async dispose() {
      for (const each of members) await each.circles.close();
      await rm(root, { recursive: true, force: true });
    },
  };
}

/** Writes a note over what this member has on screen, and returns the version made. */
export async function writeNote(
  { circle }: PartyMember,
  body: string,
  record: RecordId = circle.newId(),
): Promise<{ readonly record: RecordId; readonly version: VersionId }> {
  const over = overHeads(circle.fold, record, 'title');
  const hash = await circle.write([{ record, type: 'draft', field: 'title', over, value: body }]);
  return { record, version: `${hash}.0` as VersionId };
}

/** The folded state as text, for comparing. */
export function stateOf({ circle }: PartyMember): string {
  return canonical(circle.fold.snapshot());
}
