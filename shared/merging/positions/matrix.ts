/**
 * The positions matrix. A delegation's own evidence decides its cell; only where it has none does a group's stand for it.
 * Writing on something without a word for or against is no position, so it does not silence the group.
 */
import { delegationKey } from '../../delegations/directory.ts';
import type { Evidence, Group, Position, PositionCell } from './position.ts';

export interface Matrix {
  readonly subjects: readonly string[];
  readonly delegations: readonly string[];
  /** Cells in which something is known, by subject and then delegation in the order given. */
  readonly cells: readonly PositionCell[];
}

export interface MatrixSource {
  readonly subjects: readonly string[];
  readonly delegations: readonly string[];
  readonly groups: readonly Group[];
  readonly evidence: readonly Evidence[];
}

/** Delegations and groups are the same when their names differ in case, accents and punctuation only. */
export function positionMatrix({ subjects, delegations, groups, evidence }: MatrixSource): Matrix {
  const said = Map.groupBy(evidence, ({ subject, speaker }) => cellKey(subject, speaker));
  const groupsOf = new Map(
    delegations.map((delegation) => {
      const key = delegationKey(delegation);
      return [delegation, groups.filter(({ members }) => members.some((member) => delegationKey(member) === key))];
    }),
  );
  const cells = subjects.flatMap((subject) =>
    delegations.flatMap((delegation): PositionCell[] => {
      const own = said.get(cellKey(subject, delegation)) ?? [];
      const spoken = own.filter(({ position }) => position !== 'text');
      if (spoken.length > 0)
        return [{ ...{ delegation, subject, position: positionOf(spoken) }, evidence: newest(own), through: [] }];
      const speaking = groupsOf.get(delegation)!.flatMap((group) => {
        const names = [...new Set([group.key, group.name].map(delegationKey))];
        const theirs = names.flatMap((name) => said.get(cellKey(subject, name)) ?? []);
        return theirs.some(({ position }) => position !== 'text') ? [{ group, evidence: theirs }] : [];
      });
      if (speaking.length > 0) {
        const all = speaking.flatMap((each) => each.evidence);
        const position = positionOf(all.filter((each) => each.position !== 'text'));
        const through = speaking.map(({ group }) => group.name);
        return [{ delegation, subject, position, evidence: newest([...own, ...all]), through }];
      }
      return own.length === 0 ? [] : [{ delegation, subject, position: 'text', evidence: newest(own), through: [] }];
    }),
  );
  return { subjects, delegations, cells };
}

const cellKey = (subject: string, speaker: string): string => `${subject}\n${delegationKey(speaker)}`;

/** The one position that all evidence shows, or `mixed`: which came last decides nothing. */
function positionOf(evidence: readonly Evidence[]): Position | 'mixed' {
  const shown = new Set(evidence.map(({ position }) => position));
  // A question asked beside a position is part of it.
  if (shown.size > 1) shown.delete('question');
  return shown.size === 1 ? [...shown][0]! : 'mixed';
}

function newest(evidence: readonly Evidence[]): Evidence[] {
  return evidence.toSorted((a, b) => b.atMs - a.atMs || (a.ref < b.ref ? -1 : a.ref > b.ref ? 1 : 0));
}
