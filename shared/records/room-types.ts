/**
 * The record types of the room. Several note-takers log one session: what one of them heard belongs to that person alone,
 * so that nobody rewrites another's log and differences stay attributed; what they keep together (agenda, seats, texts,
 * proposals from the floor, agreement marks, clocks) anybody in the circle may write, and versions made apart stand side by
 * side as everywhere.
 */
import type { FieldRule, RecordType, Right } from './record-types.ts';
import {
  isBoolean,
  isHash64,
  isLanguage,
  isPosition,
  isRecord,
  isText,
  isTrue,
  listOf,
  oneOf,
  type Predicate,
} from './values.ts';

const by =
  (right: Right) =>
  (holds: Predicate): FieldRule => ({ right, holds });
const creator = by('creator');
const anybody = by('anybody');

type Fields = Readonly<Record<string, unknown>>;
const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isWhole: Predicate = (value) => Number.isSafeInteger(value);
const isCount: Predicate = (value) => isWhole(value) && (value as number) >= 0;
const texts = listOf(isText);

/** When the first key was struck, by the device's clock in ms since 1970, and the place in that device's log, from 1. */
const isMoment: Predicate = (value) => isFields(value) && isWhole(value['at']) && isCount(value['n']);

/** `id` of a delegation of the directory or of a seat; empty where nobody knows yet who `typed` is. */
const isSpeaker: Predicate = (value) => isFields(value) && isText(value['id']) && isText(value['typed']);

const isPromise: Predicate = (value) => isFields(value) && isText(value['what']) && isText(value['until']);

/** Where an entry that came in a file was made: its record there, and who took it down. */
const isOrigin: Predicate = (value) => isFields(value) && isRecord(value['entry']) && isText(value['by']);

/** The record that something which came in a file was made as, and when, by its maker's clock. */
const isMadeAs: Predicate = (value) => isFields(value) && isRecord(value['record']) && isWhole(value['at']);

/** A delegation in the room; names, aliases and members as the session's people gave them, beside the directory. */
const isSeat: Predicate = (value) =>
  isFields(value) &&
  isText(value['kind']) &&
  isText(value['name']) &&
  texts(value['aliases']) &&
  (value['members'] === undefined || texts(value['members']));

const isSessionText: Predicate = (value) =>
  isFields(value) && isText(value['title']) && isText(value['version']) && isCount(value['order']);

const delegation = '[A-Z0-9][A-Z0-9-]{0,39}';

export const roomTypes: Readonly<Record<string, RecordType>> = {
  session: {
    fields: {
      title: anybody(isText),
      body: anybody(isText),
      place: anybody(isText),
      chair: anybody(isText),
      timeZone: anybody(isText),
      language: anybody(isLanguage),
      startsAt: anybody(isWhole),
      interpreters: anybody(isText),
      queue: anybody(texts),
      removed: anybody(isTrue),
    },
    patterns: [
      { pattern: new RegExp(`^seat:${delegation}$`), rule: anybody(isSeat) },
      { pattern: /^text:[0-9a-f]{64}$/, rule: anybody(isSessionText) },
      /** Seconds that a speaker has, by capacity. */
      { pattern: /^limit:[a-z-]{1,40}$/, rule: anybody(isCount) },
      /** What is added to a device's clock to get the session's time, in ms. */
      { pattern: /^clock:[a-z2-7]{26}$/, rule: anybody(isWhole) },
    ],
  },
  'agenda-item': {
    fields: {
      session: creator(isRecord),
      place: anybody(isPosition),
      number: anybody(isText),
      title: anybody(isText),
      document: anybody(isHash64),
      removed: anybody(isTrue),
    },
    parent: 'session',
  },
  intervention: {
    fields: {
      session: creator(isRecord),
      moment: creator(isMoment),
      /** The line as it was typed: whatever was made of it, nothing typed is lost. */
      line: creator(isText),
      speaker: creator(isSpeaker),
      capacity: creator(isText),
      behalf: creator(texts),
      item: creator(isRecord),
      document: creator(isHash64),
      label: creator(isText),
      position: creator(isText),
      towards: creator(isText),
      quotes: creator(texts),
      note: creator(isText),
      toCheck: creator(isBoolean),
      promise: creator(isPromise),
      spokenMs: creator(isCount),
      origin: creator(isOrigin),
      removed: creator(isTrue),
    },
    parent: 'session',
  },
  'floor-proposal': {
    fields: {
      session: creator(isRecord),
      entry: creator(isRecord),
      document: anybody(isHash64),
      label: anybody(isText),
      kind: anybody(oneOf('ADD', 'MOD', 'SUP')),
      text: anybody(isText),
      by: anybody(isText),
      behalf: anybody(texts),
      /** True once somebody has the wording confirmed. */
      confirmed: anybody(isBoolean),
      withdrawn: anybody(isBoolean),
      madeAs: creator(isMadeAs),
      removed: anybody(isTrue),
    },
    /** Where a person knows better than the interventions say. */
    patterns: [
      { pattern: new RegExp(`^stance:${delegation}$`), rule: anybody(oneOf('support', 'oppose', 'reserve', 'none')) },
    ],
    parent: 'session',
  },
  'agreement-mark': {
    fields: {
      session: creator(isRecord),
      entry: creator(isRecord),
      document: anybody(isHash64),
      label: anybody(isText),
      item: anybody(isRecord),
      mark: anybody(oneOf('agreed', 'ad-ref', 'parked', 'open')),
      facilitator: anybody(isText),
      until: anybody(isText),
      madeAs: creator(isMadeAs),
      removed: anybody(isTrue),
    },
    parent: 'session',
  },
  /** Entries of several note-takers that are one intervention; or, with `apart`, that somebody looked at and are not. */
  'entry-join': {
    fields: {
      session: creator(isRecord),
      entries: creator(listOf(isRecord)),
      apart: anybody(isBoolean),
      removed: anybody(isTrue),
    },
    parent: 'session',
  },
};
