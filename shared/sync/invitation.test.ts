import { readFile } from 'node:fs/promises';
import { sha256 } from '@noble/hashes/sha2.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { WorkbenchError } from '../contract/errors.ts';
import { base32, type CircleId, type ReplicaId } from '../ids.ts';
import { textForCode } from './coded-text.ts';
import {
  openInvitation,
  readInvitation,
  wrapInvitation,
  writeInvitation,
  type Invitation,
  type PassphraseTools,
} from './invitation.ts';

const numRuns = Number(process.env['NUM_RUNS'] ?? 100);
const bytes = (length: number, step: number): Uint8Array => Uint8Array.from({ length }, (_, index) => index * step);
const invitation: Invitation = {
  circle: base32(bytes(17, 7)).slice(0, 26) as CircleId,
  founder: base32(bytes(17, 11)).slice(0, 26) as ReplicaId,
  epoch: 1,
  key: bytes(32, 5),
  name: 'Région des États arabes 阿拉伯',
  by: 'أمينة',
  channels: [],
};
function messageOf(text: string): string {
  try {
    readInvitation(text);
  } catch (error) {
    expect(error).toMatchObject({ code: 'invitation-invalid' });
    return (error as WorkbenchError).message;
  }
  throw new Error('it was accepted');
}

describe('invitation', () => {
  it('[SY40] carries circle, key, epoch, founder and names', () => {
    expect(readInvitation(writeInvitation(invitation))).toEqual(invitation);
    const id = fc.uint8Array({ minLength: 17, maxLength: 17 }).map((each) => base32(each).slice(0, 26));
    fc.assert(
      fc.property(
        id,
        id,
        fc.uint8Array({ minLength: 32, maxLength: 32 }),
        fc.nat(2 ** 31 - 1),
        fc.string({ unit: 'grapheme', maxLength: 20 }),
        (circle, founder, key, epoch, name) => {
          const made = {
            circle: circle as CircleId,
            founder: founder as ReplicaId,
            key,
            epoch,
            name,
            by: name,
            channels: [],
          };
          expect(readInvitation(writeInvitation(made))).toEqual(made);
        },
      ),
      { numRuns },
    );
  });

  it('[SY40] cuts a long name between characters', () => {
    const long = readInvitation(writeInvitation({ ...invitation, name: '阿'.repeat(100) }));
    expect(long.name).toBe('阿'.repeat(40));
  });

  it('[SY41] survives what copying does to it', () => {
    const text = writeInvitation(invitation);
    expect(text).toMatch(/^DW[A-Z2-7]{3}( [A-Z2-7]{1,5})*$/m);
    for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(48);
    const variants = [
      text.toLowerCase(),
      text.replaceAll('\n', '\r\n'),
      text.replaceAll(' ', '').replaceAll('\n', ''),
      text.replaceAll(' ', '-'),
      text
        .split('\n')
        .map((line) => `> ${line}`)
        .join('\n'),
      `  "${text}".\n\n`,
      `\ufeff${text.replaceAll(' ', '\u00a0').replaceAll('\n', '\u200b\n')}`,
      `«${text}»`,
    ];
    for (const variant of variants) expect(readInvitation(variant)).toEqual(invitation);
  });

  it('[SY42] says what is wrong with it', () => {
    const text = writeInvitation(invitation);
    expect(messageOf('  \n ')).toMatch(/empty/);
    expect(messageOf('Dear colleague, please find attached')).toMatch(/does not begin with DW/);
    expect(messageOf(text.replace(/.$/, '1'))).toMatch(/character "1"/);
    expect(messageOf(text.slice(0, -12))).toMatch(/\d+ characters are missing/);
    expect(messageOf(`${text}\n${text}`)).toMatch(/characters too many/);
    expect(messageOf('DW')).toMatch(/ends too early/);
    // A slip in its first letters is one in its length; nobody is sent to look for thousands of letters.
    expect(messageOf(text.replace(/^DW ?A/, 'DWB'))).toMatch(/typing error/);
    expect(messageOf(`Here it is: ${text}`)).toMatch(/without the words around it/);
    expect(messageOf('DW AAAAA AAAAA')).toMatch(/invitation/);
  });

  it('[SY42] finds every single typing error', () => {
    const text = writeInvitation(invitation).replaceAll(/\s/g, '');
    for (let at = 2; at < text.length; at += 1) {
      const other = text[at] === 'A' ? 'B' : 'A';
      messageOf(text.slice(0, at) + other + text.slice(at + 1));
    }
  });

  it('[SY42] [SY43] never repeats the key in what it says', () => {
    const text = writeInvitation(invitation);
    for (const wrong of [text.slice(0, -3), text.replace(/.$/, '1'), text.replace('DW', 'XY')]) {
      expect(messageOf(wrong)).not.toMatch(/[A-Z2-7]{5}/);
    }
  });

  const withChannels: Invitation = {
    ...invitation,
    channels: [
      { kind: 'webdav', settings: { url: 'https://nuage.example/remote.php/dav/files/région/' } },
      { kind: 'hub', settings: { address: 'https://hub.example:8443', token: 'k7q'.repeat(9) } },
      { kind: 'of-a-later-version', settings: {} },
    ],
  };
  // A stand-in for libsodium in this room: the seal is real in its shape, the tag is the hash of key and plaintext.
  const derived: unknown[] = [];
  const tools: PassphraseTools = {
    parameters: { memoryKiB: 8, passes: 1 },
    async deriveKey(passphrase, salt, parameters) {
      derived.push(parameters);
      return sha256(new TextEncoder().encode(`${passphrase} ${base32(salt)}`));
    },
    crypto: {
      random: (lengthBytes) => bytes(lengthBytes, 3),
      seal: (plaintext, associated, nonce, key) =>
        Uint8Array.from([
          ...plaintext.map((byte, at) => byte ^ key[at % 32]!),
          ...tag(plaintext, associated, nonce, key),
        ]),
      open(sealed, associated, nonce, key) {
        const plaintext = sealed.slice(0, -16).map((byte, at) => byte ^ key[at % 32]!);
        return base32(tag(plaintext, associated, nonce, key)) === base32(sealed.slice(-16)) ? plaintext : null;
      },
    },
  };
  function tag(...parts: readonly Uint8Array[]): Uint8Array {
    return sha256(Uint8Array.from(parts.flatMap((part) => [...part]))).subarray(0, 16);
  }

  it('[SY44] brings the ways to the circle along, and passes over kinds of a later version', async () => {
    const text = writeInvitation(withChannels);
    expect(readInvitation(text)).toEqual(withChannels);
    expect(await openInvitation(text, null, tools)).toEqual(withChannels);
    const compact = text.replaceAll(/\s/g, '');
    for (let at = 2; at < compact.length; at += 1)
      messageOf(compact.slice(0, at) + (compact[at] === 'A' ? 'B' : 'A') + compact.slice(at + 1));
  });

  it('[SY40] still reads what the first release wrote', async () => {
    const written = await readFile(new URL('../../test/fixtures/invitation-format-1.txt', import.meta.url), 'utf8');
    expect(readInvitation(written)).toEqual(invitation);
    expect(`${writeInvitation(invitation)}\n`).toBe(written);
  });

  it('[SY45] is read by nobody who lacks the passphrase, however they type it', async () => {
    const text = await wrapInvitation(withChannels, ' Pass\u00e9 compos\u00e9 ', tools);
    expect(await openInvitation(text, 'Passe\u0301 compose\u0301', tools)).toEqual(withChannels);
    expect(() => readInvitation(text)).toThrow(expect.objectContaining({ code: 'passphrase-needed' }));
    await expect(openInvitation(text, '  ', tools)).rejects.toMatchObject({ code: 'passphrase-needed' });
    await expect(openInvitation(text, 'passé composé', tools)).rejects.toMatchObject({ code: 'passphrase-wrong' });
    await expect(wrapInvitation(withChannels, ' ', tools)).rejects.toMatchObject({ code: 'invalid-input' });
  });

  it('[SY45] refuses parameters that would hold up the machine before it computes anything', async () => {
    const many = { ...tools, parameters: { memoryKiB: 2 ** 31, passes: 200 } };
    const text = await wrapInvitation(invitation, 'words', many);
    derived.length = 0;
    await expect(openInvitation(text, 'words', tools)).rejects.toMatchObject({ code: 'invitation-invalid' });
    expect(derived).toEqual([]);
  });

  it('[SY46] is a short text without white space in a code', async () => {
    const code = textForCode(await wrapInvitation(withChannels, 'words', tools));
    expect(code).toMatch(/^DW[A-Z2-7]+$/);
    expect(await openInvitation(code, 'words', tools)).toEqual(withChannels);
  });
});
