/** Files of every format ever released open for ever. A new format gets a folder of its own here; none is made anew. */
import { cp, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { openChangeLog, verifyLog } from '../../electron/services/storage/change-log-file.ts';
import { openJournal, verifyJournal } from '../../electron/services/storage/journal-file.ts';
import type { CircleId, RecordId } from '../../shared/ids.ts';
import { createFold } from '../../shared/records/fold.ts';

it('opens log and journal of format 1', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'workbench-format-'));
  try {
    await cp(fileURLToPath(new URL('../fixtures/storage-format-1', import.meta.url)), folder, { recursive: true });
    const circle = '6ffigbozgjcsx7qtrdcqlgj4s6' as CircleId;
    const logPath = join(folder, 'changes.log');
    const journalPath = join(folder, 'journal.log');
    expect(verifyLog(await readFile(logPath), circle, logPath)).toEqual({ changes: 7, findings: [] });
    expect(verifyJournal(await readFile(journalPath), circle, journalPath)).toEqual([]);

    const { log, changes, findings } = await openChangeLog(logPath, circle);
    const { journal } = await openJournal(journalPath, circle);
    const fold = createFold({ circle });
    for (const { change } of changes) fold.add(change);
    expect(findings).toEqual([]);
    expect(fold.stats()).toMatchObject({ changes: 7, suggestions: 0, unreadable: 0, opaqueChanges: 0 });
    const note = fold.field('pun2yozn2zltijgssy4iuyidii.fqbxo6yy4u' as RecordId, 'body');
    const values = note?.values.map(({ value }) => value);
    expect(values?.sort()).toEqual(['a second, from elsewhere', 'a thought: ما بعد — 信息社会']);
    expect(Object.fromEntries(journal.entries())).toEqual({ 'draft 1': { text: 'not yet a change' } });
    await log.close();
    await journal.close();
  } finally {
    await rm(folder, { recursive: true });
  }
});
