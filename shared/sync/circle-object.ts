/** The object `circle`: the one thing on a remote that is neither sealed nor signed. Rules SY16 and SY17 of SPEC.md. */
import type { CircleId } from '../ids.ts';
import { hashJson } from '../records/canonical.ts';
import { isCircleId } from '../records/change.ts';
import { objectFormat, problem, type Result } from './object-format.ts';

export interface CircleObject {
  readonly circle: CircleId;
  /** Random, made with the store: another one under the same address is another store. */
  readonly store: string;
}

export function encodeCircleObject({ circle, store }: CircleObject): Uint8Array {
  const check = checkOf({ circle, store });
  return new TextEncoder().encode(`${JSON.stringify({ format: objectFormat, circle, store, check })}\n`);
}

/** Nobody signs this object; the check is against damage only. */
function checkOf({ circle, store }: CircleObject): string {
  return hashJson([objectFormat, circle, store]).slice(0, 26);
}

export function decodeCircleObject(bytes: Uint8Array): Result<{ readonly content: CircleObject }> {
  let raw: unknown;
  try {
    raw = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    return problem('altered', 'The file `circle` is damaged.');
  }
  const { format, circle, store, check } = (raw ?? {}) as Record<string, unknown>;
  if (typeof format === 'number' && format > objectFormat) {
    return problem('newer-format', `The circle has format ${format}; this program reads up to ${objectFormat}.`);
  }
  if (format !== objectFormat || !isCircleId(circle) || typeof store !== 'string') {
    return problem('altered', 'The file `circle` is damaged.');
  }
  if (check !== checkOf({ circle, store })) return problem('altered', 'The file `circle` is damaged.');
  return { ok: true, content: { circle, store } };
}
