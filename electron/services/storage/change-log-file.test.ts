import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ChangeHash, CircleId, RecordId, ReplicaId } from '../../../shared/ids.ts';
import { createChange, type StoredChange } from '../../../shared/records/change.ts';
import { openChangeLog, verifyLog } from './change-log-file.ts';
import { encodeFrame, encodeHeader } from './frame-format.ts';

const circle = 'a'.repeat(26) as CircleId;
const replica = 'b'.repeat(26) as ReplicaId;
let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'workbench-log-'));
  path = join(folder, 'changes.log');
});
afterEach(() => rm(folder, { recursive: true }));

function chain(length: number): { hash: ChangeHash; stored: StoredChange }[] {
  const made: { hash: ChangeHash; stored: StoredChange }[] = [];
  for (let seq = 1; seq <= length; seq += 1) {
    const record = `${replica}.aaaaaaaaaa` as RecordId;
    const ops = [{ record, type: 'annotation', field: 'body', over: [], value: `text ${seq}` }];
    const draft = { circle, replica, seq, prev: made.at(-1)?.hash ?? null, at: seq, ops };
    made.push(createChange(draft, (count) => new Uint8Array(randomBytes(count))));
  }
  return made;
}

describe('the log of a circle', () => {
  it('keeps changes, gives each back by its place, and reads a repeated one once', async () => {
    const changes = chain(3);
    const { log } = await openChangeLog(path, circle);
    const places: number[] = [];
    await log.append([...changes, changes[0]!], (at) => void places.push(...at));
    expect(await log.read(places[1]!)).toEqual(changes[1]!.stored);
    expect(await log.verify()).toEqual({ changes: 3, findings: [] });
    await log.close();
    const again = await openChangeLog(path, circle);
    expect(again.changes.map(({ change }) => change.hash)).toEqual(changes.map(({ hash }) => hash));
    expect(again.changes.map(({ place }) => place)).toEqual(places.slice(0, 3));
    expect(again.findings).toEqual([]);
    await again.log.close();
  });

  it('finds any single flipped byte, names file and place, and reads every other change', async () => {
    const changes = chain(3);
    const { log } = await openChangeLog(path, circle);
    await log.append(changes);
    await log.close();
    const whole = await readFile(path);
    for (let at = 0; at < whole.length; at += 1) {
      const damaged = Buffer.from(whole);
      damaged[at] = damaged[at]! ^ (1 << (at % 8));
      const { changes: sound, findings } = verifyLog(damaged, circle, path);
      expect(findings, `byte ${at}`).toHaveLength(1);
      expect(findings[0]!.file).toBe(path);
      const inHeader = findings[0]!.code === 'header-damaged';
      expect(sound).toBe(inHeader ? 3 : 2);
      const place = Number(findings[0]!.place.replace('byte ', ''));
      expect(place).toBeLessThanOrEqual(at);
      if (inHeader) expect(place).toBe(at);
    }
    expect((await readFile(path)).equals(whole)).toBe(true);
  });

  it('sets aside what is whole but no sound change of this circle', async () => {
    const [change] = chain(1);
    const forged = { ...change!.stored, values: [{ salt: 'a'.repeat(16), value: 'other' }] };
    const foreign = { ...change!.stored, skeleton: { ...change!.stored.skeleton, circle: 'c'.repeat(26) } };
    const frames = [forged, foreign, change!.stored].map((value) =>
      encodeFrame(Buffer.from(change!.hash + JSON.stringify(value))),
    );
    const header = encodeHeader({ magic: 'delegate-workbench-log', format: 1, subject: circle });
    await writeFile(path, Buffer.concat([header, encodeFrame(Buffer.from('{"half":')), ...frames]));
    const { changes, findings } = verifyLog(await readFile(path), circle, path);
    expect(changes).toBe(1);
    expect(findings.map(({ code }) => code)).toEqual(['change-damaged', 'change-damaged', 'change-damaged']);
    // Opening trusts the checksum for the values, and nothing else.
    const { log, changes: opened } = await openChangeLog(path, circle);
    await log.close();
    expect(opened.every(({ change: each }) => each.circle === circle)).toBe(true);
  });

  it('refuses a newer format and another circle', async () => {
    const kind = { magic: 'delegate-workbench-log', format: 1, subject: circle };
    await writeFile(path, encodeHeader({ ...kind, format: 9 }));
    await expect(openChangeLog(path, circle)).rejects.toMatchObject({ code: 'profile-from-newer-version' });
    expect(verifyLog(await readFile(path), circle, path).findings).toMatchObject([{ code: 'newer-format' }]);
    await writeFile(path, encodeHeader({ ...kind, subject: 'd'.repeat(26) }));
    await expect(openChangeLog(path, circle)).rejects.toMatchObject({ code: 'storage-damaged' });
  });
});
