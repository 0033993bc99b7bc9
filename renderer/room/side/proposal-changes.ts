/** Changes of a proposal from the floor, with what takes them back. */
import type { ProposalView } from '../../../shared/contract/room/log.ts';
import type { RoomChange } from '../../../shared/contract/room/changes.ts';
import type { SessionView } from '../../../shared/contract/room/session.ts';

type Fields = Extract<RoomChange, { op: 'changeProposal' }>['fields'];
type Stance = Extract<RoomChange, { op: 'setStance' }>['stance'];

export interface Undoable {
  readonly changes: readonly RoomChange[];
  readonly undo: (now: SessionView) => readonly RoomChange[];
}

const named = (now: SessionView, id: string): ProposalView | undefined => now.proposals.find((each) => each.id === id);

/** Sets fields over the versions that are on screen. */
export function proposalChange(proposal: ProposalView, fields: Fields): Undoable {
  const of = ({ id, heads }: ProposalView, values: Fields): RoomChange => {
    return { op: 'changeProposal', proposal: id, fields: values, heads };
  };
  const before = Object.fromEntries(
    Object.keys(fields).map((field) => [field, proposal[field as keyof ProposalView]]),
  ) as Fields;
  return {
    changes: [of(proposal, fields)],
    undo(now) {
      const current = named(now, proposal.id);
      return current === undefined ? [] : [of(current, before)];
    },
  };
}

/** Null: as the interventions say. */
export function stanceChange(proposal: ProposalView, delegations: readonly string[], stance: Stance): Undoable {
  const of = ({ id, heads }: ProposalView, delegation: string, value: Stance): RoomChange => {
    return { op: 'setStance', proposal: id, delegation, stance: value, heads: heads[`stance:${delegation}`] ?? [] };
  };
  return {
    changes: delegations.map((each) => of(proposal, each, stance)),
    undo(now) {
      const current = named(now, proposal.id);
      return current === undefined ? [] : delegations.map((each) => of(current, each, proposal.stances[each] ?? null));
    },
  };
}
