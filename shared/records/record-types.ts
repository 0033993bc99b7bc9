/**
 * The record types of this release: which fields each has, what a field may hold, and who may write it. To add a type,
 * add it here and a rule to SPEC.md; programs that do not know it keep and relay it.
 */
import {
  isAnchor,
  isBlobName,
  isBlockStyle,
  isBlockText,
  isBoolean,
  isChange,
  isDirection,
  isHash64,
  isInlineContent,
  isKey,
  isLanguage,
  isName,
  isPosition,
  isProof,
  isRecord,
  isReplica,
  isText,
  isTrue,
  listOf,
  oneOf,
  type Predicate,
} from './values.ts';

/**
 * Who may write a field. self: the replica that made the record, alone. creator: any replica of the same person.
 * delegation: any person with the same confirmed delegation as the creator. administrators: the circle's. anybody: every
 * replica of the circle.
 */
export type Right = 'self' | 'creator' | 'delegation' | 'administrators' | 'anybody';

export interface FieldRule {
  readonly right: Right;
  /** Whether a value other than null may stand in the field. */
  readonly holds: Predicate;
}

export interface RecordType {
  readonly fields: Readonly<Record<string, FieldRule>>;
  /** Fields whose name carries a key, e.g. `cell:<row>:<column>`. */
  readonly patterns?: readonly { readonly pattern: RegExp; readonly rule: FieldRule }[];
  /** The field that names what this record belongs to; the fold keeps an index of it. */
  readonly parent?: string;
}

export type Registry = Readonly<Record<string, RecordType>>;

const by =
  (right: Right) =>
  (holds: Predicate): FieldRule => ({ right, holds });
const self = by('self');
const creator = by('creator');
const administrators = by('administrators');
const anybody = by('anybody');

/** Ids of table rows and columns and keys of cover fields. */
const key = '[A-Za-z0-9_.-]{1,64}';

export const recordTypes: Registry = {
  circle: { fields: { name: administrators(isName), removed: administrators(isTrue) } },
  device: {
    fields: {
      person: self(isRecord),
      signingKey: self(isKey),
      sealingKey: self(isKey),
      name: creator(isText),
      continues: self(isChange),
      proof: self(isProof),
      removed: creator(isTrue),
    },
  },
  person: {
    fields: {
      name: creator(isName),
      delegation: creator(isText),
      language: creator(isLanguage),
      devices: creator(listOf(isReplica)),
      removed: creator(isTrue),
    },
  },
  grant: { fields: { person: administrators(isRecord), removed: administrators(isTrue) } },
  confirmation: {
    fields: {
      person: administrators(isRecord),
      delegation: administrators(isName),
      removed: administrators(isTrue),
    },
  },
  document: {
    fields: {
      document: creator(isHash64),
      title: creator(isText),
      symbol: creator(isText),
      language: creator(isLanguage),
      fileName: creator(isText),
      workKey: creator(isText),
      blob: creator(isBlobName),
      removed: creator(isTrue),
    },
  },
  annotation: {
    fields: {
      document: creator(isHash64),
      anchor: creator(isAnchor),
      kind: creator(oneOf('note', 'question', 'support', 'oppose', 'amend', 'reserve')),
      body: creator(isText),
      tags: creator(listOf(isText)),
      actionLines: creator(listOf(isText)),
      sdgs: creator(listOf(isText)),
      resolved: anybody(isBoolean),
      source: creator(isText),
      removed: creator(isTrue),
    },
    parent: 'document',
  },
  reply: {
    fields: { annotation: creator(isRecord), body: creator(isText), removed: creator(isTrue) },
    parent: 'annotation',
  },
  draft: {
    fields: {
      title: anybody(isText),
      template: anybody(isText),
      language: anybody(isLanguage),
      direction: anybody(isDirection),
      status: anybody(isText),
      sample: creator(isBoolean),
      removed: anybody(isTrue),
    },
    patterns: [{ pattern: new RegExp(`^cover:${key}$`), rule: anybody(isText) }],
  },
  block: {
    fields: {
      draft: creator(isRecord),
      place: anybody(isPosition),
      style: anybody(isBlockStyle),
      text: anybody(isBlockText),
      removed: anybody(isTrue),
    },
    patterns: [
      { pattern: new RegExp(`^row:${key}$`), rule: anybody(isPosition) },
      { pattern: new RegExp(`^column:${key}$`), rule: anybody(isPosition) },
      { pattern: new RegExp(`^cell:${key}:${key}$`), rule: anybody(isInlineContent) },
    ],
    parent: 'draft',
  },
  footnote: {
    fields: { draft: anybody(isRecord), text: anybody(isInlineContent), removed: anybody(isTrue) },
    parent: 'draft',
  },
};

/** The rule for a field; undefined when this program does not know the type or the field. */
export function fieldRule(registry: Registry, type: string, field: string): FieldRule | undefined {
  // Names come from outside: `constructor` must not find Object's.
  if (!Object.hasOwn(registry, type)) return undefined;
  const known = registry[type]!;
  if (Object.hasOwn(known.fields, field)) return known.fields[field];
  return known.patterns?.find((entry) => entry.pattern.test(field))?.rule;
}
