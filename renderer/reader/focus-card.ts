import type { RecordId } from '../../shared/ids.ts';

/** A card far away is drawn some frames after the text was scrolled to its place. */
const mostFrames = 30;
let latest = 0;

/** Puts the keyboard on a card once it is drawn, unless it was put elsewhere meanwhile; the last one asked for wins. */
export function focusCard(id: RecordId): void {
  latest += 1;
  const mine = latest;
  const from = document.activeElement;
  let frames = 0;
  const look = (): void => {
    const { activeElement } = document;
    if (mine !== latest || (activeElement !== from && activeElement !== document.body)) return;
    const card = document.querySelector<HTMLElement>(`[data-card="${id}"]`);
    if (card) card.focus({ preventScroll: true });
    else if ((frames += 1) < mostFrames) requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
}
