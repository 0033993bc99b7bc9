/** Annotations of outcome documents: notes, questions and positions, with replies. */
import {
  anchorClass,
  anchorSchema,
  author,
  circleId,
  documentId,
  heads,
  instant,
  nothing,
  recordId,
  unitId,
} from './common.ts';
import { z } from './schema.ts';

export const annotationKinds = ['note', 'question', 'support', 'oppose', 'amend', 'reserve'] as const;
export const annotationKind = z.enum(annotationKinds);
export type AnnotationKind = z.output<typeof annotationKind>;

export const replyView = z.object({
  id: recordId,
  author,
  at: instant,
  body: z.string(),
  heads: z.object({ body: heads, removal: heads }),
  edited: z.boolean(),
  mayEdit: z.boolean(),
});

const span = z.object({ unit: unitId, start: z.number(), end: z.number() });

/** Where an annotation stands in the document as it is on the shelf. */
export const placement = z.object({
  class: anchorClass,
  /** The first unit it touches; null when it could not be placed. */
  unit: unitId.nullable(),
  /** The whole unit is meant; `spans` then cover it. */
  whole: z.boolean(),
  /** The words, unit by unit, in UTF-16 offsets of each unit's text; empty when it could not be placed. */
  spans: z.array(span),
  /** Places that might be meant, best first: offered, never taken. `score` is 0 to 1. */
  offered: z.array(span.extend({ score: z.number() })),
});
export type Placement = z.output<typeof placement>;

export const annotationView = z.object({
  id: recordId,
  circle: circleId,
  circleName: z.string(),
  document: documentId,
  author,
  at: instant,
  edited: z.boolean(),
  kind: annotationKind,
  body: z.string(),
  tags: z.array(z.string()),
  actionLines: z.array(z.string()),
  sdgs: z.array(z.string()),
  resolved: z.boolean(),
  removed: z.boolean(),
  /** Somebody removed it while somebody else edited it: it stays, and this asks what should be. */
  removalContested: z.boolean(),
  anchor: anchorSchema,
  placement,
  /** What is printed as its label in lists: `35 a)`, or a few words of the unit. */
  place: z.string(),
  replies: z.array(replyView),
  /** Several values of one field that nobody has settled yet. */
  conflicts: z.array(
    z.object({ field: z.string(), versions: z.array(z.object({ value: z.string(), author, at: instant, heads })) }),
  ),
  heads: z.record(z.string(), heads),
  /** Over all fields: what `remove` names as seen. */
  allHeads: heads,
  mayEdit: z.boolean(),
});
export type AnnotationView = z.output<typeof annotationView>;

const content = z.object({
  kind: annotationKind,
  body: z.string(),
  tags: z.array(z.string()),
  actionLines: z.array(z.string()),
  sdgs: z.array(z.string()),
});

export const annotationsContract = {
  operations: {
    list: {
      input: z.object({ document: documentId, includeRemoved: z.boolean().default(false) }),
      output: z.object({ annotations: z.array(annotationView) }),
    },
    /** Marks `[start, end)` of a unit's text (UTF-16); null range = the whole unit. */
    create: {
      input: content.partial().extend({
        document: documentId,
        circle: circleId.optional(),
        kind: annotationKind,
        from: z.object({ unit: unitId, offset: z.number() }).nullable(),
        to: z.object({ unit: unitId, offset: z.number() }).nullable(),
        unit: unitId,
      }),
      output: annotationView,
    },
    /** Changes only the fields given, over the heads given. */
    edit: {
      input: z.object({ annotation: recordId, fields: content.partial(), heads: z.record(z.string(), heads) }),
      output: annotationView,
    },
    resolve: { input: z.object({ annotation: recordId, resolved: z.boolean(), heads }), output: annotationView },
    remove: { input: z.object({ annotation: recordId, allHeads: heads }), output: annotationView },
    restore: { input: z.object({ annotation: recordId }), output: annotationView },
    reply: { input: z.object({ annotation: recordId, body: z.string().min(1) }), output: annotationView },
    editReply: { input: z.object({ reply: recordId, body: z.string().min(1), heads }), output: annotationView },
    removeReply: { input: z.object({ reply: recordId, allHeads: heads }), output: annotationView },
    restoreReply: { input: z.object({ reply: recordId }), output: annotationView },
    /** Copies an annotation into a wider circle under a fresh id; only the narrower circle keeps the link. */
    widen: { input: z.object({ annotation: recordId, circle: circleId }), output: annotationView },
    /** Takes an offered place after a person looked at it. */
    place: {
      input: z.object({ annotation: recordId, unit: unitId, start: z.number(), end: z.number(), heads }),
      output: annotationView,
    },
    /** A document's annotations as JSON-LD in the W3C Web Annotation model; `circle` says which audience. */
    export: {
      input: z.object({ document: documentId, circle: circleId.nullable() }),
      output: z.object({ file: z.string(), name: z.string(), included: z.number(), leftOut: z.array(z.string()) }),
    },
    tags: { input: nothing, output: z.object({ tags: z.array(z.object({ tag: z.string(), count: z.number() })) }) },
  },
  events: { changed: z.object({ document: documentId, annotations: z.array(annotationView) }) },
} as const;
