/** Logs written by released programs, kept as they were written. */
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { canonical } from '../../shared/records/canonical.ts';
import { openChange, type StoredChange } from '../../shared/records/change.ts';
import { createFold } from '../../shared/records/fold.ts';

it('[RC52] a log of format 1 opens for ever', () => {
  const folder = new URL('../fixtures/log-format-1/', import.meta.url);
  const lines = readFileSync(new URL('log.jsonl', folder), 'utf8').split('\n').filter(Boolean);
  const expected = JSON.parse(readFileSync(new URL('snapshot.json', folder), 'utf8')) as unknown;
  const log = lines.map((line) => JSON.parse(line) as StoredChange);
  const fold = createFold({ circle: log[0]!.skeleton.circle });
  for (const stored of log) {
    const opened = openChange(stored);
    if (!opened.ok) throw new Error(opened.error.message);
    fold.add(opened.change);
  }
  expect(JSON.parse(canonical(fold.snapshot()))).toEqual(expected);
  const { opaqueChanges, erased, changes } = fold.stats();
  expect({ opaqueChanges, erased, changes }).toEqual({ opaqueChanges: 1, erased: 1, changes: lines.length });
});
