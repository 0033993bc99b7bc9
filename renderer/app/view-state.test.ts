import { describe, expect, it } from 'vitest';
import type { DocumentId, RecordId, UnitId } from '../../shared/ids.ts';
import { formatRoute, parentOf, parseRoute, type Route } from './view-state.ts';

const document = 'a'.repeat(64) as DocumentId;
const draft = `${'b'.repeat(26)}.${'c'.repeat(10)}` as RecordId;
const routes: Route[] = [
  { view: 'shelf' },
  { view: 'document', document, unit: null },
  { view: 'document', document, unit: 'u35' as UnitId },
  { view: 'drafts' },
  { view: 'draft', draft, block: null },
  { view: 'draft', draft, block: draft },
  { view: 'merges' },
  { view: 'merge', merge: draft, tab: 'grid', place: null },
  { view: 'merge', merge: draft, tab: 'board', place: '3' },
  { view: 'merge', merge: draft, tab: 'report', place: 'Côte d’Azur / South' },
  { view: 'exchange' },
  { view: 'settings' },
];

describe('addresses of views', () => {
  it('read back as what they were made from', () => {
    for (const route of routes) expect(parseRoute(formatRoute(route))).toEqual(route);
  });

  it('open the shelf when they name nothing', () => {
    for (const hash of [
      '',
      '#',
      '#/nowhere',
      '#/document/xyz',
      '#/draft/../../etc',
      '#/document',
      '#/merge',
      '#/merge/xyz/board',
    ])
      expect(parseRoute(hash)).toEqual({ view: 'shelf' });
  });

  it('lead back to the shelf in at most two steps', () => {
    for (const route of routes) {
      let at: Route | null = route;
      let steps = 0;
      while (at && at.view !== 'shelf') {
        at = parentOf(at);
        steps += 1;
      }
      expect(steps).toBeLessThanOrEqual(2);
    }
  });
});
