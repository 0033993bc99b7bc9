/**
 * Where blocks, rows and columns stand: position strings (npm `position-strings`), which sort as plain strings and do not
 * interleave what two people insert at one spot. Equal places (a copied profile, a restored backup) are ordered by id.
 */
import { PositionSource } from 'position-strings';

export interface Placed {
  readonly id: string;
  readonly place: string;
}

/** The order of a list: by place, and by id where places are equal. Negative, zero or positive. */
export function comparePlaces(a: Placed, b: Placed): number {
  if (a.place !== b.place) return a.place < b.place ? -1 : 1;
  return a.id < b.id ? -1 : a.id > b.id ? 1 : 0;
}

/** Where `item` stands, or would stand, in a list sorted by `comparePlaces`. */
export function indexOfPlaced(list: readonly Placed[], item: Placed): number {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (comparePlaces(list[middle]!, item) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

export interface PlaceSource {
  /** A new place between two, null meaning the beginning or the end. Throws RangeError unless `before` < `after`. */
  between(before: string | null, after: string | null): string;
  /**
   * A place for something new right after index `at` of a sorted list (-1: at the beginning). Where its neighbours have
   * equal places nothing fits between them, so those that follow get new places too: `moved` names them.
   */
  after(list: readonly Placed[], at: number): { readonly place: string; readonly moved: readonly Placed[] };
}

/**
 * `sourceId` must never be used by two sources, not even one after the other, because a source counts in memory what it
 * has given out: draw it afresh at every start (8 base-32 characters will do). Letters and digits only.
 */
export function createPlaceSource(sourceId: string): PlaceSource {
  const source = new PositionSource({ ID: sourceId });

  function between(before: string | null, after: string | null): string {
    const left = before ?? PositionSource.FIRST;
    const right = after ?? PositionSource.LAST;
    if (left >= right) throw new RangeError(`no place between ${left} and ${right}`);
    return fits(left, right) ?? extend(left, right);
  }

  /** What position-strings makes of it; null where a place was not made by it (another program's) and confuses it. */
  function fits(left: string, right: string): string | null {
    try {
      const made = source.createBetween(left, right);
      return left < made && made < right ? made : null;
    } catch {
      // A precondition of the library about the shape of its own strings; `extend` needs none.
      return null;
    }
  }

  /** Right after `left`, whatever its shape: a longer string that begins with it, still before `right`. */
  function extend(left: string, right: string): string {
    for (const filler of ['', '!', '!!', '!!!']) {
      const made = `${left}${filler}!${sourceId}.B`;
      if (left < made && made < right) return made;
    }
    throw new RangeError(`no place between ${left} and ${right}`);
  }

  return {
    between,
    after(list, at) {
      const before = at < 0 ? null : list[at]!.place;
      let next = at + 1;
      while (before !== null && next < list.length && list[next]!.place <= before) next += 1;
      const right = next < list.length ? list[next]!.place : null;
      const place = between(before, right);
      let last = place;
      const moved = list.slice(at + 1, next).map((item) => ({ id: item.id, place: (last = between(last, right)) }));
      return { place, moved };
    },
  };
}
