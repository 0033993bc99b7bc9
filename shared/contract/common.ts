/** Schemas that several services share. */
import type { ChangeHash, CircleId, DocumentId, RecordId, ReplicaId, UnitId, VersionId } from '../ids.ts';
import { anchorClasses, type Anchor } from '../anchoring/anchor.ts';
import { marks, type InlineContent } from '../drafting/inline.ts';
import { blockKinds, type BlockStyle } from '../drafting/block.ts';
import { z } from './schema.ts';

const id = <T extends string>(pattern: RegExp) => z.string().regex(pattern) as unknown as z.ZodType<T, T>;

export const recordId = id<RecordId>(/^[a-z2-7]{26}\.[a-z2-7]{10}$/);
export const circleId = id<CircleId>(/^[a-z2-7]{26}$/);
export const replicaId = id<ReplicaId>(/^[a-z2-7]{26}$/);
export const changeHash = id<ChangeHash>(/^[a-z2-7]{52}$/);
export const versionId = id<VersionId>(/^[a-z2-7]{52}\.\d+$/);
export const documentId = id<DocumentId>(/^[0-9a-f]{64}$/);
export const unitId = id<UnitId>(/^u\d+$/);
export const instant = z.string();
export const language = z.enum(['ar', 'zh', 'en', 'fr', 'ru', 'es']);
export const direction = z.enum(['ltr', 'rtl']);
export const nothing = z.object({});

/** Heads of one field that the caller has on screen; an edit supersedes these and nothing else. */
export const heads = z.array(versionId);

export const anchorSchema = z.object({
  document: documentId,
  importer: z.object({ name: z.string(), version: z.number() }),
  normalForm: z.number(),
  label: z.string(),
  ordinal: z.number().int().nonnegative(),
  whole: z.boolean(),
  quote: z.string(),
  prefix: z.string(),
  suffix: z.string(),
  start: z.number().int().nonnegative(),
}) satisfies z.ZodType<Anchor>;
export const anchorClass = z.enum(anchorClasses);

/**
 * What a newer program wrote: kept and shown read-only, whatever else it holds. Only for kinds that this one does not
 * know, so that a known kind is still checked whole.
 */
function ofUnknownKind(key: 'kind' | 't', known: readonly string[]) {
  return z.looseObject({ [key]: z.string() }).refine((value) => !known.includes(String(value[key])));
}

const text = z.object({ t: z.literal('text'), s: z.string(), m: z.array(z.enum(marks)).optional() });
export const inlineContent = z.array(
  z.union([
    z.discriminatedUnion('t', [
      text,
      z.object({ t: z.literal('break') }),
      z.object({ t: z.literal('note'), id: recordId }),
      z.object({ t: z.literal('link'), href: z.string(), s: z.string() }),
      z.object({ t: z.literal('cite'), document: documentId, label: z.string(), s: z.string() }),
    ]),
    ofUnknownKind('t', ['text', 'break', 'note', 'link', 'cite']),
  ]),
) as unknown as z.ZodType<InlineContent, InlineContent>;

export const quotationSource = z.object({
  document: documentId,
  label: z.string(),
  citation: z.string(),
  quote: z.string(),
});
export const blockStyle = z.union([
  z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('paragraph') }),
    z.object({ kind: z.literal('heading'), level: z.union([z.literal(1), z.literal(2), z.literal(3)]) }),
    z.object({
      kind: z.literal('listItem'),
      list: z.enum(['bullet', 'number', 'letter']),
      depth: z.union([z.literal(0), z.literal(1)]),
    }),
    z.object({ kind: z.literal('quotation'), source: quotationSource.optional() }),
    z.object({ kind: z.literal('table') }),
    z.object({ kind: z.literal('question'), number: z.string(), wordLimit: z.number().int().positive().optional() }),
    z.object({ kind: z.literal('section'), key: z.string() }),
  ]),
  ofUnknownKind('kind', blockKinds),
]) as unknown as z.ZodType<BlockStyle, BlockStyle>;

/** Who wrote something, as shown: the delegation is unconfirmed until an administrator of the circle confirmed it. */
export const author = z.object({
  person: recordId.nullable(),
  name: z.string(),
  delegation: z.string(),
  confirmed: z.boolean(),
  me: z.boolean(),
});
export type Author = z.output<typeof author>;

/** One version of one field, attributed. */
export const versionInfo = z.object({ version: versionId, author, at: instant, incomplete: z.boolean() });
