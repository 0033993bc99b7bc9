/**
 * Plain predicates for the values that fields may hold. They run for every op that is folded, so they are ordinary
 * functions and not schemas. A discriminator this program does not know (`t` of an inline item, `kind` of a style) is
 * let through: a newer program's content is shown read-only and keeps what it holds.
 */
import { marks } from '../drafting/inline.ts';
import { isChangeHash, isCircleId, isRecordId, isReplicaId, isVersionId } from './change.ts';

export type Predicate = (value: unknown) => boolean;

type Fields = Readonly<Record<string, unknown>>;

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export const isText: Predicate = (value) => typeof value === 'string';
export const isBoolean: Predicate = (value) => typeof value === 'boolean';
/** The only value of `removed`; it is taken back by clearing the field. */
export const isTrue: Predicate = (value) => value === true;

export const isName: Predicate = (value) => typeof value === 'string' && value.length > 0 && value.length <= 1000;

/** A language tag such as `en` or `zh-Hans`. */
export const isLanguage: Predicate = (value) => typeof value === 'string' && /^[A-Za-z0-9-]{2,35}$/.test(value);

export const isDirection: Predicate = (value) => value === 'ltr' || value === 'rtl';

/** A key as this release writes them: base 64, base 64url, base 32 or hexadecimal; which one is the sync layer's affair. */
export const isKey: Predicate = (value) => typeof value === 'string' && /^[A-Za-z0-9+/_=-]{16,200}$/.test(value);

export const isHash64: Predicate = (value) => typeof value === 'string' && /^[0-9a-f]{64}$/.test(value);

/** The name of a sealed blob. */
export const isBlobName: Predicate = (value) => typeof value === 'string' && /^[a-z0-9-]{16,128}$/.test(value);

/** A position string: what stands earlier in order compares smaller as a string. */
export const isPosition: Predicate = (value) =>
  typeof value === 'string' && value.length > 0 && value.length <= 20_000 && /^[\x21-\x7e]+$/.test(value);

export function listOf(item: Predicate): Predicate {
  return (value) => Array.isArray(value) && value.length <= 10_000 && value.every((entry) => item(entry));
}

export function oneOf(...names: readonly string[]): Predicate {
  return (value) => typeof value === 'string' && names.includes(value);
}

export const isRecord: Predicate = isRecordId;
export const isReplica: Predicate = isReplicaId;
export const isChange: Predicate = isChangeHash;
export const isCircle: Predicate = isCircleId;
export const isVersion: Predicate = isVersionId;

function isOffset(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function isInline(value: unknown): boolean {
  if (!isFields(value)) return false;
  switch (value['t']) {
    case 'text':
      return isText(value['s']) && (value['m'] === undefined || isMarks(value['m']));
    case 'break':
      return true;
    case 'note':
      return isRecordId(value['id']);
    case 'link':
      return isText(value['href']) && isText(value['s']);
    case 'cite':
      return isHash64(value['document']) && isText(value['label']) && isText(value['s']);
    default:
      return typeof value['t'] === 'string';
  }
}

function isMarks(value: unknown): boolean {
  return Array.isArray(value) && value.every((mark) => (marks as readonly unknown[]).includes(mark));
}

/** InlineContent of shared/drafting/inline.ts. */
export const isInlineContent: Predicate = (value) => Array.isArray(value) && value.every(isInline);

function isMoved(value: unknown): boolean {
  return isFields(value) && isRecordId(value['block']) && isVersionId(value['version']);
}

function isPiece(value: unknown): boolean {
  return isMoved(value) && isOffset((value as Record<string, unknown>)['offset']);
}

/** A block's text with what is recorded about splitting and joining: BlockText of shared/merging/block-text.ts. */
export const isBlockText: Predicate = (value) =>
  isFields(value) &&
  isInlineContent(value['content']) &&
  (value['tail'] === undefined || isRecordId(value['tail'])) &&
  (value['origin'] === undefined || isPiece(value['origin'])) &&
  (value['joined'] === undefined || (Array.isArray(value['joined']) && value['joined'].every(isPiece))) &&
  (value['released'] === undefined || (Array.isArray(value['released']) && value['released'].every(isRecordId))) &&
  (value['moved'] === undefined || (Array.isArray(value['moved']) && value['moved'].every(isMoved)));

/** BlockStyle of shared/drafting/block.ts. */
export const isBlockStyle: Predicate = (value) => {
  if (!isFields(value)) return false;
  switch (value['kind']) {
    case 'paragraph':
    case 'table':
      return true;
    case 'heading':
      return value['level'] === 1 || value['level'] === 2 || value['level'] === 3;
    case 'listItem':
      return oneOf('bullet', 'number', 'letter')(value['list']) && (value['depth'] === 0 || value['depth'] === 1);
    case 'quotation':
      return value['source'] === undefined || isQuotationSource(value['source']);
    case 'question':
      return isText(value['number']) && (value['wordLimit'] === undefined || isOffset(value['wordLimit']));
    case 'section':
      return isText(value['key']);
    default:
      return typeof value['kind'] === 'string';
  }
};

function isQuotationSource(value: unknown): boolean {
  return (
    isFields(value) &&
    isHash64(value['document']) &&
    isText(value['label']) &&
    isText(value['citation']) &&
    isText(value['quote'])
  );
}

/** Anchor of shared/anchoring/anchor.ts. */
export const isAnchor: Predicate = (value) =>
  isFields(value) &&
  isHash64(value['document']) &&
  isFields(value['importer']) &&
  isText(value['importer']['name']) &&
  isOffset(value['importer']['version']) &&
  isOffset(value['normalForm']) &&
  isOffset(value['ordinal']) &&
  ['label', 'quote', 'prefix', 'suffix'].every((key) => isText(value[key])) &&
  typeof value['whole'] === 'boolean' &&
  isOffset(value['start']);

/** Shown to hold the key of an earlier replica: see RC41. */
export const isProof: Predicate = (value) =>
  isFields(value) && isReplicaId(value['replica']) && isKey(value['key']) && isKey(value['signature']);

/** Which device an administrator removes, and the last change of it that counts; see RC55. */
export const isRemovalOfDevice: Predicate = (value) =>
  isFields(value) &&
  isReplicaId(value['replica']) &&
  (value['last'] === null || isChangeHash(value['last'])) &&
  isOffset(value['seq']) &&
  listOf(isReplica)(value['kept']);

function isEpochNumber(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) >= 1 && (value as number) < 2 ** 32;
}

/** What opens an epoch: see RC59. */
export const isOpening: Predicate = (value) =>
  isFields(value) &&
  isEpochNumber(value['number']) &&
  isEpochNumber(value['parent']) &&
  isKey(value['admission']) &&
  listOf(isReplica)(value['known']) &&
  (value['removed'] === undefined || listOf(isReplica)(value['removed']));

/** Keys of other epochs, each sealed with the key of the epoch in whose record they stand. */
export const isEarlierKeys: Predicate = listOf(
  (entry) => isFields(entry) && isEpochNumber(entry['epoch']) && isKey(entry['key']),
);

/** Shown to have had the key of an epoch when it joined: see RC60. */
export const isAdmission: Predicate = (value) =>
  isFields(value) && isEpochNumber(value['epoch']) && isKey(value['signature']);

/** 1, 2, ... */
export const isNumber: Predicate = (value) => Number.isSafeInteger(value) && (value as number) >= 1;
/** Milliseconds since 1970. */
export const isInstant: Predicate = (value) => Number.isSafeInteger(value) && Math.abs(value as number) <= 8.64e15;
export const isPerMille: Predicate = (value) => isOffset(value) && (value as number) <= 1000;
/** An IANA name such as `Africa/Nairobi`; whether the engine knows it is looked at where it is shown. */
export const isTimeZone: Predicate = (value) => typeof value === 'string' && /^[A-Za-z0-9_+/-]{1,64}$/.test(value);
export const isPassage: Predicate = (value) => typeof value === 'string' && /^o?[0-9]{1,5}\.[0-9]{1,5}$/.test(value);

function isTable(value: unknown): boolean {
  return (
    isFields(value) &&
    listOf(isText)(value['rows']) &&
    listOf(isText)(value['columns']) &&
    isFields(value['cells']) &&
    Object.values(value['cells']).every(isInlineContent)
  );
}

function isPlainBlock(value: unknown): boolean {
  return (
    isFields(value) &&
    isBlockStyle(value['style']) &&
    isInlineContent(value['content']) &&
    (value['table'] === undefined || isTable(value['table']))
  );
}

function isFootnotes(value: unknown): boolean {
  return isFields(value) && Object.values(value).every(isInlineContent);
}

/** SubmissionContent of shared/merging/submission-content.ts. */
export const isSubmissionContent: Predicate = (value) =>
  isFields(value) && listOf(isPlainBlock)(value['blocks']) && isFootnotes(value['footnotes']);

function isEntryPassage(value: unknown): boolean {
  return isFields(value) && isPassage(value['key']) && isInlineContent(value['content']);
}

function isAnswer(value: unknown): boolean {
  return (
    isFields(value) &&
    isText(value['key']) &&
    isText(value['number']) &&
    isText(value['heading']) &&
    isFields(value['match']) &&
    listOf(isText)(value['match']['questions']) &&
    listOf(isEntryPassage)(value['passages'])
  );
}

/** EntryContent of shared/merging/collect/entry-content.ts, as far as any later form of it will agree. */
export const isEntryContent: Predicate = (value) =>
  isFields(value) && isNumber(value['format']) && listOf(isAnswer)(value['answers']) && isFootnotes(value['footnotes']);

/** EntrySource of shared/merging/submission-content.ts. */
export const isEntrySource: Predicate = (value) => {
  if (!isFields(value)) return false;
  switch (value['kind']) {
    case 'submission':
      return isRecordId(value['submission']);
    case 'file':
      return isHash64(value['hash']) && isText(value['fileName']);
    default:
      return typeof value['kind'] === 'string';
  }
};

/** Treatment of shared/merging/ledger/ledger-model.ts: what a coordinator decided about a passage. */
export const isTreatment: Predicate = (value) => {
  if (!isFields(value)) return false;
  if (value['setAside'] !== undefined) return isText(value['setAside']);
  return listOf(isRecord)(value['blocks']) && oneOf('whole', 'bracketed', 'combined')(value['as']);
};

/** An act of a body (a list adopted, a text submitted) as a person recorded it. */
export const isAct: Predicate = (value) => isFields(value) && isText(value['by']) && isText(value['note']);

/** RuleSet of shared/merging/rules/rule-set.ts: own rules. */
export const isRuleSet: Predicate = (value) =>
  isFields(value) &&
  isText(value['name']) &&
  Array.isArray(value['requirements']) &&
  value['requirements'].every(isFields);

/** That a merge is done, as a person recorded it. */
export const isMergeResult: Predicate = (value) =>
  isFields(value) && isText(value['note']) && isOffset(value['passages']) && isOffset(value['entries']);

/** FrozenText of shared/merging/submission-content.ts: blocks as they stood. */
export const isFrozenText: Predicate = (value) =>
  isFields(value) &&
  listOf((entry) => isPlainBlock(entry) && isRecordId((entry as Fields)['block']))(value['blocks']) &&
  isFootnotes(value['footnotes']);

export const isSilenceResult: Predicate = (value) =>
  isFields(value) && oneOf('kept', 'broken', 'withdrawn')(value['result']) && isText(value['note']);
