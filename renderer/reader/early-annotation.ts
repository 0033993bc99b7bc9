/** What an annotation looks like before the services have made it. */
import type { AnnotationKind, AnnotationView } from '../../shared/contract/annotations.ts';
import type { UnitView } from '../../shared/contract/library.ts';
import type { CircleId, DocumentId, RecordId } from '../../shared/ids.ts';
import type { TextSelection } from './selection.ts';

let count = 0;

export function earlyAnnotation(options: {
  readonly document: DocumentId;
  readonly unit: UnitView;
  readonly selection: TextSelection | null;
  readonly kind: AnnotationKind;
}): AnnotationView {
  const { document, unit, selection, kind } = options;
  count += 1;
  const start = selection?.from.offset ?? 0;
  const end = selection?.to.unit === unit.id ? selection.to.offset : unit.text.length;
  return {
    id: `early.${count}` as RecordId,
    circle: '' as CircleId,
    circleName: '',
    document,
    author: { person: null, name: '', delegation: '', confirmed: true, me: true },
    at: new Date().toISOString(),
    edited: false,
    kind,
    body: '',
    tags: [],
    actionLines: [],
    sdgs: [],
    resolved: false,
    removed: false,
    removalContested: false,
    anchor: {
      document,
      importer: { name: '', version: 0 },
      normalForm: 0,
      label: unit.label,
      ordinal: 0,
      whole: selection === null,
      quote: unit.text.slice(start, end),
      prefix: '',
      suffix: '',
      start,
    },
    placement: {
      class: 'exact',
      unit: unit.id,
      whole: selection === null,
      spans: [{ unit: unit.id, start, end }],
      offered: [],
    },
    place: unit.label,
    replies: [],
    conflicts: [],
    heads: {},
    allHeads: [],
    mayEdit: true,
  };
}
