/**
 * Devices of a circle, its administrators, its keys, and what owners have erased: the part of the `circles` contract that
 * is about who may read and whose word counts.
 */
import { changeHash, circleId, instant, recordId, replicaId, versionId } from './common.ts';
import { z } from './schema.ts';

export const deviceView = z.object({
  replica: replicaId,
  /** What its person calls it; empty when they gave no name. */
  name: z.string(),
  /** This very profile. */
  current: z.boolean(),
  administrator: z.boolean(),
  /** The times of its first and last change here, by its own clock. */
  since: instant.nullable(),
  lastSeen: instant.nullable(),
  /**
   * `removed`: an administrator ended its part in the circle. `not-admitted`: it joined with the key of an earlier epoch,
   * and nothing of it counts until an administrator admits it.
   */
  state: z.enum(['takes-part', 'removed', 'not-admitted']),
  removal: z.object({ by: z.string(), at: instant.nullable(), reason: z.string() }).nullable(),
  /** It, or one that it carries on, went on from one point in two ways, as a copied or restored profile does. */
  forked: z.boolean(),
  /** Changes of it that do not count, with the last of them: what `acceptLater` may accept. */
  setAside: z.object({ changes: z.number(), last: changeHash, at: instant.nullable() }).nullable(),
  /** Whether the newest key is sealed to it. */
  hasKey: z.boolean(),
});
export type DeviceView = z.output<typeof deviceView>;

export const erasureView = z.object({
  erasure: recordId,
  by: z.string(),
  mine: z.boolean(),
  at: instant.nullable(),
  reason: z.string(),
  /** Values that it names. */
  values: z.number(),
  /** Documents whose originals it names. */
  documents: z.number(),
  /** Every device that takes part, and whether it has said that it dropped the values. */
  devices: z.array(
    z.object({ replica: replicaId, person: recordId.nullable(), name: z.string(), confirmed: z.boolean() }),
  ),
  confirmed: z.number(),
});
export type ErasureView = z.output<typeof erasureView>;

/** `circle` in the outputs is its view after the step. */
export function deviceOperations<View extends z.ZodType>(circleView: View) {
  return {
    /**
     * Ends the part of a device in the circle: what it writes after the change that was here last does not count, and from
     * now on everything is sealed with a key that it is not given. Administrators only. Fails with `not-allowed`.
     */
    removeDevice: {
      input: z.object({ circle: circleId, device: replicaId, reason: z.string().trim().max(2000).default('') }),
      output: circleView,
    },
    /** Accepts changes of a removed device up to `last`, as shown in its view. It stays removed. */
    acceptLater: { input: z.object({ circle: circleId, device: replicaId, last: changeHash }), output: circleView },
    /** Gives the newest key to a device that joined with an older one, whose changes count from then on. */
    admitDevice: { input: z.object({ circle: circleId, device: replicaId }), output: circleView },
    /** A new key, given to every device that takes part. */
    rotateKey: { input: z.object({ circle: circleId }), output: circleView },
    grantAdministrator: { input: z.object({ circle: circleId, person: recordId }), output: circleView },
    /**
     * Makes every device drop values for good: all those of `records`, or single `versions`. They must be one's own, or of
     * records one made. Copies that somebody took elsewhere remain. Fails with `not-allowed`, `not-found`.
     */
    erase: {
      input: z.object({
        circle: circleId,
        records: z.array(recordId).default([]),
        versions: z.array(versionId).default([]),
        reason: z.string().trim().max(2000).default(''),
      }),
      output: erasureView,
    },
    /** Newest first. */
    erasureStatus: { input: z.object({ circle: circleId }), output: z.object({ erasures: z.array(erasureView) }) },
  } as const;
}
