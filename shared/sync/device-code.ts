/**
 * The code by which a person's second device comes in: who they are, and for each of their circles what an invitation
 * says, the person's record, and a seed. From the seed both devices make the keys of the new replicas: the first one has
 * accepted them before the code is shown, so nothing has to be confirmed afterwards. Rule SY47 of SPEC.md. Whoever has the
 * code is this person; it is shown only when asked for, can be wrapped by a passphrase, and is good for one device.
 */
import { WorkbenchError } from '../contract/errors.ts';
import type { RecordId } from '../ids.ts';
import { readCodedText, writeCodedText, type CodedKind } from './coded-text.ts';
import {
  createReader,
  nonceBytes,
  readContent,
  readWrappedHead,
  short,
  wrappedHead,
  writeContent,
  type Invitation,
} from './invitation-body.ts';
import type { PassphraseTools } from './invitation.ts';
import { normalPassphrase, requirePassphrase, saltBytes, usualPassphraseParameters } from './passphrase.ts';

export interface DeviceCode {
  /** 32 bytes. */
  readonly seed: Uint8Array;
  readonly name: string;
  readonly delegation: string;
  readonly language: string;
  readonly circles: readonly CompanionCircle[];
}

export interface CompanionCircle {
  readonly personal: boolean;
  /** The person's record there. */
  readonly person: RecordId;
  readonly access: Invitation;
}

const format = 1;
const seedBytes = 32;
const kind: CodedKind = { mark: 'dd', what: 'device code', newestFormat: format, longestBytes: { [format]: 65_535 } };

function contentOf({ seed, name, delegation, language, circles }: DeviceCode): Uint8Array {
  const bytes = [...seed, ...short(name), ...short(delegation), ...short(language), circles.length];
  for (const { personal, person, access } of circles) {
    const content = writeContent(access);
    bytes.push(personal ? 1 : 0, ...short(person), content.length >> 8, content.length & 255, ...content);
  }
  return Uint8Array.from(bytes);
}

/** Without a passphrase whoever sees the text can come in with it. */
export async function writeDeviceCode(
  code: DeviceCode,
  passphrase: string | null,
  { crypto, deriveKey, parameters = usualPassphraseParameters }: PassphraseTools,
): Promise<string> {
  const content = contentOf(code);
  if (passphrase === null) return writeCodedText(Uint8Array.from([format, 0, ...content]), kind);
  const salt = crypto.random(saltBytes);
  const nonce = crypto.random(nonceBytes);
  const head = wrappedHead(format, parameters, salt, nonce);
  const key = await deriveKey(requirePassphrase(passphrase), salt, parameters);
  return writeCodedText(Uint8Array.from([...head, ...crypto.seal(content, head, nonce, key)]), kind);
}

/** Fails with `invitation-invalid`, `passphrase-needed` or `passphrase-wrong`. */
export async function readDeviceCode(
  text: string,
  passphrase: string | null,
  { crypto, deriveKey }: PassphraseTools,
): Promise<DeviceCode> {
  const body = readCodedText(text, kind);
  if (body[1] === 0) return readCode(body.subarray(2));
  const { parameters, salt, nonce, head, sealed } = readWrappedHead(body);
  if (passphrase === null || normalPassphrase(passphrase) === '') {
    throw new WorkbenchError('passphrase-needed', 'This device code is protected by a passphrase. Write it too.');
  }
  const content = crypto.open(sealed, head, nonce, await deriveKey(normalPassphrase(passphrase), salt, parameters));
  if (content === null) {
    const message = 'The passphrase is not the one of this device code. Mind capitals and spaces, and try again.';
    throw new WorkbenchError('passphrase-wrong', message);
  }
  return readCode(content);
}

function readCode(content: Uint8Array): DeviceCode {
  const reader = createReader(content);
  const seed = reader.take(seedBytes);
  const [name, delegation, language] = [reader.text(1), reader.text(1), reader.text(1)];
  const circles: CompanionCircle[] = [];
  for (let left = reader.number(1); left > 0; left -= 1) {
    const personal = reader.number(1) === 1;
    const person = reader.text(1) as RecordId;
    circles.push({ personal, person, access: readContent(createReader(reader.take(reader.number(2)))) });
  }
  return { seed, name, delegation, language, circles };
}
