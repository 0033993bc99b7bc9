/**
 * What is kept of a circle for its bundles: what others said they hold, and what is needed to pass their changes on.
 * Losing it makes the next bundles larger than they need be, and no more.
 */
import { z } from '../../../shared/contract/schema.ts';
import type { ChangeHash } from '../../../shared/ids.ts';
import { exchangeStateSchema } from './exchange-state.ts';

const hash = z.string() as unknown as z.ZodType<ChangeHash, ChangeHash>;
const { proofs, loose, toldForks } = exchangeStateSchema.shape;

export const bundleMemorySchema = z.object({
  format: z.literal(1),
  proofs,
  loose,
  toldForks,
  /** By replica. */
  held: z.record(
    z.string(),
    z.object({
      tips: z.array(hash),
      at: z.number().nullable(),
      lacks: z.array(z.string()),
      erased: z.array(z.string()).default([]),
    }),
  ),
});
export type BundleMemory = z.output<typeof bundleMemorySchema>;

export interface BundleMemoryPort {
  load(): unknown;
  /** Durable before it resolves. */
  save(memory: BundleMemory): Promise<void>;
}

/** As last saved; empty when there is none or it does not read. */
export function loadBundleMemory(port: BundleMemoryPort): BundleMemory {
  const parsed = bundleMemorySchema.safeParse(port.load());
  return parsed.success ? parsed.data : { format: 1, proofs: {}, loose: {}, toldForks: [], held: {} };
}
