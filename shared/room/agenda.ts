/** Agenda items out of what was pasted: one to a line, with the number as printed. */
import { parseMarker } from '../text/labels.ts';

export interface ReadItem {
  readonly number: string;
  readonly title: string;
}

/** `Item 3:`, `Point 3 de l’ordre du jour`, `Пункт 3`, `البند 3`, `项目3` before a title. */
const itemWords =
  /^(?:agenda\s+item|item|point|punto|tema|пункт|البند|(?:议程)?项目)\s*(\p{Nd}{1,3}(?:\s?(?:bis|ter|\p{L}\)|\(\p{L}\)))?)\s*[.:)–—-]*\s*/iu;

/** Lines without a number go on the line before, unless no line has one: then each is an item. Empty lines end an item. */
export function readAgenda(text: string): readonly ReadItem[] {
  const lines = text.split(/\r?\n/).map((line) => line.trim());
  const read = lines.map(readLine);
  const numbered = read.some((item) => item !== null && item.number !== '');
  const items: { number: string; title: string }[] = [];
  let open = false;
  for (const item of read) {
    if (item === null) {
      open = false;
      continue;
    }
    const last = items.at(-1);
    if (numbered && item.number === '' && open && last !== undefined) last.title = `${last.title} ${item.title}`.trim();
    else items.push({ ...item });
    open = true;
  }
  return items.filter(({ number, title }) => number !== '' || title !== '');
}

function readLine(line: string): ReadItem | null {
  if (line === '') return null;
  const word = itemWords.exec(line);
  if (word !== null) return { number: word[1]!.trim(), title: line.slice(word[0].length).trim() };
  const marker = parseMarker(line);
  if (marker === null || marker.strength !== 'marked') return { number: '', title: line };
  if (marker.scheme === 'bullet') return { number: '', title: marker.rest.trim() };
  return { number: marker.part, title: marker.rest.trim() };
}
