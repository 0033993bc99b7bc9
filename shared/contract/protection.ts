/**
 * The profile's lock: passphrase, recovery key, backup, and what can be asked while everything else is locked. After an
 * operation that closes and opens the profile the connection ends; a page connects again and loads anew.
 */
import { nothing } from './common.ts';
import { grant } from './files.ts';
import { appearance } from './profile.ts';
import { z } from './schema.ts';

export const protectionStatus = z.object({
  locked: z.boolean(),
  /** What keeps the profile's files from being read: `nothing` means that they lie open on the disk. */
  by: z.enum(['nothing', 'passphrase', 'system']),
  /** Whether there is a sheet with a recovery key. */
  hasRecoveryKey: z.boolean(),
  /** While it is locked: how its person wants the page to look, where that is known. */
  appearance: appearance.nullable(),
});
export type ProtectionStatus = z.output<typeof protectionStatus>;

const passphrase = z.string().min(1);
/** The passphrase of now; needed where there is one. */
const current = z.string().nullable();

export const protectionContract = {
  operations: {
    status: { input: nothing, output: protectionStatus },
    /** Fails with `passphrase-wrong`. */
    unlock: { input: z.object({ passphrase }), output: protectionStatus },
    /** Opens with the recovery key and sets a new passphrase. Fails with `recovery-key-invalid`. */
    recover: { input: z.object({ recoveryKey: z.string().min(1), passphrase }), output: protectionStatus },
    /** Closes everything until it is unlocked; for a profile with a passphrase. */
    lock: { input: nothing, output: protectionStatus },
    /** Sets a first passphrase, for which all files are sealed, or changes it, which writes one small file. */
    setPassphrase: { input: z.object({ current, passphrase }), output: protectionStatus },
    /** The system's key store takes over where there is one; else all files lie open again. */
    removePassphrase: { input: z.object({ current }), output: protectionStatus },
    /** For a sheet of paper. An older sheet opens nothing from then on. */
    makeRecoveryKey: { input: z.object({ current }), output: z.object({ recoveryKey: z.string() }) },
    /**
     * The whole profile as one sealed file, for `files.save`. It opens with `passphrase`, or, without one, with what
     * opens the profile: its passphrase or recovery key.
     */
    backup: {
      input: z.object({ passphrase: passphrase.optional() }),
      output: z.object({ file: grant, name: z.string(), sizeBytes: z.number() }),
    },
    /**
     * Puts a backup in the place of a profile that nobody has set up. Fails with `not-a-backup`, `backup-damaged`,
     * `backup-truncated`, `backup-newer-format`, `passphrase-needed`, `passphrase-wrong`, `recovery-key-invalid`,
     * `profile-not-empty`; then nothing has changed.
     */
    restore: {
      input: z.object({ file: grant, passphrase: z.string().optional(), recoveryKey: z.string().optional() }),
      output: protectionStatus,
    },
  },
  events: {},
} as const;
