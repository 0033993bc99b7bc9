/**
 * Circles, their members, and exchange: through channels (channels.ts) and by bundles, single files for stick, mail or
 * messenger.
 */
import { channelId, channelRequest, channelView } from './channels.ts';
import { circleId, documentId, instant, nothing, recordId, replicaId } from './common.ts';
import { errorCodes } from './errors.ts';
import { grant } from './files.ts';
import { deviceOperations, deviceView } from './devices.ts';
import { z } from './schema.ts';

/** Of all its channels together: the first of these, from below, that holds of any of them; `unsent` counts what none has. */
export const circleState = z.enum([
  /** Only on this machine, and in bundles. */
  'local',
  /** Everything of ours is there and everything found there is here. */
  'in-step',
  /** Something of ours has not been put anywhere yet. */
  'unsent',
  /** No channel can be reached. */
  'away',
  'trouble',
  /** Low-data mode asks before more than the chosen size. */
  'waiting-for-permission',
  'exchanging',
  'paused',
]);

export const memberView = z.object({
  person: recordId,
  name: z.string(),
  delegation: z.string(),
  confirmed: z.boolean(),
  administrator: z.boolean(),
  me: z.boolean(),
  devices: z.number(),
  /** Each of them, removed ones included. */
  deviceList: z.array(deviceView).default([]),
  /** When we last saw something new from them (their device's clock). */
  lastSeen: instant.nullable(),
  /**
   * How many of my changes they lack by the last receipt of theirs that came, and when they wrote it (their clock); null
   * when none has come.
   */
  receipt: z.object({ lacks: z.number(), at: instant.nullable() }).nullable(),
});

export const circleView = z.object({
  id: circleId,
  name: z.string(),
  personal: z.boolean(),
  /** This person has another device in it, so that also a personal circle is exchanged. */
  companions: z.boolean().default(false),
  state: circleState,
  /** Its channels in words for display, empty when none. */
  remote: z.string(),
  channels: z.array(channelView),
  paused: z.boolean(),
  lastExchange: instant.nullable(),
  awaySince: instant.nullable(),
  unsentChanges: z.number(),
  unsentBytes: z.number(),
  changes: z.number(),
  members: z.array(memberView),
  /** Devices that joined with a key of before and wait to be admitted. */
  newcomers: z
    .array(z.object({ replica: replicaId, name: z.string(), delegation: z.string(), at: instant.nullable() }))
    .default([]),
  /** Why something that was ordered to be erased is still on this machine's disk; null when nothing is. */
  erasingTrouble: z
    .object({ code: z.enum(errorCodes), message: z.string() })
    .nullable()
    .default(null),
  mayInvite: z.boolean(),
  mayConfirm: z.boolean(),
  /** What was not taken in, and why: a damaged object, a newer format, a forgery, a gap. */
  setAside: z.array(z.object({ object: z.string(), code: z.string(), message: z.string() })),
});
export type CircleView = z.output<typeof circleView>;

const finding = z.object({ object: z.string(), code: z.string(), message: z.string() });

/** `person`: only what they lack by their receipts. `maxBytes`: split into several files where objects allow it. */
const bundleRequest = z.object({
  circle: circleId,
  person: recordId.nullable(),
  maxBytes: z.number().int().positive().nullable(),
});

/** What a bundle holds, beyond what the person holds. Without any receipt of theirs that is everything. */
const bundlePlan = z.object({
  basis: z.enum(['everything', 'receipts']),
  changes: z.number(),
  originals: z.number(),
  sizeBytes: z.number(),
  parts: z.number(),
  /** The size of the largest file: above the limit where one object alone is larger. */
  largestBytes: z.number(),
});
export type BundlePlanView = z.output<typeof bundlePlan>;

export const bundleReport = z.object({
  circle: circleId,
  circleName: z.string(),
  part: z.number(),
  parts: z.number(),
  /** What was not here before. */
  changes: z.number(),
  originals: z.number(),
  /** Annotations, drafts and documents that the changes concern. */
  annotations: z.number(),
  drafts: z.number(),
  documents: z.number(),
  setAside: z.array(finding),
});
export type BundleReport = z.output<typeof bundleReport>;

export const activity = z.object({
  at: instant,
  circle: circleId,
  kind: z.enum(['sent', 'received', 'trouble', 'joined', 'away', 'back']),
  text: z.string(),
  changes: z.number(),
  bytes: z.number(),
});

export const circlesContract = {
  operations: {
    list: { input: nothing, output: z.object({ circles: z.array(circleView) }) },
    /** Without a folder the circle exchanges by bundles alone, until it is given one with `changeFolder`. */
    create: { input: z.object({ name: z.string().trim().min(1), folder: grant.optional() }), output: circleView },
    /** An invitation: a text that carries the circle's id and key. Whoever has it and the folder can read everything. */
    /** With a passphrase nobody reads it who does not know that. `code` is the same for a QR code. */
    invite: {
      input: z.object({ circle: circleId, passphrase: z.string().min(1).optional() }),
      output: z.object({ invitation: z.string(), code: z.string() }),
    },
    /** What an invitation says, before joining. Fails with `passphrase-needed` and `passphrase-wrong`. */
    inspectInvitation: {
      input: z.object({ invitation: z.string(), passphrase: z.string().optional() }),
      output: z.object({
        circle: circleId,
        name: z.string(),
        by: z.string(),
        /** Ways to the circle that the invitation brings along. */
        channels: z.array(z.object({ kind: z.string(), place: z.string() })),
      }),
    },
    /**
     * By the circle's folder or another channel, by bundles of it, or by several of these; with none, the first bundle is
     * imported later. An invitation that describes a channel is joined through that one when none is given; where the
     * channel wants a password, `account` brings it, or `channel` with all there is to say. With a bundle none of these
     * channels has to be reached.
     */
    join: {
      input: z.object({
        invitation: z.string(),
        passphrase: z.string().optional(),
        folder: grant.optional(),
        channel: channelRequest.optional(),
        /** For the invitation's own ways: name and password, or the two keys of a store. */
        account: z.object({ user: z.string().trim(), password: z.string() }).optional(),
        bundles: z.array(grant).optional(),
      }),
      output: circleView,
    },
    /**
     * Adds a channel to a circle, or with `replaces` puts it in the place of another (a new password, a moved server), and
     * exchanges through it. A place that is empty becomes this circle's; one with other files gets a folder of its own in
     * it; one that holds the circle is joined; one that holds another circle is refused. Nothing is changed when it fails.
     * Fails with `network-unreachable`, `network-captive`, `channel-refused`, `channel-unsuitable`, and as `changeFolder`.
     */
    connect: {
      input: z.object({ circle: circleId, channel: channelRequest, replaces: channelId.optional() }),
      output: circleView,
    },
    /** Takes a channel away with what is remembered of it. What lies there stays, for the others. */
    disconnect: { input: z.object({ circle: circleId, channel: channelId }), output: circleView },
    /**
     * Tries a channel out: reaches it, signs in, looks, writes and removes a file. Changes nothing else. Fails as
     * `connect` does. `found` says what is there.
     */
    testChannel: {
      input: z.object({ circle: circleId.optional(), channel: channelRequest }),
      output: z.object({ place: z.string(), found: z.enum(['empty', 'other-files', 'circle', 'this-circle']) }),
    },
    /** Nothing is exchanged until `resume`, also by `sync`; what is under way stops and is taken up later where it was. */
    pause: { input: z.object({ circle: circleId }), output: circleView },
    resume: { input: z.object({ circle: circleId }), output: circleView },
    /** Lets what a channel asks for in low-data mode pass, once. The limit itself is a setting, `askAboveBytes`. */
    allow: { input: z.object({ circle: circleId, channel: channelId }), output: circleView },
    /**
     * Gets the original of a document that is named in a circle and not here yet, before everything else and without
     * asking. `here`: whether it is now.
     */
    fetchOriginal: {
      input: z.object({ document: documentId }),
      output: z.object({ here: z.boolean() }),
    },
    /** What `writeBundle` would write now. */
    bundleSize: { input: bundleRequest, output: bundlePlan },
    /** Grants for `files.save`, one for each part. */
    writeBundle: {
      input: bundleRequest,
      output: bundlePlan.extend({
        files: z.array(z.object({ file: grant, name: z.string(), sizeBytes: z.number() })),
      }),
    },
    /** The circle is the one that the bundle names; fails with `bundle-other-circle` when this profile is not in it. */
    importBundle: { input: z.object({ file: grant }), output: bundleReport },
    /** Points the circle's folder channel at a folder again (a stick under another letter, a moved share), or gives it one. */
    changeFolder: { input: z.object({ circle: circleId, folder: grant }), output: circleView },
    /** Exchanges through every channel now, without waiting for the next try. Paused circles are left alone. */
    sync: { input: z.object({ circle: circleId.optional() }), output: z.object({ circles: z.array(circleView) }) },
    confirmDelegation: { input: z.object({ circle: circleId, person: recordId }), output: circleView },
    ...deviceOperations(circleView),
    activities: {
      input: z.object({ limit: z.number().int().positive().default(100) }),
      output: z.object({ activities: z.array(activity) }),
    },
    /** Checks every log and object; each finding names the file and the place. */
    verify: {
      input: nothing,
      output: z.object({
        checked: z.object({ logs: z.number(), changes: z.number(), objects: z.number(), originals: z.number() }),
        findings: z.array(z.object({ file: z.string(), place: z.string(), code: z.string(), message: z.string() })),
      }),
    },
  },
  events: { changed: z.object({ circles: z.array(circleView) }), activity },
} as const;
