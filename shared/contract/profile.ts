/** The person, this window's settings, and the sample workspace. */
import { circleId, language, nothing } from './common.ts';
import { z } from './schema.ts';

export const profileStatus = z.object({
  setUp: z.boolean(),
  name: z.string(),
  delegation: z.string(),
  language,
  sampleLoaded: z.boolean(),
  /** Where this profile's data lies, for display only. */
  dataFolder: z.string(),
  version: z.string(),
  shell: z.enum(['desktop', 'loopback', 'memory']),
  /** What happened while opening: a torn tail cut back, a profile recognised as copied or restored. */
  notices: z.array(z.object({ code: z.string(), message: z.string() })),
});
export type ProfileStatus = z.output<typeof profileStatus>;

export const settings = z.object({
  theme: z.enum(['system', 'light', 'dark', 'contrast']),
  language,
  textSize: z.number().min(0.8).max(2),
  defaultCircle: circleId.nullable(),
  listPaneWidth: z.number(),
  marginPaneWidth: z.number(),
  /**
   * Low-data mode: an exchange over a network asks before it moves more than so many bytes, and originals come only when
   * they are opened. Null: never ask.
   */
  askAboveBytes: z.number().int().nonnegative().nullable(),
});
export type Settings = z.output<typeof settings>;

/** What a page has to know before anything is unlocked. */
export const appearance = settings.pick({ theme: true, language: true, textSize: true });
export type Appearance = z.output<typeof appearance>;

export const profileContract = {
  operations: {
    status: { input: nothing, output: profileStatus },
    /** First start. Makes the person, the device and the personal circle. Fails with `already-set-up`. */
    setUp: {
      input: z.object({ name: z.string().trim().min(1), delegation: z.string().trim(), language }),
      output: profileStatus,
    },
    rename: {
      input: z.object({ name: z.string().trim().min(1), delegation: z.string().trim() }),
      output: profileStatus,
    },
    /** Imports the sample documents and drafts of resources/samples into the personal circle; idempotent. */
    loadSample: { input: nothing, output: z.object({ documents: z.number(), drafts: z.number() }) },
    settings: { input: nothing, output: settings },
    changeSettings: { input: settings.partial(), output: settings },
  },
  events: { settingsChanged: settings, statusChanged: profileStatus },
} as const;
