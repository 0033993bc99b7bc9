/** Opens a document where it was left or where it was asked for, and remembers where one is. */
import { useEffect, type RefObject } from 'react';
import type { UnitView } from '../../shared/contract/library.ts';
import type { DocumentId, UnitId } from '../../shared/ids.ts';
import { useClient } from '../app/client.ts';
import { useReader } from './reader-state.ts';

const rememberAfterMs = 1000;

export function useReadingPosition(options: {
  readonly document: DocumentId;
  readonly remembered: string;
  /** Asked for by the address. */
  readonly target: UnitId | null;
  readonly scroller: RefObject<HTMLDivElement | null>;
  readonly units: readonly UnitView[];
  readonly show: (unit: UnitId) => void;
}): void {
  const { document: id, remembered, target, scroller, units, show } = options;
  const client = useClient();
  useEffect(() => {
    const wanted = target ?? (remembered as UnitId);
    if (wanted && document.getElementById(wanted)) show(wanted);
    // Only when a document is opened or a place asked for: what is remembered later must not move the text.
  }, [id, target, show]);

  useEffect(() => {
    const pane = scroller.current;
    if (!pane) return undefined;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let frame = 0;
    // What scrolling itself said last. Any other current unit was jumped to or clicked, and stays while it can be seen:
    // the next key marks it, and near the end of a document it cannot stand at the top.
    let read: UnitId | null = null;
    const isChosen = (): boolean => {
      const { current } = useReader.getState();
      const box = current && current !== read ? document.getElementById(current)?.getBoundingClientRect() : undefined;
      const view = pane.getBoundingClientRect();
      return box !== undefined && box.bottom > view.top && box.top < view.bottom;
    };
    const readPosition = (): UnitId | undefined => {
      const edge = pane.getBoundingClientRect().top + 12;
      // Units stand in order: the first whose bottom is below the edge is the one being read.
      let low = 0;
      let high = units.length - 1;
      while (low < high) {
        const middle = (low + high) >> 1;
        const element = document.getElementById(units[middle]!.id);
        if (element && element.getBoundingClientRect().bottom > edge) high = middle;
        else low = middle + 1;
      }
      return units[low]?.id;
    };
    const follow = (): void => {
      const unit = isChosen() ? useReader.getState().current : readPosition();
      if (!unit) return;
      if (useReader.getState().current !== unit) {
        read = unit;
        useReader.setState({ current: unit });
      }
      clearTimeout(timer);
      timer = setTimeout(() => {
        // A position that cannot be kept is no loss worth an interruption; the connection banner says what is wrong.
        client.library.rememberPosition({ document: id, position: unit }).catch(() => undefined);
      }, rememberAfterMs);
    };
    const onScroll = (): void => {
      cancelAnimationFrame(frame);
      frame = requestAnimationFrame(follow);
    };
    pane.addEventListener('scroll', onScroll, { passive: true });
    return () => {
      pane.removeEventListener('scroll', onScroll);
      cancelAnimationFrame(frame);
      clearTimeout(timer);
    };
  }, [client, id, scroller, units]);
}
