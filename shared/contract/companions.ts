/** A second device of the same person: shown a code on the first one, it takes part in all of their circles. */
import { nothing } from './common.ts';
import { z } from './schema.ts';

export const companionsContract = {
  operations: {
    /**
     * The code for one device; the same one until it has come in. `compact` is the same for a QR code. Whoever has it is
     * this person: with a passphrase nobody reads it who does not know that.
     */
    invite: {
      input: z.object({ passphrase: z.string().min(1).optional() }),
      output: z.object({ code: z.string(), compact: z.string(), circles: z.array(z.string()) }),
    },
    /**
     * Makes the code that was shown last worthless, unless a device has come in with it: that one is to be removed as any
     * other. Where this person is no administrator, an administrator of `others` has to seal with a new key; a hub refuses
     * the code at once.
     */
    withdraw: { input: nothing, output: z.object({ done: z.array(z.string()), others: z.array(z.string()) }) },
    /**
     * Sets this profile up as a device of the person who shows the code. What no channel of the code reaches comes by
     * bundle or folder later. Fails with `already-set-up`, `invitation-invalid`, `passphrase-needed`, `passphrase-wrong`.
     */
    join: { input: z.object({ code: z.string(), passphrase: z.string().optional() }), output: nothing },
  },
  events: {},
} as const;
