/** The twelve sample drafts, from collecting to the common input, through a whole workbench. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { LedgerRow } from '../shared/contract/merging/ledger-row.ts';
import type { RecordId } from '../shared/ids.ts';
import { createTempWorkbench, type TempWorkbench } from './fakes/temp-workbench.ts';

let temp: TempWorkbench;
let merge: RecordId;

beforeAll(async () => {
  temp = await createTempWorkbench();
  merge = (await temp.client.merging.loadSample({})).id;
}, 120_000);
afterAll(() => temp.dispose());

async function exported(kind: 'common-input' | 'report', delegation?: string): Promise<string> {
  const { file } = await temp.client.merging.export({
    merge,
    kind,
    format: 'txt',
    ...(delegation ? { delegation } : {}),
  });
  return new TextDecoder().decode((await temp.workbench.grants.readFile(file)).bytes);
}
const plain = (text: string): string => text.replace(/\s+/g, ' ').trim();

it('is merged from collecting to the common input, with every passage accounted for', async () => {
  const { merging } = temp.client;
  const view = await merging.open({ merge });
  expect(view.summary).toMatchObject({ delegations: 12, entries: 13, sample: true, disputed: 0 });
  expect((await merging.loadSample({})).id).toBe(merge);
  for (const { key } of view.questions) {
    const { clusters } = await merging.clusters({ merge, question: key });
    for (const { passages, delegations } of clusters) {
      const open = passages
        .filter(({ state, heads }) => state === 'untreated' && heads.length === 0)
        .map(({ entry, passage }) => ({ entry, passage }));
      if (open.length === 0) continue;
      if (delegations.length > 1) await merging.take({ merge, question: key, passages: open });
      else await merging.setAside({ merge, passages: open, reason: 'Said by one delegation only' });
    }
  }
  const { rows: left } = await merging.ledger({ merge, states: ['untreated'], limit: 1000 });
  if (left.length > 0) {
    const passages = left.map(({ entry, passage, heads }) => ({ entry, passage, heads }));
    await merging.setAside({ merge, passages, reason: 'Answers no question' });
  }
  expect(await merging.markDone({ merge, note: 'All accounted for' })).toMatchObject({
    untreated: 0,
    done: { stands: true },
  });

  const text = plain(await exported('common-input'));
  const { rows, total, allCounts } = await merging.ledger({ merge, limit: 10_000 });
  expect(new Set(rows.map(({ entry, passage }) => `${entry}/${passage}`)).size).toBe(total);
  expect(Object.values(allCounts).reduce((a, b) => a + b, 0)).toBe(total);
  const unchanged = rows.filter(({ state }: LedgerRow) => state === 'used-unchanged');
  expect(unchanged.length).toBeGreaterThan(10);
  expect(unchanged.filter((row) => !text.includes(plain(row.text)))).toEqual([]);
  expect(await exported('report', 'XA')).toContain('Used');
}, 180_000);
