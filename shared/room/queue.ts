/** The queue of speakers, typed as a line of its own: `= XG, XL, civil society`; `=` alone empties it. */
import type { Completer } from './completion.ts';

/** Null for a line that is none. Names are separated by commas, or by spaces where every word is a name by itself. */
export function readQueue(line: string, completer: Completer): readonly string[] | null {
  const match = /^\s*[=＝]\s*(.*)$/s.exec(line);
  if (match === null) return null;
  const said = match[1]!.trim();
  if (said === '') return [];
  return [...new Set(partsOf(said, completer).map((part) => completer.resolve(part)?.id ?? part))];
}

/** Delegations named in a list; what nobody is known by stands apart. */
export function delegationsIn(
  text: string,
  completer: Completer,
): { readonly known: readonly string[]; readonly unknown: readonly string[] } {
  const parts = partsOf(text.trim(), completer);
  const found = parts.map((part) => completer.resolve(part)?.id ?? null);
  return {
    known: [...new Set(found.filter((id) => id !== null))],
    unknown: parts.filter((_, index) => found[index] === null),
  };
}

function partsOf(said: string, completer: Completer): readonly string[] {
  const parts = /[,;，、؛،]/.test(said) ? said.split(/[,;，、؛،]/) : byWords(said, completer);
  return parts.map((part) => part.trim()).filter((part) => part !== '');
}

function byWords(said: string, completer: Completer): readonly string[] {
  if (completer.exact(said) !== null) return [said];
  const words = said.split(/\s+/);
  return words.every((word) => completer.resolve(word) !== null) ? words : [said];
}
