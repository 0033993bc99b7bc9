/** Who is in the room, from what was typed. */
import type { Seat } from '../../../shared/contract/room/session.ts';
import type { SessionData } from '../session-data.ts';

/** `KEN`, `Brazil`, `XA = Region A`: an id and, for those the directory does not know, a name. */
export function seatsOf(text: string, data: SessionData): { readonly delegation: string; readonly seat: Seat }[] {
  return text
    .split(/[,;\n،、，]/)
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .map((part) => {
      const [code = '', name] = part.split('=').map((each) => each.trim());
      const known = data.completer.resolve(name === undefined ? part : code);
      if (known !== null && name === undefined)
        return { delegation: known.id, seat: { kind: known.kind, name: '', aliases: [] } };
      const id = code
        .toUpperCase()
        .replace(/[^A-Z0-9]+/g, '-')
        .replace(/^-+|-+$/g, '')
        .slice(0, 40);
      // A name that has no Latin letter gets a code by its place in the room.
      const delegation = id === '' ? `X${Object.keys(data.view.head.seats).length + 1}` : id;
      return { delegation, seat: { kind: kindOf(code, name), name: name ?? part, aliases: [] } };
    });
}

/** A short code stands for a delegation, `Group G` for a group, anything else for an observer. */
function kindOf(code: string, name: string | undefined): Seat['kind'] {
  if (/\b(?:groupe?|grupo)\b|группа|مجموعة|集团/iu.test(`${code} ${name ?? ''}`)) return 'group';
  return name !== undefined && /^[A-Z]{1,3}$/i.test(code) ? 'state' : 'observer';
}
