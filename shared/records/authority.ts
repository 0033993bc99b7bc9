/**
 * Who is who and who may do what, as far as the changes that are here say so. Facts only accumulate: once a device is
 * accepted, a power granted or a delegation confirmed, later changes add to that and take nothing away, so what was
 * rightly written stays written and the order in which facts arrive cannot matter. Taking powers away for the future is
 * the affair of removing a device, which names the last change that counts (judgement.ts).
 */
import { sha256 } from '@noble/hashes/sha2.js';
import { base32, creatorOf, fromBase32, type CircleId, type Json, type RecordId, type ReplicaId } from '../ids.ts';
import { canonical } from './canonical.ts';
import { circleIdOf } from './change.ts';
import type { Right } from './record-types.ts';

/**
 * Checks an Ed25519 signature over the UTF-8 bytes of `message`; `key` and `signature` are base 32. Must be a pure
 * function. Without one, proofs of continuation give nothing.
 */
export type VerifySignature = (key: string, message: string, signature: string) => boolean;

/** A counted version, as far as facts are concerned. */
export interface Fact {
  /** Who says so. */
  readonly replica: ReplicaId;
  readonly record: RecordId;
  readonly type: string;
  readonly field: string;
  readonly value: Json | undefined;
}

/** The types whose values give rights. */
export const factTypes: ReadonlySet<string> = new Set([
  'circle',
  'device',
  'person',
  'grant',
  'confirmation',
  'removal-of-device',
  'epoch',
]);

export interface Authority {
  /** The founder becomes known when any op names the circle's root record. True when that is news. */
  recognise(record: RecordId): boolean;
  /** Takes in a version that counts. True when rights may have grown. */
  learn(fact: Fact): boolean;
  mayWrite(replica: ReplicaId, record: RecordId, right: Right): boolean;
  isSamePerson(replica: ReplicaId, other: ReplicaId): boolean;
  /** How many grants lie between the founder's person and a replica; Infinity for one without such powers. */
  depthOf(replica: ReplicaId): number;
  founder(): ReplicaId | null;
  isAdministrator(replica: ReplicaId): boolean;
  /** Persons with administrators' powers, sorted. */
  administrators(): RecordId[];
  /** Persons that a replica belongs to: it says so, and they (or it as their creator) do. Sorted. */
  personsOf(replica: ReplicaId): readonly RecordId[];
  /** Delegations confirmed for a person, sorted. */
  delegationsOf(person: RecordId): string[];
}

/** What whoever joins with the key of an epoch signs, with the key pair made from it, to show that it had that key. */
export function admissionMessage(circle: CircleId, epoch: number, replica: ReplicaId): string {
  return canonical(['admitted', circle, epoch, replica]);
}

/** What the holder of an earlier replica's key signs to show that `replica` carries it on. */
export function continuationMessage(circle: CircleId, earlier: ReplicaId, replica: ReplicaId): string {
  return canonical(['continues', circle, earlier, replica]);
}

/** Whether a proof that `replica` carries on `earlier` gives it the rights of that one. */
export type CarriesOn = (earlier: ReplicaId, replica: ReplicaId) => boolean;

export function createAuthority(
  circle: CircleId,
  verify: VerifySignature | undefined,
  carriesOn: CarriesOn = () => true,
): Authority {
  let founder: ReplicaId | null = null;
  const claims = new Index<ReplicaId, RecordId>();
  const accepted = new Index<RecordId, ReplicaId>();
  const continuations = new Index<ReplicaId, ReplicaId>();
  /** By person, who granted. */
  const granted = new Index<RecordId, ReplicaId>();
  const confirmations = new Map<RecordId, { persons: Set<RecordId>; delegations: Set<string> }>();
  const delegations = new Index<RecordId, string>();
  const cachedPersons = new Map<ReplicaId, readonly RecordId[]>();

  function recognise(record: RecordId): boolean {
    if (founder !== null || circleIdOf(record) !== circle) return false;
    founder = creatorOf(record);
    return true;
  }

  function learn(fact: Fact): boolean {
    const grew = factTypes.has(fact.type) && fact.value !== undefined && fact.value !== null && absorb(fact);
    if (grew) cachedPersons.clear();
    return grew;
  }

  function absorb({ replica, record, type, field, value }: Fact): boolean {
    switch (`${type}.${field}`) {
      case 'device.person':
        return claims.add(creatorOf(record), value as RecordId);
      case 'device.proof':
        return absorbProof(creatorOf(record), value as unknown as Proof);
      case 'person.devices':
        return (value as ReplicaId[]).map((replica) => accepted.add(record, replica)).includes(true);
      case 'grant.person':
        return granted.add(value as RecordId, replica);
      case 'confirmation.person':
        confirmationOf(record).persons.add(value as RecordId);
        return confirm(record);
      case 'confirmation.delegation':
        confirmationOf(record).delegations.add(value as string);
        return confirm(record);
      default:
        return false;
    }
  }

  function absorbProof(replica: ReplicaId, proof: Proof): boolean {
    if (!carriesOn(proof.replica, replica) || !isProven(circle, verify, replica, proof)) return false;
    return continuations.add(replica, proof.replica);
  }

  function confirmationOf(record: RecordId): { persons: Set<RecordId>; delegations: Set<string> } {
    let entry = confirmations.get(record);
    if (entry === undefined) {
      entry = { persons: new Set(), delegations: new Set() };
      confirmations.set(record, entry);
    }
    return entry;
  }

  function confirm(record: RecordId): boolean {
    const entry = confirmationOf(record);
    let grew = false;
    for (const person of entry.persons) {
      for (const name of entry.delegations) grew = delegations.add(person, name) || grew;
    }
    return grew;
  }

  /** The replica and every earlier one it is shown to carry on. */
  function carriedOn(replica: ReplicaId): Set<ReplicaId> {
    const reached = new Set([replica]);
    for (const each of reached) for (const earlier of continuations.of(each)) reached.add(earlier);
    return reached;
  }

  function personsOf(replica: ReplicaId): readonly RecordId[] {
    let persons = cachedPersons.get(replica);
    if (persons === undefined) {
      const self = carriedOn(replica);
      persons = [...claims.of(replica)]
        .filter((person) => self.has(creatorOf(person)) || [...accepted.of(person)].some((each) => self.has(each)))
        .sort();
      cachedPersons.set(replica, persons);
    }
    return persons;
  }

  function isSamePerson(replica: ReplicaId, other: ReplicaId): boolean {
    if (replica === other) return true;
    const others = personsOf(other);
    return personsOf(replica).some((person) => others.includes(person)) || carriedOn(replica).has(other);
  }

  function isAdministrator(replica: ReplicaId): boolean {
    if (founder !== null && isSamePerson(replica, founder)) return true;
    return personsOf(replica).some((person) => granted.has(person));
  }

  function depthOf(replica: ReplicaId): number {
    const depths = new Map<RecordId, number>();
    const of = (each: ReplicaId): number => {
      if (founder !== null && isSamePerson(each, founder)) return 0;
      return Math.min(...personsOf(each).map((person) => depths.get(person) ?? Infinity));
    };
    for (let news = true; news;) {
      news = false;
      for (const [person, by] of granted.entries()) {
        const depth = Math.min(...[...by].map(of)) + 1;
        if (depth >= (depths.get(person) ?? Infinity)) continue;
        depths.set(person, depth);
        news = true;
      }
    }
    return of(replica);
  }

  function isSameDelegation(replica: ReplicaId, other: ReplicaId): boolean {
    const names = new Set(personsOf(other).flatMap((person) => [...delegations.of(person)]));
    return personsOf(replica).some((person) => [...delegations.of(person)].some((name) => names.has(name)));
  }

  function mayWrite(replica: ReplicaId, record: RecordId, right: Right): boolean {
    switch (right) {
      case 'anybody':
        return true;
      case 'self':
        return replica === creatorOf(record);
      case 'creator':
        return isSamePerson(replica, creatorOf(record));
      case 'delegation':
        return isSamePerson(replica, creatorOf(record)) || isSameDelegation(replica, creatorOf(record));
      case 'coordinators':
        return isSamePerson(replica, creatorOf(record)) || isAdministrator(replica);
      case 'administrators':
        return isAdministrator(replica);
    }
  }

  return {
    recognise,
    learn,
    mayWrite,
    isSamePerson,
    depthOf,
    founder: () => founder,
    isAdministrator,
    administrators: () => [...new Set([...(founder === null ? [] : personsOf(founder)), ...granted.keys()])].sort(),
    personsOf,
    delegationsOf: (person) => [...delegations.of(person)].sort(),
  };
}

export interface Proof {
  readonly replica: ReplicaId;
  readonly key: string;
  readonly signature: string;
}

/** Whether whoever holds the key of the earlier replica says that `replica` carries it on. */
export function isProven(
  circle: CircleId,
  verify: VerifySignature | undefined,
  replica: ReplicaId,
  { replica: earlier, key, signature }: Proof,
): boolean {
  if (verify === undefined || !keyBelongsTo(key, earlier)) return false;
  return verify(key, continuationMessage(circle, earlier, replica), signature);
}

/** A replica's id is the hash of its key, so that a key shows by itself whose it is. Keys here are base 32. */
function keyBelongsTo(key: string, replica: ReplicaId): boolean {
  const bytes = decodeKey(key);
  return bytes !== null && base32(sha256(bytes)).slice(0, 26) === replica;
}

const base32Key = /^[a-z2-7]+$/;

function decodeKey(key: string): Uint8Array | null {
  return base32Key.test(key) ? fromBase32(key) : null;
}

/** A map to sets, where an absent key is an empty set. */
class Index<Key, Value> {
  private readonly sets = new Map<Key, Set<Value>>();
  private readonly none: ReadonlySet<Value> = new Set();

  /** True when that is new. */
  add(key: Key, value: Value): boolean {
    let set = this.sets.get(key);
    if (set === undefined) {
      set = new Set();
      this.sets.set(key, set);
    }
    const before = set.size;
    set.add(value);
    return set.size !== before;
  }

  has(key: Key): boolean {
    return this.sets.has(key);
  }

  keys(): Iterable<Key> {
    return this.sets.keys();
  }

  entries(): Iterable<[Key, ReadonlySet<Value>]> {
    return this.sets;
  }

  of(key: Key): ReadonlySet<Value> {
    return this.sets.get(key) ?? this.none;
  }
}
