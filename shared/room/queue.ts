/** The queue of speakers, typed as a line of its own: `= XG, XL, civil society`; `=` alone empties it. */
import type { Completer } from './completion.ts';

/** Null for a line that is none. Names are separated by commas, or by spaces where every word is a name by itself. */
export function readQueue(line: string, completer: Completer): readonly string[] | null {
  const match = /^\s*[=＝]\s*(.*)$/s.exec(line);
  if (match === null) return null;
  const said = match[1]!.trim();
  if (said === '') return [];
  const parts = /[,;，、؛،]/.test(said) ? said.split(/[,;，、؛،]/) : byWords(said, completer);
  const ids = parts.map((part) => part.trim()).filter((part) => part !== '');
  return [...new Set(ids.map((part) => completer.resolve(part)?.id ?? part))];
}

function byWords(said: string, completer: Completer): readonly string[] {
  if (completer.exact(said) !== null) return [said];
  const words = said.split(/\s+/);
  return words.every((word) => completer.resolve(word) !== null) ? words : [said];
}
