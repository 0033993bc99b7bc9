/** Which merges a change of a circle concerns, and in which of their parts. */
import type { CircleId, RecordId } from '../../../shared/ids.ts';
import type { RecordState } from '../../../shared/records/fold.ts';
import type { Circle, CircleNews } from '../circles/circle.ts';
import { draftOf } from '../drafts/draft-index.ts';
import type { MergingDependencies } from './dependencies.ts';
import { idOf } from './fields.ts';

type Part = 'summary' | 'entries' | 'ledger' | 'agreement' | 'silence' | 'positions';

/** The result stops listening. */
export function announceNews({ circles, events }: Pick<MergingDependencies, 'circles' | 'events'>): () => void {
  const holding = (record: RecordId | null): RecordState | null =>
    record === null ? null : (circles.holding(record)?.fold.record(record) ?? null);

  function concerned(circle: Circle, state: RecordState): { readonly merge: RecordId; readonly parts: Part[] }[] {
    const one = (merge: RecordId | null, ...parts: Part[]) => (merge === null ? [] : [{ merge, parts }]);
    switch (state.type) {
      case 'merge':
        return one(state.id, 'summary', 'agreement', 'positions');
      case 'merge-entry':
        return one(idOf(state, 'merge'), 'summary', 'entries', 'ledger', 'positions');
      case 'stance':
        return one(idOf(state, 'merge'), 'agreement', 'positions');
      case 'silence':
        return one(idOf(state, 'merge'), 'silence');
      case 'silence-break': {
        const silence = holding(idOf(state, 'silence'));
        return silence === null ? [] : one(idOf(silence, 'merge'), 'silence');
      }
      case 'submission':
        return circle.fold.recordsOfType('merge').flatMap(({ id }) => one(id, 'entries'));
      case 'merge-remark': {
        const entry = holding(idOf(state, 'entry'));
        return entry === null ? [] : one(idOf(entry, 'merge'), 'ledger');
      }
      case 'merge-look':
        return one(idOf(state, 'merge'), 'entries');
      default: {
        const draft = draftOf(state);
        if (draft === null) return [];
        const merges = circle.fold.recordsOfType('merge').filter((merge) => idOf(merge, 'draft') === draft);
        return merges.flatMap(({ id }) => one(id, 'summary', 'ledger', 'agreement', 'silence'));
      }
    }
  }

  function tell({ circle: id, records }: CircleNews): void {
    const circle = circles.all().find((each) => each.id === (id as CircleId));
    if (circle === undefined) return;
    const news = new Map<RecordId, Set<Part>>();
    let isListNews = false;
    let isSubmission = false;
    for (const record of records) {
      const state = circle.fold.record(record);
      if (state === null) continue;
      isSubmission ||= state.type === 'submission';
      for (const { merge, parts } of concerned(circle, state)) {
        isListNews ||= parts.includes('summary');
        const known = news.get(merge) ?? new Set();
        for (const part of parts) known.add(part);
        news.set(merge, known);
      }
    }
    for (const [merge, parts] of news) events.emit('merging', 'changed', { merge, parts: [...parts] });
    if (isSubmission) events.emit('merging', 'submissionsChanged', { circle: id });
    if (isListNews) events.emit('merging', 'listChanged', {});
  }

  return circles.onChanged(tell);
}
