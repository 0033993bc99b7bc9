/**
 * Canonical JSON: the one way a value is written before it is hashed or compared, so that every program in any engine
 * gets the same bytes. Keys sorted by UTF-16 code unit, no white space, strings escaped as `JSON.stringify` does,
 * numbers safe integers only (fractions and large numbers print differently between languages), strings well formed
 * (a lone surrogate has no UTF-8). A restricted RFC 8785; rules RC1 to RC3 of SPEC.md.
 */
import { sha256 } from '@noble/hashes/sha2.js';
import { base32, type Json } from '../ids.ts';

/** Nesting deeper than this is refused, so that a hostile value ends in an error and not in a stack overflow. */
const deepestNesting = 64;

/** A value that has no canonical form; `path` says where, e.g. `$.ops[2].value`. */
export class NotCanonicalError extends Error {
  readonly path: string;
  constructor(path: string, reason: string) {
    super(`${path}: ${reason}`);
    this.name = 'NotCanonicalError';
    this.path = path;
  }
}

/** The canonical JSON of `value`. Throws NotCanonicalError at anything that is not `Json`. */
export function canonical(value: unknown): string {
  return write(value, 0, []);
}

function fail(trail: readonly (string | number)[], reason: string): never {
  let path = '$';
  for (const step of trail) path += typeof step === 'number' ? `[${step}]` : `.${step}`;
  throw new NotCanonicalError(path, reason);
}

function write(value: unknown, depth: number, trail: (string | number)[]): string {
  switch (typeof value) {
    case 'string':
      if (!value.isWellFormed()) fail(trail, 'a string holds half of a surrogate pair');
      return JSON.stringify(value);
    case 'number':
      if (!Number.isSafeInteger(value)) fail(trail, 'a number is not a safe integer');
      return String(value === 0 ? 0 : value);
    case 'boolean':
      return value ? 'true' : 'false';
    case 'object':
      if (value === null) return 'null';
      if (depth === deepestNesting) fail(trail, `nested deeper than ${deepestNesting}`);
      return Array.isArray(value) ? writeArray(value, depth, trail) : writeObject(value, depth, trail);
    default:
      return fail(trail, `${typeof value} is not JSON`);
  }
}

function writeArray(value: readonly unknown[], depth: number, trail: (string | number)[]): string {
  let out = '[';
  for (let index = 0; index < value.length; index += 1) {
    trail.push(index);
    out += (index === 0 ? '' : ',') + write(value[index], depth + 1, trail);
    trail.pop();
  }
  return `${out}]`;
}

function writeObject(value: object, depth: number, trail: (string | number)[]): string {
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) fail(trail, 'an object is not a plain object');
  let out = '{';
  // The default order of sort() is by UTF-16 code unit.
  for (const key of Object.keys(value).sort()) {
    if (!key.isWellFormed()) fail(trail, 'a key holds half of a surrogate pair');
    trail.push(key);
    out += `${out === '{' ? '' : ','}${JSON.stringify(key)}:${write((value as Record<string, unknown>)[key], depth + 1, trail)}`;
    trail.pop();
  }
  return `${out}}`;
}

const encoder = new TextEncoder();

/** SHA-256 of the UTF-8 bytes of `text`, as 52 characters of lower-case base 32. */
export function hashText(text: string): string {
  return base32(sha256(encoder.encode(text)));
}

/** SHA-256 of the canonical JSON of `value`, as 52 characters of lower-case base 32. */
export function hashJson(value: unknown): string {
  return hashText(canonical(value));
}

/** Whether two values have the same canonical form. Both must be `Json`. */
export function sameJson(a: Json, b: Json): boolean {
  return a === b || canonical(a) === canonical(b);
}
