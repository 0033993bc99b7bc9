/** The rows of the log: one per intervention, with a line where the discussion moves to another place. */
import { isMove } from '../../shared/room/output-source.ts';
import { placeKey, type DiscussedPlace } from '../../shared/room/places.ts';
import type { Intervention } from '../../shared/room/session-time.ts';

export type LogRow =
  | { readonly kind: 'place'; readonly key: string; readonly time: number; readonly place: DiscussedPlace }
  | { readonly kind: 'said'; readonly key: string; readonly intervention: Intervention };

/** `marked`: ids of entries that set a mark. The same set as long as nothing in it changed. */
export type LogRows = (interventions: readonly Intervention[], marked: ReadonlySet<string | null>) => readonly LogRow[];

/** Rows of what did not change are those that were made before: of five thousand lines the last is new. */
export function createLogRows(): LogRows {
  let known: {
    readonly interventions: readonly Intervention[];
    readonly marked: ReadonlySet<string | null>;
    readonly rows: readonly LogRow[];
    /** How many rows stand up to and with an intervention. */
    readonly ends: readonly number[];
  } | null = null;
  return (interventions, marked) => {
    let same = 0;
    if (known !== null && known.marked === marked) {
      const most = Math.min(known.interventions.length, interventions.length);
      while (same < most && known.interventions[same] === interventions[same]) same += 1;
    }
    const ends = known?.ends.slice(0, same) ?? [];
    const rows = known?.rows.slice(0, ends.at(-1) ?? 0) ?? [];
    let last = same === 0 ? '' : placeKey(interventions[same - 1]!.lead);
    for (const intervention of interventions.slice(same)) {
      const { lead, time, tellings } = intervention;
      const key = placeKey(lead);
      if (key !== last) rows.push({ kind: 'place', key: `place ${lead.id}`, time, place: lead });
      last = key;
      const isSaid = !isMove(lead) || marked.has(lead.id) || tellings.length > 1;
      if (isSaid) rows.push({ kind: 'said', key: lead.id, intervention });
      ends.push(rows.length);
    }
    known = { interventions, marked, rows, ends };
    return rows;
  };
}
