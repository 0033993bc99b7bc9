/** The text of a document as it stands on paper: its head, headings, paragraphs with their labels, footnotes. */
import { memo, useMemo, type Ref } from 'react';
import type { AnnotationView } from '../../shared/contract/annotations.ts';
import type { DocumentView, UnitView } from '../../shared/contract/library.ts';
import type { RecordId, UnitId } from '../../shared/ids.ts';
import { useReader } from './reader-state.ts';
import type { FoundRange } from './segments.ts';
import { Unit } from './Unit.tsx';
import { marksByUnit } from './use-annotations.ts';

export const ReaderText = memo(function ReaderText({
  view: { summary, units },
  annotations,
  found,
  onCite,
  onMark,
  ref,
}: {
  readonly view: DocumentView;
  readonly annotations: readonly AnnotationView[];
  readonly found: ReadonlyMap<UnitId, FoundRange[]>;
  readonly onCite: (unit: UnitView) => void;
  readonly onMark: (annotation: RecordId) => void;
  readonly ref: Ref<HTMLElement>;
}) {
  const marks = useMemo(() => marksByUnit(annotations), [annotations]);
  const wholes = useMemo(() => {
    const kinds = new Map<UnitId, string>();
    for (const { placement, kind } of annotations)
      if (placement.whole && placement.unit) kinds.set(placement.unit, kind);
    return kinds;
  }, [annotations]);
  const footnotes = useMemo(
    () => new Map(units.filter((unit) => unit.kind === 'footnote').map((unit) => [unit.id, unit])),
    [units],
  );
  // What stands before the first heading or paragraph (symbol, session, agenda item) is set as a document's head.
  const body = useMemo(
    () =>
      Math.max(
        0,
        units.findIndex((unit) => unit.kind !== 'text' && unit.kind !== 'footnote'),
      ),
    [units],
  );
  const topLevel = useMemo(
    () => Math.min(...units.filter((unit) => unit.kind === 'heading').map((unit) => unit.level), 6),
    [units],
  );
  return (
    <article
      className="rd-page"
      ref={ref}
      dir={summary.direction}
      lang={summary.language === 'und' ? undefined : summary.language}
      aria-label={summary.title || summary.fileName}
      onClick={(event) => {
        const unit = (event.target as Element).closest?.('.rd-unit');
        if (unit && document.getSelection()?.isCollapsed) useReader.setState({ current: unit.id as UnitId });
      }}
    >
      {units.map((unit, index) => (
        <Unit
          key={unit.id}
          unit={unit}
          isHead={index < body}
          topLevel={topLevel}
          marks={marks.get(unit.id)}
          found={found.get(unit.id)}
          whole={wholes.get(unit.id) ?? ''}
          footnotes={footnotes}
          language={summary.language}
          onCite={onCite}
          onMark={onMark}
        />
      ))}
    </article>
  );
});
