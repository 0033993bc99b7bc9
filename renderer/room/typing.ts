/**
 * What is being typed, for what stands beside the line: the clock and the text under discussion. A stroke draws the line
 * alone; beside it something changes once a word is finished or the typing pauses, and after the stroke was painted.
 */
import { createStore, useStore, type StoreApi } from 'zustand';
import type { Capacity } from '../../shared/contract/room/log.ts';
import type { ReadLine } from '../../shared/room/line-parts.ts';
import { samePlace, type DiscussedPlace } from '../../shared/room/places.ts';

/** Who holds the floor. */
export interface Floor {
  readonly who: string;
  readonly startedAt: number;
  readonly capacity: Capacity;
}

/** What the line that is being typed says so far. */
interface Typed {
  readonly floor: Floor | null;
  readonly place: DiscussedPlace | null;
}

interface Shown extends Typed {
  /** Who holds the floor by the last line. */
  readonly held: Floor | null;
  /** The clock was stopped before its line was logged. */
  readonly stopped: { readonly startedAt: number; readonly ms: number } | null;
}

export interface Typing {
  readonly shown: StoreApi<Shown>;
  /** As it is now, whatever is shown. */
  newest(): Typed;
  /** `at`: when the first key of the line was struck; null of a line that is corrected. */
  typed(line: string, read: ReadLine | null, at: number | null): void;
  stop(): void;
}

/** Long enough that nothing flickers while a name or a number is typed, short enough to be there when one looks up. */
const pauseMs = 250;

const nothing: Typed = { floor: null, place: null };

export function floorOf(read: ReadLine | null, startedAt: number): Floor | null {
  const who = read === null ? '' : read.speaker.id || read.speaker.typed;
  return read === null || who === '' ? null : { who, startedAt, capacity: read.capacity };
}

export function createTyping(): Typing {
  const shown = createStore<Shown>(() => ({ ...nothing, held: null, stopped: null }));
  let newest = nothing;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let frame = 0;
  const isShown = (): boolean => {
    const { floor, place } = shown.getState();
    return sameFloor(floor, newest.floor) && samePlace(place, newest.place);
  };
  const show = (): void => shown.setState(newest);
  function stop(): void {
    clearTimeout(timer);
    cancelAnimationFrame(frame);
  }
  return {
    shown,
    newest: () => newest,
    typed(line, read, at) {
      newest = {
        floor: at === null ? null : floorOf(read, at),
        place: (read?.place ?? null) as DiscussedPlace | null,
      };
      stop();
      if (isShown()) return;
      const isFinished = read === null || read.parts.every(({ kind, end }) => !underWay.has(kind) || end < line.length);
      if (!isFinished) timer = setTimeout(show, pauseMs);
      else
        frame = requestAnimationFrame(() => {
          timer = setTimeout(show, 0);
        });
    },
    stop,
  };
}

/** Parts that say something else with another letter. */
const underWay: ReadonlySet<string> = new Set(['speaker', 'capacity', 'place']);

function sameFloor(a: Floor | null, b: Floor | null): boolean {
  return a?.who === b?.who && a?.startedAt === b?.startedAt && a?.capacity === b?.capacity;
}

/** Whose clock runs: of the line that is being typed, unless it was stopped, else of the last one. */
export function useFloor({ shown }: Typing): Floor | null {
  return useStore(shown, ({ floor, held, stopped }) =>
    floor === null ? held : floor.startedAt === stopped?.startedAt ? null : floor,
  );
}

/** The place that the line being typed names; null where it names none. */
export function useTypedPlace({ shown }: Typing): DiscussedPlace | null {
  return useStore(shown, ({ place }) => place);
}
