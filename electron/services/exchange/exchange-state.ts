/**
 * What exchange remembers of one remote of one circle between runs. All of it can be made again from the log and the
 * remote; losing it costs a few objects read or put twice, never a change.
 */
import { z } from '../../../shared/contract/schema.ts';
import type { ChangeHash, ReplicaId } from '../../../shared/ids.ts';

const replica = z.string() as unknown as z.ZodType<ReplicaId, ReplicaId>;
const hash = z.string() as unknown as z.ZodType<ChangeHash, ChangeHash>;

const segment = z.object({
  from: z.number(),
  to: z.number(),
  hash: z.string(),
  sizeBytes: z.number(),
  epoch: z.number().optional(),
});
const finding = z.object({ object: z.string(), code: z.string(), message: z.string() });

export const exchangeStateSchema = z.object({
  format: z.literal(1),
  /** The random id of the store last used; null before the first run. */
  store: z.string().nullable(),
  published: z.array(
    z.object({
      replica,
      tip: hash,
      seq: z.number(),
      head: z.string().nullable(),
      headBytes: z.number(),
      segments: z.array(segment),
      obsolete: z.array(z.string()),
      /** Superfluous segments that the store keeps from us (remove-own.ts). */
      kept: z.array(z.string()).optional(),
      /** Versions whose values none of its segments holds any more. */
      erased: z.array(z.string()).default([]),
    }),
  ),
  /** Objects of ours that were about to be put when this was saved. */
  announced: z.array(z.string()),
  /** Heads on the remote whose changes are all here. */
  taken: z.record(z.string(), z.object({ replica, seq: z.number(), tip: hash })),
  /**
   * The signed heads of others' chains that are here whole, by their tips, with the object in base 64: what lets this
   * profile pass those changes on should the remote lose them.
   */
  proofs: z.record(
    z.string(),
    z.object({ name: z.string(), replica, seq: z.number(), segments: z.array(segment), object: z.string() }),
  ),
  /**
   * Segments that no readable head names, read once: name to what they hold. `object` (base 64) is kept of those that
   * brought what no head vouches for that is here with its end: nothing else could show later that it is genuine; and of
   * those that give a key (`key`): what is passed on in a relay is sealed with that key, and opens to nobody who lacks it.
   */
  loose: z.record(
    z.string(),
    z.object({
      sizeBytes: z.number(),
      from: z.number(),
      tip: hash,
      object: z.string().optional(),
      key: z.boolean().optional(),
      /** Of the object: a hash of the erased versions that it was found to be without. */
      without: z.string().optional(),
    }),
  ),
  /** Since when a chain of somebody else is not whole on the remote, by its tip; and what we put of it. */
  uncovered: z.record(z.string(), z.number()),
  relayed: z.record(z.string(), z.string()),
  /** Changes with erased values that no relay of ours was made before. */
  relayedWithout: z.array(z.string()).default([]),
  /** Loose segments that hold nothing erased that is ours to remove: name to size and a hash of what was looked for. */
  withoutErased: z.record(z.string(), z.string()).default({}),
  /** Erased originals (SHA-256) that were removed here, as far as the store lets us. */
  withoutOriginals: z.array(z.string()).default([]),
  /** Objects that no key at hand opens, with their sizes, and the epochs whose keys were at hand. */
  unreadable: z.record(z.string(), z.number()).default({}),
  unreadableWith: z.string().default(''),
  /** The highest number that a verified head of each replica has shown. */
  seen: z.record(z.string(), z.number()),
  /** Files under names not of the format that turned out to be whole objects: raw name to size and own name. */
  strays: z.record(z.string(), z.object({ sizeBytes: z.number(), name: z.string() })),
  /** Originals known to stand on the remote, by object name, with their size there. */
  blobs: z.record(z.string(), z.number()),
  /** What others' receipts on this remote last said: by replica, the receipt's number and time, and the tips it names. */
  receipts: z
    .record(
      z.string(),
      z.object({
        number: z.number(),
        at: z.number().nullable(),
        tips: z.array(hash),
        lacks: z.array(z.string()),
        erased: z.array(z.string()).default([]),
        damaged: z.array(z.string()).default([]),
      }),
    )
    .default({}),
  receipt: z
    .object({
      number: z.number(),
      at: z.number(),
      tips: z.string(),
      erased: z.string().default(''),
      damaged: z.string().default(''),
      submissions: z.string().default(''),
    })
    .nullable(),
  /** Where reading is dear: objects that were damaged when they were read, and those read because a receipt named them. */
  lookedAt: z.record(z.string(), z.object({ at: z.number(), sizeBytes: z.number(), damaged: z.boolean() })).default({}),
  /** When our own objects were last looked for, and last read again. Milliseconds since 1970. */
  checkedAt: z.number(),
  checkedDeepAt: z.number(),
  lastExchange: z.number().nullable(),
  awaySince: z.number().nullable(),
  setAside: z.array(finding),
  /** Forks already told about, by their first change. */
  toldForks: z.array(z.string()),
});
export type ExchangeState = z.output<typeof exchangeStateSchema>;
export type Finding = z.output<typeof finding>;
export type PublishedState = ExchangeState['published'][number];

export function newExchangeState(): ExchangeState {
  return {
    format: 1,
    store: null,
    published: [],
    announced: [],
    taken: {},
    proofs: {},
    loose: {},
    uncovered: {},
    relayed: {},
    relayedWithout: [],
    withoutErased: {},
    withoutOriginals: [],
    unreadable: {},
    unreadableWith: '',
    seen: {},
    strays: {},
    blobs: {},
    receipts: {},
    receipt: null,
    lookedAt: {},
    checkedAt: 0,
    checkedDeepAt: 0,
    lastExchange: null,
    awaySince: null,
    setAside: [],
    toldForks: [],
  };
}

/** Where the state lies between runs: in the catalogue. */
export interface ExchangeStatePort {
  load(): Promise<unknown>;
  /** Durable before it resolves. */
  save(state: ExchangeState): Promise<void>;
}

/** The state as last saved; a fresh one when there is none or it does not read (it can be made again). */
export async function loadExchangeState(port: ExchangeStatePort): Promise<ExchangeState> {
  const parsed = exchangeStateSchema.safeParse(await port.load());
  return parsed.success ? parsed.data : newExchangeState();
}
