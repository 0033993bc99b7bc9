/**
 * Who takes the floor: States, groups, organisations, observers and officers, by code, name and alias in the six
 * languages of the United Nations. `shared/delegations/` knows who is meant; what they said is `shared/room`. The data is
 * `resources/delegations/`, which names its sources; a group has members only where a source lists them.
 */
import bodies from '../../resources/delegations/bodies.json' with { type: 'json' };
import world from '../../resources/delegations/countries.json' with { type: 'json' };
import type { UnLanguage } from '../i18n/messages.ts';
import { searchKey } from '../text/search-key.ts';

export type DelegationKind =
  /** A member of the United Nations. */
  | 'state'
  | 'observer-state'
  /** In ISO 3166-1, and neither of these. */
  | 'territory'
  | 'group'
  | 'organisation'
  | 'observer'
  /** The chair, the secretariat: heard in the room, a position of nobody. */
  | 'officer';

export interface Delegation {
  /** ISO 3166-1 alpha-3 of a country, else a short name in capitals (`EU`, `G77`, `UN-DESA`); unique. */
  readonly id: string;
  readonly kind: DelegationKind;
  /** What is typed and printed in its place: the id and, of a country, the alpha-2 code. */
  readonly codes: readonly string[];
  readonly names: Readonly<Partial<Record<UnLanguage, string>>>;
  readonly aliases: readonly string[];
  /** Ids of a group's members and who lists them; null where no list is at hand. */
  readonly members: { readonly ids: readonly string[]; readonly source: string } | null;
}

export interface Directory {
  readonly all: readonly Delegation[];
  get(id: string): Delegation | undefined;
  /** The one that has `text` as a code, name or alias, whatever its case and accents; null when none or several do. */
  find(text: string): Delegation | null;
  /** The printed name; in English where the language has none, and an unknown id as it is. */
  nameOf(id: string, language: UnLanguage): string;
  /** Groups that list the delegation as a member. */
  groupsOf(id: string): readonly Delegation[];
}

interface BodyData {
  readonly id: string;
  readonly kind: string;
  readonly names: Delegation['names'];
  readonly aliases?: readonly string[];
  readonly members?: { readonly region?: string; readonly list?: readonly string[]; readonly also?: readonly string[] };
  readonly source?: string;
}

const observerStates: Readonly<Record<string, Delegation['names']>> = bodies.observerStates.states;
const aliasesOf: Readonly<Record<string, readonly string[]>> = bodies.aliases;
const regions: Readonly<Record<string, readonly string[]>> = world.regions;

function countries(): Delegation[] {
  return world.countries.map(({ code, alpha3, un, names }) => {
    const asObserver = observerStates[alpha3];
    const also = asObserver === undefined ? [] : Object.values(names);
    return {
      id: alpha3,
      kind: un ? 'state' : asObserver !== undefined ? 'observer-state' : 'territory',
      codes: [alpha3, code],
      names: asObserver ?? names,
      aliases: [...also, ...(aliasesOf[alpha3] ?? [])],
      members: null,
    };
  });
}

function bodyOf({ id, kind, names, aliases = [], members, source = '' }: BodyData): Delegation {
  const listed = members && [
    ...(members.region === undefined ? [] : (regions[members.region] ?? [])),
    ...(members.list ?? []),
    ...(members.also ?? []),
  ];
  return {
    id,
    kind: kind as DelegationKind,
    codes: [id],
    names,
    aliases,
    members: listed === undefined ? null : { ids: listed, source },
  };
}

/** The delegations of this release, in the order: countries by code, groups, organisations, observers, officers. */
export const knownDelegations: readonly Delegation[] = [...countries(), ...(bodies.bodies as BodyData[]).map(bodyOf)];

/** By what a delegation is compared: case, accents, compatibility shapes and punctuation folded away. */
export function delegationKey(text: string): string {
  return searchKey(text)
    .text.replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}

/** The known delegations and a session's own entries; an own entry stands for a known one of the same id. */
export function createDirectory(own: readonly Delegation[] = []): Directory {
  const byId = new Map(knownDelegations.map((each) => [each.id, each]));
  for (const each of own) byId.set(each.id, each);
  const all = [...byId.values()];
  // Made when first asked for: thousands of keys, and many a caller only wants a name.
  let codes: Map<string, Set<Delegation>> | undefined;
  let words: Map<string, Set<Delegation>> | undefined;

  function indexBy(textsOf: (each: Delegation) => readonly string[]): Map<string, Set<Delegation>> {
    const index = new Map<string, Set<Delegation>>();
    for (const each of all)
      for (const text of textsOf(each)) {
        const key = delegationKey(text);
        if (key === '') continue;
        const found = index.get(key);
        if (found === undefined) index.set(key, new Set([each]));
        else found.add(each);
      }
    return index;
  }

  function only(found: ReadonlySet<Delegation> | undefined): Delegation | null {
    return found?.size === 1 ? [...found][0]! : null;
  }

  return {
    all,
    get: (id) => byId.get(id),
    find(text) {
      const key = delegationKey(text);
      if (key === '') return null;
      const exact = byId.get(text.trim().toUpperCase());
      if (exact !== undefined) return exact;
      codes ??= indexBy((each) => each.codes);
      words ??= indexBy((each) => [...Object.values(each.names), ...each.aliases]);
      return only(codes.get(key)) ?? only(words.get(key));
    },
    nameOf(id, language) {
      const names = byId.get(id)?.names;
      return names?.[language] ?? names?.en ?? id;
    },
    groupsOf: (id) => all.filter((each) => each.members?.ids.includes(id) === true),
  };
}
