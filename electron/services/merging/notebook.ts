/**
 * What a coordinator keeps alone, in the personal circle: confidential remarks on passages, and what was looked at. Neither
 * has a way into a report, an export or another circle.
 */
import type { RecordId } from '../../../shared/ids.ts';
import type { Circle, Circles } from '../circles/circle.ts';
import { listOf, setting, textOf } from './fields.ts';
import type { Look } from './views.ts';

export interface Notebook {
  /** Empty when there is none. */
  remarkOf(entry: RecordId, passage: string): string;
  remark(entry: RecordId, passage: string, body: string): Promise<void>;
  lookOf(merge: RecordId): Look;
  look(merge: RecordId, entries: readonly RecordId[]): Promise<void>;
}

export function createNotebook(circles: Circles): Notebook {
  const own = (): Circle | null => circles.all().find(({ personal }) => personal) ?? null;

  const remarkRecord = (circle: Circle, entry: RecordId, passage: string) =>
    circle.fold.children('merge-remark', entry).find((state) => textOf(state, 'passage') === passage);

  function lookOf(merge: RecordId): Look {
    const records = own()?.fold.children('merge-look', merge) ?? [];
    // Two devices apart may each have begun one.
    return { seen: new Set(records.flatMap((state) => listOf(state, 'seen'))) };
  }

  return {
    remarkOf(entry, passage) {
      const circle = own();
      const state = circle === null ? undefined : remarkRecord(circle, entry, passage);
      return state === undefined ? '' : textOf(state, 'body');
    },
    async remark(entry, passage, body) {
      const circle = circles.personal();
      const known = remarkRecord(circle, entry, passage);
      if (known === undefined && body === '') return;
      const id = known?.id ?? circle.newId();
      const words = body.toWellFormed();
      await circle.write(
        setting(circle, id, 'merge-remark', known === undefined ? { entry, passage, body: words } : { body: words }),
      );
    },
    lookOf,
    async look(merge, entries) {
      const circle = circles.personal();
      const { seen } = lookOf(merge);
      const news = entries.filter((entry) => !seen.has(entry));
      if (news.length === 0) return;
      const known = circle.fold.children('merge-look', merge)[0];
      const all = [...new Set([...(known === undefined ? [] : listOf(known, 'seen')), ...news])];
      const id = known?.id ?? circle.newId();
      await circle.write(setting(circle, id, 'merge-look', known === undefined ? { merge, seen: all } : { seen: all }));
    },
  };
}
