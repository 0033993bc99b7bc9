/**
 * Places cards beside their paragraphs: each at its paragraph's height where there is room, pushed down by the one above,
 * and the focused one exactly at its height with the others making way. Pure.
 */
export interface CardBox {
  readonly id: string;
  /** Where it wants to stand, pixels from the top of the text. */
  readonly wanted: number;
  readonly height: number;
}

/** Tops by id, in pixels. Boxes come in the order of the text. */
export function layoutCards(boxes: readonly CardBox[], focused: string | null, gap: number): Map<string, number> {
  const tops = new Map<string, number>();
  const anchor = boxes.findIndex((box) => box.id === focused);
  const start = Math.max(anchor, 0);
  let bottom = -Infinity;
  for (const box of boxes.slice(start)) {
    const top = Math.max(box.wanted, bottom + gap);
    tops.set(box.id, top);
    bottom = top + box.height;
  }
  // Above the focused one, cards give way upwards.
  let ceiling = anchor > 0 ? (tops.get(boxes[anchor]!.id) ?? Infinity) : Infinity;
  for (const box of boxes.slice(0, Math.max(anchor, 0)).toReversed()) {
    const top = Math.min(box.wanted, ceiling - gap - box.height);
    tops.set(box.id, top);
    ceiling = top;
  }
  return tops;
}
