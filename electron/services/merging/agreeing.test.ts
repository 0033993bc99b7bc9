import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RecordId } from '../../../shared/ids.ts';
import { instantOf, wallClockOf } from '../../../shared/merging/zone-clock.ts';
import {
  createMergingParty,
  entryFor,
  mailed,
  passagesOf,
  type Member,
  type MergingParty,
} from '../../../test/fakes/merging-party.ts';

let party: MergingParty;
let amal: Member;
let kenya: Member;
let merge: RecordId;
let block: RecordId;
const asked = '1. What are the main achievements of the implementation of the WSIS process in the past 20 years?';

beforeEach(async () => {
  party = await createMergingParty();
  amal = await party.add('Amal', 'Jordan');
  kenya = await party.add('Wanjiru', 'Kenya');
  merge = (await amal.client.merging.create({ circle: amal.region, title: 'Common input' })).id;
  const file = mailed(amal.workbench, 'p.txt', `${asked}\n\nCables came ashore in five places.\n`);
  await amal.client.merging.addFiles({ merge, files: [file], delegation: 'Peru' });
  const entry = entryFor(await amal.client.merging.open({ merge }), 'Peru').id;
  const [first] = await passagesOf(amal.client, entry);
  const passages = [{ entry: first!.entry, passage: first!.passage }];
  block = (await amal.client.merging.take({ merge, question: '1', passages })).blocks[0]!;
  await party.exchange();
});
afterEach(() => party.dispose());

const stanceRow = async (member: Member) =>
  (await member.client.merging.agreement({ merge })).blocks.find((row) => row.block === block)!;

describe('agreeing', () => {
  it('counts what a confirmed member says and what a coordinator notes, and shows whether the rule is met and why', async () => {
    await amal.client.merging.setOwnRules({
      ...{ merge, name: 'Two for it', supporters: 2, objectionsPerMille: 500, signatures: null, consensus: false },
      ...{ adoptedBy: null, submittedBy: null },
    });
    await party.exchange();
    await kenya.client.merging.setStance({ merge, block, stance: 'support' });
    await party.exchange();
    expect((await stanceRow(amal)).checks).toMatchObject([
      { requirement: 'supporters', met: false, needed: 2, found: 1, names: ['Kenya'] },
      { requirement: 'objections', met: true },
    ]);
    const noted = await amal.client.merging.setStance({
      merge,
      block,
      delegation: 'Fiji',
      stance: 'support',
      via: 'phone',
    });
    expect(noted).toMatchObject({ counts: true, notedByOther: true, via: 'phone', author: { name: 'Amal' } });
    expect(await stanceRow(amal)).toMatchObject({ met: true });
    await expect(
      kenya.client.merging.setStance({ merge, block, delegation: 'Fiji', stance: 'object' }),
    ).rejects.toMatchObject({ code: 'not-allowed' });
  });

  it('reckons with the more cautious of two words said apart, and with the later once it was seen', async () => {
    await amal.client.merging.setStance({ merge, block, delegation: 'Kenya', stance: 'support', via: 'phone' });
    await kenya.client.merging.setStance({ merge, block, stance: 'object' });
    await party.exchange();
    expect((await stanceRow(amal)).stances.map(({ contested }) => contested)).toEqual([true, true]);
    await kenya.client.merging.setStance({ merge, block, stance: 'sign-on' });
    await party.exchange();
    const counted = (await stanceRow(amal)).stances.filter(({ counts }) => counts);
    expect(counted).toMatchObject([{ stance: 'sign-on', contested: false }]);
  });

  it('freezes a text, shows the clock of its zone, and lets a person alone record what came of it', async () => {
    await expect(
      kenya.client.merging.startSilence({
        merge,
        title: 'V1',
        deadline: '2020-03-04T18:00',
        timeZone: 'Africa/Nairobi',
      }),
    ).rejects.toMatchObject({ code: 'not-allowed' });
    const started = await amal.client.merging.startSilence({
      ...{ merge, title: 'Version 1', deadline: '2020-03-04T18:00', timeZone: 'Africa/Nairobi' },
    });
    expect(started).toMatchObject({
      ...{ deadline: '2020-03-04T15:00:00.000Z', deadlineThere: '2020-03-04 18:00 +03:00' },
      ...{ isPast: true, result: null, changedSince: [] },
    });
    expect(started.text.map(({ text }) => text)).toEqual(['Cables came ashore in five places.']);
    await party.exchange();
    const broken = await kenya.client.merging.breakSilence({ silence: started.id, block, note: 'We need cabinet' });
    expect(broken.breaks).toMatchObject([{ delegation: 'Kenya', block, note: 'We need cabinet', isLate: true }]);
    expect(broken).toMatchObject({ result: null, mayRecord: false });
    await party.exchange();
    const recorded = await amal.client.merging.recordSilence({
      silence: started.id,
      result: 'broken',
      note: 'Late, taken',
    });
    expect(recorded).toMatchObject({ result: { result: 'broken', note: 'Late, taken' }, contested: false });
    await party.exchange();
    expect((await kenya.client.merging.silences({ merge })).silences[0]).toMatchObject({
      result: { result: 'broken' },
    });
  });

  it('surveys who holds what, with the evidence, and lets a group stand for its silent members', async () => {
    await kenya.client.merging.setStance({ merge, block, stance: 'reserve', note: 'Not cleared' });
    await amal.client.merging.setStance({ merge, block, delegation: 'Islands', stance: 'support', via: 'room' });
    await amal.client.merging.setGroup({ merge, name: 'Islands', members: ['Fiji', 'Kenya'] });
    await amal.client.merging.change({ merge, expected: ['Fiji'] });
    await party.exchange();
    const { cells } = await amal.client.merging.positions({ merge, by: 'paragraph' });
    const of = (delegation: string) => cells.find((cell) => cell.delegation === delegation && cell.row === block);
    expect(of('Kenya')).toMatchObject({ position: 'reserve', through: [], evidence: [{ words: 'Not cleared' }] });
    expect(of('Fiji')).toMatchObject({ position: 'support', through: ['Islands'] });
    expect(of('Peru')).toMatchObject({ position: 'text' });
  });
});

describe('clocks of the zones', () => {
  it('keeps a time of day somewhere as an instant, also around the changes of the clocks', () => {
    expect(wallClockOf(instantOf('2027-07-01T18:00', 'Europe/Zurich'), 'UTC')).toBe('2027-07-01 16:00 +00:00');
    expect(() => instantOf('2027-03-28T02:30', 'Europe/Zurich')).toThrow(/put forward/);
    expect(wallClockOf(instantOf('2027-10-31T02:30', 'Europe/Zurich'), 'Europe/Zurich')).toBe(
      '2027-10-31 02:30 +02:00',
    );
    expect(() => instantOf('2027-07-01T18:00', 'Mars/Olympus')).toThrow(/no time zone/);
  });
});
