/** Circles, their members and exchange through a shared folder. */
import { circleId, instant, nothing, recordId } from './common.ts';
import { grant } from './files.ts';
import { z } from './schema.ts';

export const circleState = z.enum([
  /** Only on this machine. */
  'local',
  /** Everything of ours is in the folder and everything found there is here. */
  'in-step',
  'exchanging',
  /** Something of ours has not been put yet. */
  'unsent',
  'away',
  'trouble',
]);

export const memberView = z.object({
  person: recordId,
  name: z.string(),
  delegation: z.string(),
  confirmed: z.boolean(),
  administrator: z.boolean(),
  me: z.boolean(),
  devices: z.number(),
  /** When we last saw something new from them (their device's clock). */
  lastSeen: instant.nullable(),
});

export const circleView = z.object({
  id: circleId,
  name: z.string(),
  personal: z.boolean(),
  state: circleState,
  /** The remote in words for display, empty when none. */
  remote: z.string(),
  lastExchange: instant.nullable(),
  awaySince: instant.nullable(),
  unsentChanges: z.number(),
  unsentBytes: z.number(),
  changes: z.number(),
  members: z.array(memberView),
  mayInvite: z.boolean(),
  mayConfirm: z.boolean(),
  /** What was not taken in, and why: a damaged object, a newer format, a forgery, a gap. */
  setAside: z.array(z.object({ object: z.string(), code: z.string(), message: z.string() })),
});
export type CircleView = z.output<typeof circleView>;

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
    create: { input: z.object({ name: z.string().trim().min(1), folder: grant }), output: circleView },
    /** An invitation: a text that carries the circle's id and key. Whoever has it and the folder can read everything. */
    invite: { input: z.object({ circle: circleId }), output: z.object({ invitation: z.string() }) },
    /** What an invitation says, before joining. */
    inspectInvitation: {
      input: z.object({ invitation: z.string() }),
      output: z.object({ circle: circleId, name: z.string(), by: z.string() }),
    },
    join: { input: z.object({ invitation: z.string(), folder: grant }), output: circleView },
    /** Points the circle at a folder again (a stick under another letter, a moved share). */
    changeFolder: { input: z.object({ circle: circleId, folder: grant }), output: circleView },
    sync: { input: z.object({ circle: circleId.optional() }), output: z.object({ circles: z.array(circleView) }) },
    confirmDelegation: { input: z.object({ circle: circleId, person: recordId }), output: circleView },
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
