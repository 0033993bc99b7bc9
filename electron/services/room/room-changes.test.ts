/** What people set by hand in a session, and what corrections and removals take with them. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RoomChange } from '../../../shared/contract/room/changes.ts';
import type { SessionView } from '../../../shared/contract/room/session.ts';
import { correctionOf, removalOf } from '../../../shared/room/correction.ts';
import { markAt, proposalStanding } from '../../../shared/room/standings.ts';
import { interventionsOf } from '../../../shared/room/session-time.ts';
import { readLine } from '../../../shared/room/input-line.ts';
import { createTempWorkbench, type TempWorkbench } from '../../../test/fakes/temp-workbench.ts';
import { createTestSession, type TestSession } from '../../../test/fakes/test-session.ts';

let bench: TempWorkbench;
let session: TestSession;
beforeEach(async () => {
  bench = await createTempWorkbench({ name: 'Nadia', delegation: 'Region AB' });
  session = await createTestSession(bench);
});
afterEach(() => bench.dispose());

const standingOf = (view: SessionView) =>
  proposalStanding(view.proposals[0]!, view.proposals, interventionsOf(view.entries, view.joins, new Map()));

describe('a proposal from the floor', () => {
  it('[RM25] keeps stances set by hand over what the log says, until they are taken back', async () => {
    await session.log('XB 11 amend “as soon as possible”');
    await session.log('XD 11 -XB');
    const [proposal] = (await session.view()).proposals;
    const set = async (delegation: string, stance: 'support' | 'none' | null): Promise<SessionView> => {
      const heads = (await session.view()).proposals[0]!.heads[`stance:${delegation}`] ?? [];
      await session.change({ op: 'setStance', proposal: proposal!.id, delegation, stance, heads });
      return session.view();
    };
    expect(standingOf(await session.view())).toMatchObject({ supporters: ['XB'], opponents: ['XD'] });
    expect(standingOf(await set('XD', 'support'))).toMatchObject({ supporters: ['XB', 'XD'], opponents: [] });
    expect(standingOf(await set('XB', 'none'))).toMatchObject({ supporters: ['XD'] });
    expect(standingOf(await set('XD', null))).toMatchObject({ supporters: [], opponents: ['XD'] });
  });

  it('[RM26] is open until its wording is confirmed, can be rewritten, withdrawn and brought back', async () => {
    await session.log('XB 11 amend “as soon as possible”');
    const change = async (fields: Extract<RoomChange, { op: 'changeProposal' }>['fields']): Promise<SessionView> => {
      const { id, heads } = (await session.view()).proposals[0]!;
      await session.change({ op: 'changeProposal', proposal: id, fields, heads });
      return session.view();
    };
    expect((await change({ text: 'without delay', kind: 'ADD' })).proposals[0]).toMatchObject({
      text: 'without delay',
      kind: 'ADD',
      confirmed: false,
      versions: [],
    });
    expect((await change({ confirmed: true })).proposals[0]!.confirmed).toBe(true);
    expect(standingOf(await change({ withdrawn: true })).withdrawn).toBe(true);
    expect(standingOf(await change({ withdrawn: false })).withdrawn).toBe(false);
  });

  it('refuses a change of what is not in this session', async () => {
    await session.log('XB 11 amend “as soon as possible”');
    const [entry] = (await session.view()).entries;
    await expect(
      session.change({ op: 'setStance', proposal: entry!.id, delegation: 'XD', stance: 'support', heads: [] }),
    ).rejects.toMatchObject({ code: 'not-found' });
  });
});

describe('a mark set by hand', () => {
  it('stands over earlier ones from the log, and gives way to later ones', async () => {
    const began = Date.parse('2026-11-25T09:30:00Z');
    await session.log('chair 11 parked XF until Thursday', began);
    const before = await session.view();
    const { document } = before.head.texts[0]!;
    const place = { item: null, document, label: '11' };
    const id = session.newId();
    const mark = { id, entry: null, ...place, mark: 'agreed' as const, facilitator: '', until: '', heads: {} };
    await session.change({ op: 'setMark', ...mark });
    const here = (view: SessionView) =>
      markAt(view.marks, place, interventionsOf(view.entries, view.joins, new Map()))?.mark;
    // By the test's clock it was set before the session began; what a person sets stands by its own time.
    const after = await session.view();
    const byHand = after.marks.find((each) => each.id === id)!;
    expect(
      here({ ...after, marks: after.marks.map((each) => (each.id === id ? { ...each, at: began + 1 } : each)) }),
    ).toBe('agreed');
    await session.change({ op: 'remove', record: id, allHeads: byHand.allHeads });
    expect(here(await session.view())).toBe('parked');
  });

  it('is refused under the id of somebody else', async () => {
    const id = `${'z'.repeat(26)}.aaaaaaaaaa` as ReturnType<TestSession['newId']>;
    const mark = { document: null, label: '11', item: null, mark: 'agreed' as const, facilitator: '', until: '' };
    await expect(session.change({ op: 'setMark', id, entry: null, ...mark, heads: {} })).rejects.toMatchObject({
      code: 'not-allowed',
    });
  });
});

describe('[RM34] a corrected line', () => {
  async function correct(line: string): Promise<SessionView> {
    const view = await session.view();
    const entry = view.entries[0]!;
    await session.change(...correctionOf(entry, line, readLine(line, session.context), view, session.newId));
    return session.view();
  }

  it('changes its mark, takes it away and makes another', async () => {
    await session.log('chair 11 agreed');
    const parked = await correct('chair 11 parked XF until Thursday');
    expect(parked.marks).toMatchObject([{ mark: 'parked', facilitator: 'XF', until: 'Thursday', removed: false }]);
    expect((await correct('XA 11 support')).marks).toMatchObject([{ removed: true }]);
    const again = await correct('chair 12 ad ref');
    expect(again.marks.filter(({ removed }) => !removed)).toMatchObject([{ mark: 'ad-ref', label: '12' }]);
  });

  it('changes its proposal with it, but not wording that was confirmed', async () => {
    await session.log('XB 11 amend “as soon as posible”');
    const mended = await correct('XC 12 amend “as soon as possible”');
    expect(mended.proposals).toMatchObject([{ by: 'XC', label: '12', text: 'as soon as possible', removed: false }]);
    const { id, heads } = mended.proposals[0]!;
    await session.change({ op: 'changeProposal', proposal: id, fields: { confirmed: true }, heads });
    expect((await correct('XC 12 amend “sooner”')).proposals[0]).toMatchObject({ text: 'as soon as possible' });
    // A person worked on it: it is not thrown away with the word that made it.
    expect((await correct('XC 12 support')).proposals[0]).toMatchObject({ removed: false });
  });

  it('makes a proposal where it had none', async () => {
    await session.log('XB 11 support');
    const after = await correct('XB for group G 11 ADD “and islands”');
    expect(after.proposals).toMatchObject([
      { by: 'XB', behalf: ['GROUP-G'], kind: 'ADD', text: 'and islands', entry: after.entries[0]!.id },
    ]);
  });

  it('stays where it was heard when it names no place', async () => {
    await session.log('XA 11 support');
    expect((await correct('XA oppose')).entries[0]).toMatchObject({ label: '11', position: 'oppose', corrected: true });
  });

  it('goes with what came of it when it is taken out, and comes back with it', async () => {
    await session.log('XB 11 amend “as soon as possible”');
    const view = await session.view();
    const { changes, restored } = removalOf(view.entries[0]!, view);
    await session.change(...changes);
    const gone = await session.view();
    expect([gone.entries[0]!.removed, gone.proposals[0]!.removed]).toEqual([true, true]);
    await session.change(...restored);
    const back = await session.view();
    expect([back.entries[0]!.removed, back.proposals[0]!.removed]).toEqual([false, false]);
  });
});

describe('news of a session', () => {
  it('carry the head only when something of it changed', async () => {
    const heads: (string | null)[] = [];
    bench.client.room.on('changed', ({ head, entries }) => {
      heads.push(head === null ? (entries[0]?.note ?? '') : 'head');
    });
    await session.log('XA 11 support one');
    await session.log('XA 11 support two');
    await session.log('XA 11 support three');
    const { queue } = (await session.view()).head.heads;
    await session.change({ op: 'setHeader', fields: { queue: ['XB'] }, heads: { queue: queue ?? [] } });
    // The first line brings a device that the head lists.
    await expect.poll(() => heads).toEqual(['head', 'two', 'three', 'head']);
  });
});
