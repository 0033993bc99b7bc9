/**
 * From two or three strokes to a delegation: by code, name or alias in any of the six languages, whatever case and accents,
 * those of the room before all others.
 */
import { delegationKey, type Delegation, type Directory } from '../delegations/directory.ts';
import { unLanguages, type UnLanguage } from '../i18n/messages.ts';

export interface Suggestion {
  readonly delegation: Delegation;
  /** The text that was met: a code, a name, an alias. */
  readonly text: string;
  readonly exact: boolean;
}

export interface Room {
  readonly directory: Directory;
  readonly language: UnLanguage;
  /** Ids of the delegations in the room. */
  readonly seated: ReadonlySet<string>;
  /** Ids of those who ask for the floor, in order: the next speaker is most likely one of them. */
  readonly queue: readonly string[];
}

export interface Completer {
  /** Best first. */
  suggest(typed: string, limit?: number): readonly Suggestion[];
  /**
   * The one that is meant without a choice being made: by its whole code, name or alias; else the only one in the room, or
   * else the only one at all, that begins so (two characters at least). Null when that leaves several or none.
   */
  resolve(typed: string): Delegation | null;
  /** By its whole code, name or alias only. */
  exact(typed: string): Delegation | null;
}

interface Entry {
  readonly key: string;
  readonly text: string;
  readonly delegation: Delegation;
  /** 0 code, 1 name in the session's language, 2 another name or alias, 3 a later word of a name. */
  readonly rank: number;
}

export function createCompleter(room: Room): Completer {
  const { directory, language, seated, queue } = room;
  const entries = entriesIn(directory, language);
  const place = new Map(queue.map((id, index) => [id, index]));

  /** Entries whose key begins with `key`: they stand together. */
  function beginningWith(key: string): Entry[] {
    let low = 0;
    for (let high = entries.length; low < high;) {
      const middle = (low + high) >>> 1;
      if (entries[middle]!.key < key) low = middle + 1;
      else high = middle;
    }
    const found: Entry[] = [];
    for (let at = low; at < entries.length && entries[at]!.key.startsWith(key); at++) found.push(entries[at]!);
    return found;
  }

  /** Smaller is better: a whole code, who waits for the floor, who is in the room, kind of text, then the alphabet. */
  function weigh({ key, rank, delegation }: Entry, typed: string): readonly number[] {
    const isSeated = seated.has(delegation.id);
    return [
      key === typed && rank === 0 ? 0 : 1,
      place.get(delegation.id) ?? queue.length,
      isSeated ? 0 : 1,
      key === typed ? 0 : 1,
      delegation.kind === 'territory' ? 1 : 0,
      rank,
      key.length,
    ];
  }

  function suggest(typed: string, limit = 8): Suggestion[] {
    const key = delegationKey(typed);
    if (key === '') return [];
    const best = new Map<string, { entry: Entry; weight: readonly number[] }>();
    for (const entry of beginningWith(key)) {
      const weight = weigh(entry, key);
      const known = best.get(entry.delegation.id);
      if (known === undefined || compare(weight, known.weight) < 0) best.set(entry.delegation.id, { entry, weight });
    }
    return [...best.values()]
      .sort((a, b) => compare(a.weight, b.weight) || (a.entry.delegation.id < b.entry.delegation.id ? -1 : 1))
      .slice(0, limit)
      .map(({ entry }) => ({ delegation: entry.delegation, text: entry.text, exact: entry.key === key }));
  }

  function resolve(typed: string): Delegation | null {
    const exact = directory.find(typed);
    if (exact !== null) return exact;
    const key = delegationKey(typed);
    if ([...key].length < 2) return null;
    const found = [...new Set(beginningWith(key).map(({ delegation }) => delegation))];
    const inRoom = found.filter(({ id }) => seated.has(id));
    if (inRoom.length > 0) return inRoom.length === 1 ? inRoom[0]! : null;
    return found.length === 1 ? found[0]! : null;
  }

  return { suggest, resolve, exact: (typed) => directory.find(typed) };
}

/** Thousands of names, sorted: the queue of speakers changes with every intervention, and they do not. */
const known = new WeakMap<Directory, Map<UnLanguage, readonly Entry[]>>();

function entriesIn(directory: Directory, language: UnLanguage): readonly Entry[] {
  const byLanguage = known.get(directory) ?? new Map<UnLanguage, readonly Entry[]>();
  known.set(directory, byLanguage);
  const made =
    byLanguage.get(language) ??
    directory.all
      .flatMap((delegation) => entriesOf(delegation, language))
      .sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
  byLanguage.set(language, made);
  return made;
}

function entriesOf(delegation: Delegation, language: UnLanguage): Entry[] {
  const entries = new Map<string, Entry>();
  const add = (text: string, rank: number): void => {
    const key = delegationKey(text);
    const known = entries.get(key);
    if (key !== '' && (known === undefined || rank < known.rank)) entries.set(key, { key, text, delegation, rank });
  };
  for (const code of delegation.codes) add(code, 0);
  for (const { code } of unLanguages) {
    const name = delegation.names[code];
    if (name === undefined) continue;
    add(name, code === language ? 1 : 2);
    // `Korea` for the Republic of Korea: from each word on.
    for (const match of name.matchAll(/\s+(?=\S)/g)) {
      const rest = name.slice(match.index).trim();
      if ([...rest].length > 3) add(rest, 3);
    }
  }
  for (const alias of delegation.aliases) add(alias, 2);
  return [...entries.values()];
}

function compare(a: readonly number[], b: readonly number[]): number {
  for (let at = 0; at < a.length; at++) if (a[at] !== b[at]) return a[at]! - b[at]!;
  return 0;
}
