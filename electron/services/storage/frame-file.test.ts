import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createFaults } from '../../../test/fakes/faulty-file-system.ts';
import { openFrameFile } from './frame-file.ts';
import { encodeFrame, encodeHeader, scanFrames, type FrameFileKind } from './frame-format.ts';

const kind: FrameFileKind = { magic: 'delegate-workbench-test', format: 1, subject: 'subject' };
let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'workbench-frames-'));
  path = join(folder, 'test.log');
});
afterEach(() => rm(folder, { recursive: true }));

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const texts = (frames: readonly { payload: Uint8Array }[]): string[] =>
  frames.map((frame) => new TextDecoder().decode(frame.payload));

async function reread(): Promise<string[]> {
  const { file, frames } = await openFrameFile(path, kind);
  await file.close();
  return texts(frames);
}

describe('a file of frames', () => {
  it('keeps what was appended, in order, and reads single frames', async () => {
    const { file } = await openFrameFile(path, kind);
    const places: number[] = [];
    const keep = (at: readonly number[]): void => void places.push(...at);
    await Promise.all([file.append([bytes('a'), bytes('b')], keep), file.append([bytes('c')], keep)]);
    await file.append([bytes('')], keep);
    expect(new TextDecoder().decode(await file.read(places[1]!))).toBe('b');
    await expect(file.read(places[1]! + 1)).rejects.toMatchObject({ code: 'storage-damaged' });
    await file.close();
    await expect(file.append([bytes('late')])).rejects.toMatchObject({ code: 'invalid-state' });
    expect(await reread()).toEqual(['a', 'b', 'c', '']);
  });

  it('writes appends that wait together with one fsync', async () => {
    const faults = createFaults();
    const { file } = await openFrameFile(path, kind, faults);
    const before = faults.calls();
    await Promise.all(Array.from({ length: 100 }, (_, index) => file.append([bytes(`${index}`)])));
    expect(faults.calls() - before).toBeLessThanOrEqual(4);
    await file.close();
    expect(await reread()).toHaveLength(100);
  });

  it('cuts a tail torn at any byte back to the last whole frame and keeps the bytes aside', async () => {
    const whole = Buffer.concat([encodeHeader(kind), encodeFrame(bytes('one')), encodeFrame(bytes('two, longer'))]);
    const lastAt = whole.length - encodeFrame(bytes('two, longer')).length;
    for (let length = 0; length < whole.length; length += 1) {
      await writeFile(path, whole.subarray(0, length));
      const { file, frames, findings } = await openFrameFile(path, kind);
      const expected = length >= lastAt ? ['one'] : [];
      expect(texts(frames), `cut at ${length}`).toEqual(expected);
      const keptAside = (await readdir(folder)).filter((name) => name.includes('.torn-'));
      const clean = length === lastAt || length === 0 || length === encodeHeader(kind).length;
      expect(findings.map((finding) => finding.code)).toEqual(clean ? [] : ['tail-torn']);
      expect(keptAside).toHaveLength(clean ? 0 : 1);
      if (!clean) {
        const torn = await readFile(join(folder, keptAside[0]!));
        expect(whole.subarray(length - torn.length, length).equals(torn)).toBe(true);
        await rm(join(folder, keptAside[0]!));
      }
      await file.append([bytes('after')]);
      await file.close();
      expect(await reread()).toEqual([...expected, 'after']);
    }
  });

  it('takes zeros at the end for a write that never finished', async () => {
    const whole = Buffer.concat([encodeHeader(kind), encodeFrame(bytes('one'))]);
    await writeFile(path, Buffer.concat([whole, Buffer.alloc(50)]));
    const { file, frames, findings } = await openFrameFile(path, kind);
    await file.close();
    expect(texts(frames)).toEqual(['one']);
    expect(findings).toMatchObject([{ code: 'tail-torn', place: `byte ${whole.length}` }]);
  });

  it('sees any single flipped byte, names its place, and reads every other frame', () => {
    const payloads = ['first', 'the second of them', 'third', 'fourth'].map(bytes);
    const parts = [encodeHeader(kind), ...payloads.map(encodeFrame)];
    const whole = Buffer.concat(parts);
    const starts = parts.map((_, index) => parts.slice(0, index).reduce((sum, part) => sum + part.length, 0));
    for (let at = 0; at < whole.length; at += 1) {
      for (const flip of [0x01, 0x20, 0x80, 0xff]) {
        const damaged = Buffer.from(whole);
        damaged[at] = damaged[at]! ^ flip;
        const part = starts.findLastIndex((start) => start <= at);
        const { frames, findings } = scanFrames(damaged, kind, 'test.log');
        expect(findings, `byte ${at}`).toHaveLength(1);
        if (part === 0) {
          expect(findings[0]).toMatchObject({ code: 'header-damaged', place: `byte ${at}` });
          expect(frames).toHaveLength(4);
        } else {
          expect(findings[0]!.place).toBe(`byte ${starts[part]}`);
          expect(texts(frames)).toEqual(
            ['first', 'the second of them', 'third', 'fourth'].filter((_, index) => index !== part - 1),
          );
        }
      }
    }
  });

  it('never loses a whole frame, whatever bytes stand between', () => {
    const noise = fc.uint8Array({ maxLength: 60 });
    fc.assert(
      fc.property(
        fc.array(fc.tuple(noise, fc.uint8Array({ maxLength: 40 })), { maxLength: 8 }),
        noise,
        (parts, end) => {
          const content = Buffer.concat([
            encodeHeader(kind),
            ...parts.flatMap(([junk, payload]) => [junk, encodeFrame(payload)]),
            end,
          ]);
          const { frames } = scanFrames(content, kind, 'test.log');
          const found = frames.map((frame) => Buffer.from(frame.payload).toString('hex'));
          expect(found).toEqual(parts.map(([, payload]) => Buffer.from(payload).toString('hex')));
        },
      ),
      { numRuns: Number(process.env['NUM_RUNS'] ?? 200) },
    );
  });

  it('tells a newer format and another subject from damage', async () => {
    await writeFile(path, Buffer.concat([encodeHeader({ ...kind, format: 2 }), Buffer.from('whatever')]));
    await expect(openFrameFile(path, kind)).rejects.toMatchObject({ code: 'profile-from-newer-version' });
    await writeFile(path, encodeHeader({ ...kind, subject: 'other' }));
    await expect(openFrameFile(path, kind)).rejects.toMatchObject({ code: 'storage-damaged' });
  });

  it.each(['ENOSPC', 'EIO', 'EROFS'])(
    '%s at any call of appending takes the append back and loses nothing',
    async (errno) => {
      const faults = createFaults();
      const { file } = await openFrameFile(path, kind, faults);
      await file.append([bytes('kept')]);
      const reported = ['kept'];
      // Calls of one append: write, sync; when one fails: truncate, sync. Failing the taking back as well is the third.
      for (let at = 0; at < 6; at += 1) {
        for (const stays of [false, true]) {
          faults.failAt(at, errno, stays);
          for (const text of [`${at} ${stays} first`, `${at} ${stays} second`]) {
            await file.append([bytes(text)]).then(
              () => reported.push(text),
              (error: { code: string }) => expect(['disk-full', 'storage-unwritable']).toContain(error.code),
            );
          }
          faults.heal();
          await file.append([bytes(`${at} ${stays} healed`)]);
          reported.push(`${at} ${stays} healed`);
        }
      }
      await file.close();
      expect(faults.openFiles()).toBe(0);
      expect(await reread()).toEqual(reported);
    },
  );

  it('is whole after a full disk at any call of opening, cutting a torn tail and writing anew', async () => {
    const whole = Buffer.concat([encodeHeader(kind), encodeFrame(bytes('one'))]);
    let finished = false;
    for (let at = 0; !finished && at < 40; at += 1) {
      await writeFile(path, Buffer.concat([whole, encodeFrame(bytes('torn')).subarray(0, 9)]));
      const faults = createFaults();
      faults.failAt(at, 'ENOSPC', true);
      try {
        const { file } = await openFrameFile(path, kind, faults);
        await file
          .rewrite(() => [bytes('one')])
          .catch((error: unknown) => expect(error).toMatchObject({ code: 'disk-full' }));
        finished = faults.calls() <= at;
        faults.heal();
        await file.append([bytes('two')]);
        await file.close();
        expect(await reread(), `call ${at}`).toEqual(['one', 'two']);
      } catch (error) {
        expect(error).toMatchObject({ code: 'disk-full' });
        expect(await reread(), `call ${at}`).toEqual(['one']);
      }
      expect(faults.openFiles()).toBe(0);
    }
    expect(finished).toBe(true);
  });
});
