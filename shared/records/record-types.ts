/**
 * The record types of this release: which fields each has, what a field may hold, and who may write it. To add a type,
 * add it here and a rule to SPEC.md; programs that do not know it keep and relay it.
 */
import { roomTypes } from './room-types.ts';
import {
  isAct,
  isAdmission,
  isAnchor,
  isBlobName,
  isBlockStyle,
  isBlockText,
  isBoolean,
  isChange,
  isCircle,
  isDirection,
  isEarlierKeys,
  isEntryContent,
  isEntrySource,
  isFrozenText,
  isHash64,
  isInlineContent,
  isInstant,
  isKey,
  isLanguage,
  isMergeResult,
  isName,
  isNumber,
  isOpening,
  isPassage,
  isPerMille,
  isPosition,
  isProof,
  isRecord,
  isRemovalOfDevice,
  isReplica,
  isRuleSet,
  isSilenceResult,
  isSubmissionContent,
  isText,
  isTimeZone,
  isTreatment,
  isTrue,
  isVersion,
  listOf,
  oneOf,
  type Predicate,
} from './values.ts';

/**
 * Who may write a field. self: the replica that made the record, alone. creator: any replica of the same person.
 * delegation: any person with the same confirmed delegation as the creator. coordinators: the creator's person and the
 * circle's administrators. administrators: the circle's. anybody: every replica of the circle.
 */
export type Right = 'self' | 'creator' | 'delegation' | 'coordinators' | 'administrators' | 'anybody';

export interface FieldRule {
  readonly right: Right;
  /** Whether a value other than null may stand in the field. */
  readonly holds: Predicate;
  /** Written when the record is made, by the replica that makes it, and never again (RC53). */
  readonly once?: true;
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
const coordinators = by('coordinators');
const administrators = by('administrators');
const anybody = by('anybody');
const once = (holds: Predicate): FieldRule => ({ right: 'self', holds, once: true });

/** Ids of table rows and columns and keys of cover fields. */
const key = '[A-Za-z0-9_.-]{1,64}';
/** An answer of an entry, and a passage of it; `o` before them where the reading is that before tracked changes. */
const answer = 'o?[0-9]{1,5}';
const passage = `${answer}\\.[0-9]{1,5}`;

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
      admitted: self(isAdmission),
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
  'removal-of-device': {
    fields: {
      device: administrators(isRemovalOfDevice),
      reason: administrators(isText),
      removed: administrators(isTrue),
    },
  },
  /** A key of the circle. It is never here itself, only sealed: to each device, and those before it under it. */
  epoch: {
    fields: {
      opened: administrators(isOpening),
      previous: administrators(isEarlierKeys),
      removed: administrators(isTrue),
    },
    patterns: [{ pattern: /^key:[a-z2-7]{26}$/, rule: administrators(isKey) }],
  },
  /** An owner's order to drop values for good (RC62). */
  erasure: {
    fields: {
      targets: creator(listOf(isVersion)),
      /** What the documents that it takes were made from (RC63). */
      originals: creator(listOf(isHash64)),
      reason: creator(isText),
      removed: creator(isTrue),
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
  /** What a delegate sends to a wider circle: a snapshot that names nothing of the circle it comes from. */
  submission: {
    fields: {
      delegation: once(isText),
      /** 1, 2, ... of one person in one circle. */
      number: once(isNumber),
      title: once(isText),
      template: once(isText),
      language: once(isLanguage),
      content: once(isSubmissionContent),
      supersedes: once(isRecord),
      /** The reason. */
      withdrawn: creator(isText),
      removed: creator(isTrue),
    },
  },
  /** In the narrower circle alone: which submission of which circle was made from a draft. */
  'submission-link': {
    fields: {
      draft: creator(isRecord),
      circle: creator(isCircle),
      submission: creator(isRecord),
      removed: creator(isTrue),
    },
    parent: 'draft',
  },
  merge: {
    fields: {
      title: coordinators(isText),
      template: coordinators(isText),
      language: coordinators(isLanguage),
      /** The key of a set of resources/rules, or `own`. */
      ruleSet: coordinators(isText),
      ownRules: coordinators(isRuleSet),
      threshold: coordinators(isPerMille),
      /** The common text: a draft of the same circle. */
      draft: coordinators(isRecord),
      /** Delegations whose text is awaited. */
      expected: coordinators(listOf(isText)),
      /** Written by a person when nothing was left untreated. */
      done: coordinators(isMergeResult),
      sample: creator(isBoolean),
      removed: coordinators(isTrue),
    },
    patterns: [
      /** A group whose positions stand for its members: the members' names. */
      { pattern: /^group:.{1,64}$/u, rule: coordinators(listOf(isText)) },
      { pattern: /^act:(?:adopted|submitted)$/, rule: coordinators(isAct) },
    ],
  },
  /** One delegation's text in a merge. */
  'merge-entry': {
    fields: {
      merge: once(isRecord),
      source: once(isEntrySource),
      content: once(isEntryContent),
      /** The text of the same file as it was before its tracked changes. */
      original: once(isEntryContent),
      delegation: coordinators(isText),
      date: coordinators(isText),
      version: coordinators(isText),
      language: coordinators(isLanguage),
      /** Of a text with tracked changes: which of its two readings counts. */
      reading: coordinators(oneOf('proposed', 'original')),
      /** The earlier entry of the same delegation. */
      replaces: coordinators(isRecord),
      withdrawn: coordinators(isText),
      removed: coordinators(isTrue),
    },
    patterns: [
      /** By hand: which questions an answer or a passage belongs to; empty: to none. */
      { pattern: new RegExp(`^question:${answer}(?:\\.[0-9]{1,5})?$`), rule: coordinators(listOf(isText)) },
      { pattern: new RegExp(`^treatment:${passage}$`), rule: coordinators(isTreatment) },
      /** Changed by a resubmission: the decision about the earlier wording was confirmed. */
      { pattern: new RegExp(`^seen:${passage}$`), rule: coordinators(isTrue) },
    ],
    parent: 'merge',
  },
  /** A coordinator's confidential remark: in the coordinator's personal circle. */
  'merge-remark': {
    fields: {
      entry: creator(isRecord),
      passage: creator(isPassage),
      body: creator(isText),
      removed: creator(isTrue),
    },
    parent: 'entry',
  },
  /** Which entries and submissions a coordinator has looked at: in the coordinator's personal circle. */
  'merge-look': {
    fields: { merge: creator(isRecord), seen: creator(listOf(isRecord)), removed: creator(isTrue) },
    parent: 'merge',
  },
  stance: {
    fields: {
      merge: creator(isRecord),
      block: creator(isRecord),
      delegation: creator(isText),
      stance: creator(oneOf('sign-on', 'support', 'object', 'reserve', 'none')),
      note: creator(isText),
      via: creator(oneOf('circle', 'phone', 'room', 'mail')),
      /** Of the words it was said about. */
      textHash: creator(isText),
      /** Stances of the same delegation that whoever wrote this one had on screen, and that it takes the place of. */
      supersedes: creator(listOf(isRecord)),
      removed: creator(isTrue),
    },
    parent: 'merge',
  },
  silence: {
    fields: {
      merge: once(isRecord),
      title: coordinators(isText),
      text: once(isFrozenText),
      deadline: coordinators(isInstant),
      timeZone: coordinators(isTimeZone),
      result: coordinators(isSilenceResult),
      removed: coordinators(isTrue),
    },
    parent: 'merge',
  },
  'silence-break': {
    fields: {
      silence: creator(isRecord),
      delegation: creator(isText),
      /** Of the frozen text; null: the text as a whole. */
      block: creator(isRecord),
      note: creator(isText),
      via: creator(oneOf('circle', 'phone', 'room', 'mail')),
      removed: creator(isTrue),
    },
    parent: 'silence',
  },
  ...roomTypes,
};

/** The rule for a field; undefined when this program does not know the type or the field. */
export function fieldRule(registry: Registry, type: string, field: string): FieldRule | undefined {
  // Names come from outside: `constructor` must not find Object's.
  if (!Object.hasOwn(registry, type)) return undefined;
  const known = registry[type]!;
  if (Object.hasOwn(known.fields, field)) return known.fields[field];
  return known.patterns?.find((entry) => entry.pattern.test(field))?.rule;
}
