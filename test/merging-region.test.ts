/** Two coordinators of one region at one merge, each alone with the text for a while, and the delegates beside them. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RecordId } from '../shared/ids.ts';
import {
  createMergingParty,
  entryFor,
  mailed,
  passagesOf,
  writeAnswers,
  type Member,
  type MergingParty,
} from './fakes/merging-party.ts';

let party: MergingParty;
let amal: Member;
let delegate: Member;
let merge: RecordId;

beforeEach(async () => {
  party = await createMergingParty();
  amal = await party.add('Amal', 'Jordan');
  delegate = await party.add('Wanjiru', 'Kenya');
  merge = (await amal.client.merging.create({ circle: amal.region, title: 'Common input' })).id;
});
afterEach(() => party.dispose());

describe('a region', () => {
  it('collects submissions, sees a later one as a change and a withdrawal as one, and lets nobody else decide', async () => {
    const draft = await writeAnswers(delegate.client, 'Input', {
      1: 'Cables came ashore in five places of the coast.',
    });
    await delegate.client.merging.submit({ draft, circle: delegate.region });
    await party.exchange();
    const { waiting } = await amal.client.merging.open({ merge });
    await amal.client.merging.addSubmissions({ merge, submissions: waiting.map(({ id }) => id) });
    const [first] = await passagesOf(amal.client, entryFor(await amal.client.merging.open({ merge }), 'Kenya').id);
    await amal.client.merging.setAside({ merge, passages: [first!], reason: 'Known' });
    await party.exchange();
    await expect(
      delegate.client.merging.untreat({ merge, passages: [{ entry: first!.entry, passage: first!.passage }] }),
    ).rejects.toMatchObject({ code: 'not-allowed' });

    await writeAnswers(delegate.client, '', { 1: 'Cables came ashore in nine places of the coast.' }, draft);
    const later = await delegate.client.merging.submit({ draft, circle: delegate.region });
    await party.exchange();
    const news = await amal.client.merging.open({ merge });
    expect(news.waiting.map(({ id }) => id)).toEqual([later.id]);
    const { entries } = await amal.client.merging.addSubmissions({ merge, submissions: [later.id] });
    expect(entries[0]).toMatchObject({ replaces: first!.entry, toLookAt: 1 });
    await delegate.client.merging.withdrawSubmission({ submission: later.id, reason: 'Not cleared' });
    await party.exchange();
    const { rows } = await amal.client.merging.ledger({ merge, entry: entries[0]!.id });
    expect(rows.map(({ state, reason }) => [state, reason])).toEqual([['withdrawn', 'Not cleared']]);
    // What it had replaced stands again, with the decision about it.
    expect((await amal.client.merging.ledger({ merge, entry: first!.entry })).rows[0]).toMatchObject({
      state: 'set-aside',
    });
  });

  it('shows a dispute of two machines of the coordinator until a person settles it, and combines the rest', async () => {
    const text = `1. What are the main achievements of the implementation of the WSIS process in the past 20 years?\n\nCables came ashore in five places.\n\nSchools in the hills were connected by radio.\n`;
    await amal.client.merging.addFiles({ merge, files: [mailed(amal.workbench, 'p.txt', text)], delegation: 'Peru' });
    await party.exchange();
    const { person } = (await delegate.client.circles.list({})).circles
      .find(({ id }) => id === delegate.region)!
      .members.find(({ me }) => me)!;
    await grantAdministrator(person);
    await party.exchange();
    const entry = entryFor(await amal.client.merging.open({ merge }), 'Peru').id;
    const [cables, schools] = await passagesOf(amal.client, entry);
    const ref = ({ entry: of, passage }: { entry: RecordId; passage: string }) => ({ entry: of, passage });
    await amal.client.merging.take({ merge, question: '1', passages: [ref(cables!)] });
    await delegate.client.merging.setAside({ merge, passages: [ref(cables!)], reason: 'Not ours' });
    await delegate.client.merging.take({ merge, question: '1', passages: [ref(schools!)] });
    await party.exchange();
    for (const { client } of [amal, delegate]) {
      const { rows } = await client.merging.ledger({ merge });
      expect(rows.map(({ state }) => state)).toEqual(['disputed', 'used-unchanged']);
      expect(rows[0]!.decisions).toHaveLength(2);
      await expect(client.merging.markDone({ merge, note: '' })).rejects.toMatchObject({ data: { disputed: 1 } });
    }
    const [row] = (await amal.client.merging.ledger({ merge })).rows;
    const kept = row!.decisions.find(({ treatment }) => 'blocks' in treatment)!;
    await amal.client.merging.settle({
      merge,
      passage: { ...ref(cables!), heads: row!.heads },
      treatment: kept.treatment,
    });
    await party.exchange();
    const { rows } = await delegate.client.merging.ledger({ merge });
    expect(rows.map(({ state }) => state)).toEqual(['used-unchanged', 'used-unchanged']);
  });
});

/** The founder gives the powers of an administrator, as the page of the circle does. */
async function grantAdministrator(person: RecordId): Promise<void> {
  await amal.client.circles.grantAdministrator({ circle: amal.region, person });
}
