/** The bytes of an invitation behind its length and before its checksum. Rules SY40 and SY44 to SY46 of SPEC.md. */
import { WorkbenchError } from '../contract/errors.ts';
import type { CircleId, ReplicaId } from '../ids.ts';
import { base32, fromBase32 } from '../ids.ts';
import { arePassphraseParameters, saltBytes, type PassphraseParameters } from './passphrase.ts';

/** A way to the circle that goes along with an invitation: what a channel of that kind needs, by the names it gives. */
export interface InvitedChannel {
  /** `webdav`, `hub`, ... */
  readonly kind: string;
  /** E.g. `url` of a WebDAV folder; `address` and `token` of a hub, the token being good for one use. */
  readonly settings: Readonly<Record<string, string>>;
}

export interface Invitation {
  readonly circle: CircleId;
  readonly epoch: number;
  /** 32 bytes. */
  readonly key: Uint8Array;
  readonly founder: ReplicaId;
  /** The circle's name, as its members call it. */
  readonly name: string;
  /** Who invites, for the person who reads it. */
  readonly by: string;
  /** Empty when the way to the circle is told otherwise: a shared folder has another name on every machine. */
  readonly channels: readonly InvitedChannel[];
}

/** What of an invitation under a passphrase can be read without it. */
export interface WrappedInvitation {
  readonly parameters: PassphraseParameters;
  readonly salt: Uint8Array;
  readonly nonce: Uint8Array;
  readonly sealed: Uint8Array;
  /** Everything before the ciphertext, which the seal covers. */
  readonly head: Uint8Array;
}

export const newestFormat = 2;
const idBytes = 17;
const keyBytes = 32;
export const nonceBytes = 24;
const wrappedFlag = 1;
/** Names are cut here, so that an invitation stays short enough to paste anywhere. */
const longestNameBytes = 120;
const longestSettingBytes = 1000;

const encoder = new TextEncoder();

/** Format 1 where that says all: programs of the first release read it. */
export function writeBody(invitation: Invitation): Uint8Array {
  if (invitation.channels.length === 0) return Uint8Array.from([1, ...common(invitation)]);
  return Uint8Array.from([2, 0, ...writeContent(invitation)]);
}

/** What is sealed under a passphrase. */
export function writeContent(invitation: Invitation): Uint8Array {
  const bytes = common(invitation);
  bytes.push(invitation.channels.length);
  for (const { kind, settings } of invitation.channels) {
    const entries = Object.entries(settings);
    bytes.push(...short(kind), entries.length);
    for (const [name, value] of entries) {
      const text = encoder.encode(value);
      if (text.length > longestSettingBytes) {
        throw new WorkbenchError('invalid-input', `The ${name} of the channel is too long for an invitation.`);
      }
      bytes.push(...short(name), text.length >> 8, text.length & 255, ...text);
    }
  }
  return Uint8Array.from(bytes);
}

/** The part of a wrapped body before its ciphertext. */
export function wrappedHead(
  format: number,
  parameters: PassphraseParameters,
  salt: Uint8Array,
  nonce: Uint8Array,
): Uint8Array {
  return Uint8Array.from([
    format,
    wrappedFlag,
    ...fourBytes(parameters.memoryKiB),
    parameters.passes,
    ...salt,
    ...nonce,
  ]);
}

function common({ circle, founder, epoch, key, name, by }: Invitation): number[] {
  const names = [name, by].flatMap((each) => short(cutName(each, longestNameBytes)));
  return [...packId(circle), ...packId(founder), ...fourBytes(epoch), ...key, ...names];
}

function fourBytes(value: number): number[] {
  return [24, 16, 8, 0].map((shift) => (value >>> shift) & 255);
}

/** A text with its length in one byte before it: cut at what that can say. */
export function short(text: string): number[] {
  const bytes = encoder.encode(cutName(text, 255));
  return [bytes.length, ...bytes];
}

function packId(id: string): Uint8Array {
  return fromBase32(`${id}aa`).subarray(0, idBytes);
}

/** Cut between characters. */
function cutName(name: string, longestBytes: number): string {
  let cut = '';
  for (const char of name) {
    if (encoder.encode(cut + char).length > longestBytes) break;
    cut += char;
  }
  return cut;
}

/** Reads a body whose checksum fits; fails with `invitation-invalid`. */
export function readBody(body: Uint8Array): Invitation | WrappedInvitation {
  const reader = createReader(body);
  const format = reader.number(1);
  if (format === 1) return { ...readCommon(reader), channels: [] };
  const flags = reader.number(1);
  if (flags === 0) return readContent(reader);
  return readWrappedHead(body);
}

/** The parts of a body that a passphrase wraps. */
export function readWrappedHead(body: Uint8Array): WrappedInvitation {
  const reader = createReader(body);
  reader.number(1);
  if (reader.number(1) !== wrappedFlag) notWellFormed();
  const parameters = { memoryKiB: reader.number(4), passes: reader.number(1) };
  if (!arePassphraseParameters(parameters)) notWellFormed();
  const salt = reader.take(saltBytes);
  const nonce = reader.take(nonceBytes);
  const head = body.subarray(0, reader.place());
  return { parameters, salt, nonce, head, sealed: reader.rest() };
}

/** Reads what a passphrase opened. */
export function readWrappedContent(content: Uint8Array): Invitation {
  return readContent(createReader(content));
}

type Reader = ReturnType<typeof createReader>;

export function createReader(bytes: Uint8Array) {
  let at = 0;
  const take = (lengthBytes: number): Uint8Array => {
    const part = bytes.slice(at, at + lengthBytes);
    if (part.length < lengthBytes) notWellFormed();
    at += lengthBytes;
    return part;
  };
  const number = (lengthBytes: number): number => take(lengthBytes).reduce((value, byte) => value * 256 + byte, 0);
  const text = (lengthOfLength: number): string => new TextDecoder('utf-8').decode(take(number(lengthOfLength)));
  return { take, number, text, place: () => at, rest: () => bytes.slice(at) };
}

function readCommon({ take, number, text }: Reader): Omit<Invitation, 'channels'> {
  const circle = base32(take(idBytes)).slice(0, 26) as CircleId;
  const founder = base32(take(idBytes)).slice(0, 26) as ReplicaId;
  const epoch = number(4);
  const key = take(keyBytes);
  const name = text(1);
  return { circle, founder, epoch, key, name, by: text(1) };
}

export function readContent(reader: Reader): Invitation {
  const about = readCommon(reader);
  const channels: InvitedChannel[] = [];
  for (let left = reader.number(1); left > 0; left -= 1) {
    const kind = reader.text(1);
    const settings: [string, string][] = [];
    for (let more = reader.number(1); more > 0; more -= 1) settings.push([reader.text(1), reader.text(2)]);
    channels.push({ kind, settings: Object.fromEntries(settings) });
  }
  return { ...about, channels };
}

function notWellFormed(): never {
  throw new WorkbenchError('invitation-invalid', 'The invitation is not well formed. Ask for a new one.');
}
