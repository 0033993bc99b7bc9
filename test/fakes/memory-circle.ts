/**
 * A circle in memory on the real fold and the real writer: for tests of services that do not care about files. Two of them
 * with one circle id exchange by hand: `b.receive(a.changes())`.
 */
import { webcrypto } from 'node:crypto';
import type { Author } from '../../shared/contract/common.ts';
import { base32, newRecordId, type CircleId, type Json, type RecordId, type ReplicaId } from '../../shared/ids.ts';
import { openChange, type StoredChange } from '../../shared/records/change.ts';
import { createFold } from '../../shared/records/fold.ts';
import { newChain, writeChange } from '../../shared/records/writer.ts';
import { WorkbenchError } from '../../shared/contract/errors.ts';
import type { Circle, CircleNews, Circles } from '../../electron/services/circles/circle.ts';

export interface MemoryCircleOptions {
  readonly circle: CircleId;
  readonly replica?: ReplicaId;
  readonly delegation: string;
  readonly personal?: boolean;
  /** Milliseconds since 1970; by default a counter, so that tests are repeatable. */
  readonly now?: () => number;
  readonly random?: (lengthBytes: number) => Uint8Array;
  /** What a crash left in the journal. */
  readonly journal?: ReadonlyMap<string, Json>;
  /** Delegations by replica, for attributing what partners wrote; shared between the circles of a test. */
  readonly delegations?: Map<ReplicaId, string>;
}

export interface MemoryCircle extends Circle {
  changes(): readonly StoredChange[];
  /** How often the journal was written. */
  journalWrites(): number;
  /** Makes the next writes to log or journal fail, as a full disk does. */
  failWith(error: WorkbenchError | null): void;
}

export function randomBytes(lengthBytes: number): Uint8Array {
  return webcrypto.getRandomValues(new Uint8Array(lengthBytes));
}

export function newCircleId(): CircleId {
  return base32(randomBytes(17)).slice(0, 26) as CircleId;
}

export function createMemoryCircle(options: MemoryCircleOptions): MemoryCircle {
  const random = options.random ?? randomBytes;
  const replica = options.replica ?? (base32(random(17)).slice(0, 26) as ReplicaId);
  const delegations = options.delegations ?? new Map<ReplicaId, string>();
  delegations.set(replica, options.delegation);
  const fold = createFold({ circle: options.circle });
  const log: StoredChange[] = [];
  const journal = new Map<string, Json>(options.journal);
  const blobs = new Map<string, Uint8Array>();
  const listeners = new Set<(news: CircleNews) => void>();
  let chain = newChain(options.circle, replica);
  let clock = Date.UTC(2027, 0, 1);
  const now = options.now ?? (() => (clock += 1000));
  let journalWrites = 0;
  let failure: WorkbenchError | null = null;

  const announce = (records: readonly RecordId[], origin: CircleNews['origin']): void => {
    for (const listener of [...listeners]) listener({ circle: options.circle, records, origin });
  };
  const authorOf = (of: ReplicaId): Author => ({
    person: null,
    name: '',
    delegation: delegations.get(of) ?? '',
    confirmed: false,
    me: of === replica,
  });

  return {
    id: options.circle,
    personal: options.personal ?? false,
    replica,
    person: newRecordId(replica, random),
    fold,
    journal: {
      put: async (entries) => {
        await Promise.resolve();
        if (failure !== null) throw failure;
        journalWrites += 1;
        for (const { key, value } of entries) {
          if (value === null) journal.delete(key);
          else journal.set(key, structuredClone(value) as Json);
        }
      },
      entries: () => journal,
    },
    blobs: {
      put: async (bytes) => {
        const digest = await webcrypto.subtle.digest('SHA-256', new Uint8Array(bytes));
        const name = Buffer.from(digest).toString('hex');
        blobs.set(name, bytes);
        return name;
      },
      get: async (hash) => blobs.get(hash) ?? null,
      has: async (hash) => blobs.has(hash),
      remove: async (hash) => void blobs.delete(hash),
    },
    name: () => 'Test circle',
    newId: () => newRecordId(replica, random),
    write: async (ops) => {
      await Promise.resolve();
      if (failure !== null) throw failure;
      const written = writeChange({ fold, chain, ops, at: now(), random });
      if (!written.ok) {
        const code = written.error.code === 'not-allowed' ? 'not-allowed' : 'invalid-input';
        throw new WorkbenchError(code, written.error.message);
      }
      chain = written.chain;
      log.push(written.stored);
      const { changed } = fold.add(written.change);
      announce(changed, 'own');
      return written.hash;
    },
    receive: async (changes) => {
      await Promise.resolve();
      const touched = new Set<RecordId>();
      let added = 0;
      for (const stored of changes) {
        const opened = openChange(stored);
        if (!opened.ok) throw new Error(opened.error.message);
        const result = fold.add(opened.change);
        if (!result.added) continue;
        added += 1;
        log.push(stored);
        for (const record of result.changed) touched.add(record);
      }
      if (touched.size > 0) announce([...touched], 'partner');
      return { added };
    },
    authorOf,
    onChanged: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    changes: () => log,
    journalWrites: () => journalWrites,
    failWith: (error) => {
      failure = error;
    },
  };
}

/** The circles of one profile; the first is the personal one. */
export function createMemoryCircles(circles: readonly MemoryCircle[]): Circles & {
  /** Runs what an exchange runs before it reads the log. */
  prepareExchange(): Promise<void>;
} {
  const hooks = new Set<(circle: Circle) => Promise<void>>();
  const get = (id: CircleId): Circle => {
    const circle = circles.find((each) => each.id === id);
    if (circle === undefined) throw new WorkbenchError('not-found', `There is no circle ${id}.`);
    return circle;
  };
  return {
    all: () => circles,
    get,
    personal: () => circles[0]!,
    holding: (record) => circles.find((circle) => circle.fold.record(record) !== null),
    onChanged: (listener) => {
      const ends = circles.map((circle) => circle.onChanged(listener));
      return () => ends.forEach((end) => end());
    },
    beforeExchange: (hook) => {
      hooks.add(hook);
      return () => hooks.delete(hook);
    },
    prepareExchange: async () => {
      for (const hook of hooks) for (const circle of circles) await hook(circle);
    },
  };
}
