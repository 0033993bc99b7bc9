/** One unit of a document on the page. Drawn again only when its own marks, search hits or standing change. */
import { memo } from 'react';
import type { AnnotationKind } from '../../shared/contract/annotations.ts';
import type { UnitView } from '../../shared/contract/library.ts';
import type { RecordId, UnitId } from '../../shared/ids.ts';
import { useText } from '../app/i18n.tsx';
import { LinkButton } from '../ui/LinkButton.tsx';
import { Pop } from '../ui/Popover.tsx';
import { useReader } from './reader-state.ts';
import { segmentsOf, type FoundRange, type MarkSpan, type Segment } from './segments.ts';

const noMarks: readonly MarkSpan[] = [];
const noFound: readonly FoundRange[] = [];

export interface UnitProps {
  readonly unit: UnitView;
  /** Part of the document's head, before its first heading or paragraph. */
  readonly isHead: boolean;
  /** The highest level of heading in this document. */
  readonly topLevel: number;
  readonly marks: readonly MarkSpan[] | undefined;
  readonly found: readonly FoundRange[] | undefined;
  /** Kinds of annotations on the whole unit. */
  readonly whole: string;
  /** Footnotes by id, for the notes this unit refers to. */
  readonly footnotes: ReadonlyMap<UnitId, UnitView>;
  readonly language: string;
  readonly onCite: (unit: UnitView) => void;
  readonly onMark: (annotation: RecordId) => void;
}

export const Unit = memo(function Unit(props: UnitProps) {
  const { unit, isHead, topLevel, whole, language, onCite } = props;
  const { t } = useText();
  const isCurrent = useReader((state) => state.current === unit.id);
  const label = unit.marker || '';
  // The page's own heading is the first; a document's own begin at the second, whatever level the file gave them.
  const Body = unit.kind === 'heading' ? (`h${Math.min(unit.level - topLevel + 2, 6)}` as 'h2') : 'div';
  return (
    <div
      className="rd-unit"
      id={unit.id}
      data-kind={unit.kind}
      data-level={unit.level}
      data-head={isHead || undefined}
      data-current={isCurrent || undefined}
      data-whole={whole || undefined}
      dir={unit.direction}
      lang={language === 'und' ? undefined : language}
    >
      {label ? (
        <span className="rd-label">
          <LinkButton label={t('reader.cite.label', { label: unit.label || label })} onPress={() => onCite(unit)}>
            {label}
          </LinkButton>
        </span>
      ) : null}
      <Body className="rd-text" data-unit-text={unit.id}>
        <UnitText {...props} />
      </Body>
    </div>
  );
});

function UnitText({ unit, marks = noMarks, found = noFound, footnotes, onMark }: UnitProps) {
  // Only the units that hold the annotation under the pointer are drawn again when it moves.
  const lit = useReader((state) => {
    const id = state.hovered ?? state.focused;
    return id !== null && marks.some((mark) => mark.annotation === id) ? id : null;
  });
  return segmentsOf(unit, marks, found).map((segment) => (
    <Run key={segment.start} segment={segment} lit={lit} footnotes={footnotes} onMark={onMark} />
  ));
}

function Run({
  segment,
  lit,
  footnotes,
  onMark,
}: {
  readonly segment: Segment;
  readonly lit: RecordId | null;
  readonly footnotes: ReadonlyMap<UnitId, UnitView>;
  readonly onMark: (annotation: RecordId) => void;
}) {
  const notes = segment.notes.map((note) => <NoteReference key={note} note={footnotes.get(note)} />);
  if (segment.text === '') return notes;
  const { marks } = segment;
  const top = marks.at(-1);
  let inside = <>{segment.text}</>;
  if (segment.found !== 'no')
    inside = (
      <mark className="rd-found" data-current={segment.found === 'current' || undefined}>
        {inside}
      </mark>
    );
  if (segment.italic) inside = <i>{inside}</i>;
  if (segment.bold) inside = <b>{inside}</b>;
  if (segment.underline) inside = <u>{inside}</u>;
  if (!top)
    return (
      <>
        {notes}
        {inside}
      </>
    );
  const kinds = [...new Set(marks.map((mark): AnnotationKind => mark.kind))];
  return (
    <>
      {notes}
      <mark
        className="rd-mark"
        data-kind={top.kind}
        data-kinds={kinds.join(' ')}
        data-depth={Math.min(marks.length, 3)}
        data-resolved={marks.every((mark) => mark.resolved) || undefined}
        data-lit={marks.some((mark) => mark.annotation === lit) || undefined}
        onClick={() => onMark(top.annotation)}
        onPointerEnter={() => useReader.setState({ hovered: top.annotation })}
        onPointerLeave={() => useReader.setState({ hovered: null })}
      >
        {inside}
      </mark>
    </>
  );
}

/** The number of a footnote, with its text on demand. It stands outside the unit's own text. */
function NoteReference({ note }: { readonly note: UnitView | undefined }) {
  const { t } = useText();
  if (!note) return null;
  const number = note.marker || note.label.replace(/^note /, '');
  return (
    <sup data-aside className="rd-note-reference">
      <Pop
        label={t('reader.footnote', { number })}
        trigger={
          <LinkButton label={t('reader.footnote', { number })} onPress={() => undefined}>
            {number}
          </LinkButton>
        }
      >
        <p className="rd-note" dir={note.direction}>
          {note.text}
        </p>
      </Pop>
    </sup>
  );
}
