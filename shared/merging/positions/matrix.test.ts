import { describe, expect, it } from 'vitest';
import { positionMatrix } from './matrix.ts';
import type { Evidence, Group, Position } from './position.ts';

const group: Group = { key: 'G-X', name: 'Group of the Islands', members: ['XA', 'XB', 'Xándria'] };
const said = (speaker: string, position: Position, atMs = 0, kind = 'annotation'): Evidence => ({
  ...{ kind, speaker, subject: '35 a)', position, ref: `${speaker} ${position} ${atMs}`, words: '', atMs },
});

/** `delegation: position (through)` of every cell in which something is known. */
function shown(evidence: readonly Evidence[], delegations: readonly string[] = ['XA', 'XB', 'XC']): string[] {
  const { cells } = positionMatrix({ subjects: ['35 a)'], delegations, groups: [group], evidence });
  return cells.map(
    ({ delegation, position, through }) =>
      `${delegation}: ${position}${through.length > 0 ? ` (${through.join()})` : ''}`,
  );
}

describe('the positions matrix', () => {
  it('[MG26] lets a group speak for members that have not spoken', () => {
    expect(shown([said('G-X', 'support'), said('XB', 'oppose')])).toEqual([
      'XA: support (Group of the Islands)',
      'XB: oppose',
    ]);
  });

  it('[MG26] knows names however they are spelled', () => {
    expect(shown([said('group of the islands', 'reserve')], ['XANDRIA'])).toEqual([
      'XANDRIA: reserve (Group of the Islands)',
    ]);
  });

  it('[MG26] takes having written for no position', () => {
    expect(shown([said('XA', 'text', 1, 'submission'), said('G-X', 'amend')])).toEqual([
      'XA: amend (Group of the Islands)',
      'XB: amend (Group of the Islands)',
    ]);
    expect(shown([said('XC', 'text', 1, 'submission')])).toEqual(['XC: text']);
  });

  it('[MG26] shows evidence that disagrees as mixed, whichever came last, newest first', () => {
    expect(shown([said('XA', 'support', 2), said('XA', 'oppose', 1)])).toEqual(['XA: mixed']);
    expect(shown([said('XA', 'support', 2), said('XA', 'question', 3)])).toEqual(['XA: support']);
    const { cells } = positionMatrix({
      ...{ subjects: ['35 a)'], delegations: ['XA'], groups: [] },
      evidence: [said('XA', 'support', 1), said('XA', 'support', 3, 'session-note')],
    });
    expect(cells[0]!.evidence.map(({ kind }) => kind)).toEqual(['session-note', 'annotation']);
  });

  it('[MG26] of two groups that differ is mixed', () => {
    const other: Group = { key: 'G-Y', name: 'Other group', members: ['XA'] };
    const { cells } = positionMatrix({
      ...{ subjects: ['35 a)'], delegations: ['XA'], groups: [group, other] },
      evidence: [said('G-X', 'support'), said('G-Y', 'oppose')],
    });
    expect(cells[0]).toMatchObject({ position: 'mixed', through: ['Group of the Islands', 'Other group'] });
  });
});
