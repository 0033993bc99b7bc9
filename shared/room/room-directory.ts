/** The directory of one session: the known delegations, and who its people added or named otherwise. */
import type { Seat } from '../contract/room/session.ts';
import {
  createDirectory,
  knownDelegations,
  type Delegation,
  type DelegationKind,
  type Directory,
} from '../delegations/directory.ts';
import type { UnLanguage } from '../i18n/messages.ts';

const kinds: ReadonlySet<string> = new Set<DelegationKind>([
  'state',
  'observer-state',
  'territory',
  'group',
  'organisation',
  'observer',
  'officer',
]);

/** A name given in the session stands in its language; what the directory knows of the delegation stays. */
export function roomDirectory(seats: Readonly<Record<string, Seat>>, language: UnLanguage): Directory {
  const known = new Map(knownDelegations.map((each) => [each.id, each]));
  const own = Object.entries(seats).map(([id, { kind, name, aliases, members }]): Delegation => {
    const before = known.get(id);
    const named = name === '' ? {} : { [language]: name, ...(before === undefined ? { en: name } : {}) };
    return {
      id,
      kind: kinds.has(kind) ? (kind as DelegationKind) : (before?.kind ?? 'observer'),
      codes: before?.codes ?? [id],
      names: { ...before?.names, ...named },
      aliases: [...(before?.aliases ?? []), ...aliases],
      members: members === undefined ? (before?.members ?? null) : { ids: members, source: '' },
    };
  });
  return createDirectory(own);
}
