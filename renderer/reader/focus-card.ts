import type { RecordId } from '../../shared/ids.ts';

/** Puts the keyboard on a card once it is drawn. */
export function focusCard(id: RecordId): void {
  requestAnimationFrame(() =>
    document.querySelector<HTMLElement>(`[data-card="${id}"]`)?.focus({ preventScroll: true }),
  );
}
