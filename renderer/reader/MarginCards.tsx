/**
 * The margin beside the text. Cards stand at the height of their paragraphs and move with the text; only those near the
 * view are drawn. Many on one paragraph stack into a count. As a list, all of them stand one after the other.
 */
import { AlignVerticalJustifyStart, List } from 'lucide-react';
import { useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState, type RefObject } from 'react';
import type { AnnotationView } from '../../shared/contract/annotations.ts';
import type { CircleView } from '../../shared/contract/circles.ts';
import type { UnitId } from '../../shared/ids.ts';
import { useText } from '../app/i18n.tsx';
import { MarginPane } from '../app/panes.tsx';
import { Button, IconButton } from '../ui/Button.tsx';
import { VirtualList } from '../ui/VirtualList.tsx';
import type { AnnotationActions } from './annotation-actions.ts';
import { AnnotationCard } from './AnnotationCard.tsx';
import { layoutCards, type CardBox } from './card-layout.ts';
import { useReader } from './reader-state.ts';
import { annotationsByUnit, cardKey, isSameAnnotation } from './use-annotations.ts';

const gap = 8;
/** More cards than this on one paragraph stack into a count. */
const stackFrom = 3;
/** Height of a card that has not been measured yet, pixels. */
const guessedHeight = 64;

interface Props {
  readonly annotations: readonly AnnotationView[];
  readonly total: number;
  readonly actions: AnnotationActions;
  readonly circles: readonly CircleView[];
  readonly scroller: RefObject<HTMLDivElement | null>;
}

export function MarginCards(props: Props) {
  const { t } = useText();
  const margin = useReader((state) => state.margin);
  const lost = props.annotations.filter((annotation) => annotation.placement.unit === null).length;
  const toggle = (): void => useReader.setState({ margin: margin === 'list' ? 'beside' : 'list' });
  return (
    <MarginPane label={t('reader.margin')}>
      <div className="rd-margin">
        <div className="rd-margin-head">
          <span>
            {props.annotations.length === props.total
              ? t('reader.count', { count: props.total })
              : t('reader.count.filtered', { shown: props.annotations.length, count: props.total })}
          </span>
          <IconButton
            icon={margin === 'list' ? AlignVerticalJustifyStart : List}
            label={t(margin === 'list' ? 'reader.margin.beside' : 'reader.margin.list')}
            size="small"
            tipPlacement="bottom"
            onPress={toggle}
          />
        </div>
        {lost > 0 && margin === 'beside' ? (
          <Button size="small" className="rd-lost" onPress={toggle}>
            {t('reader.lost', { count: lost })}
          </Button>
        ) : null}
        {props.total === 0 ? (
          <p className="rd-margin-empty">{t('reader.empty')}</p>
        ) : margin === 'list' ? (
          <VirtualList
            label={t('reader.margin')}
            items={props.annotations}
            keyOf={cardKey}
            estimate={76}
            className="rd-all"
            render={(annotation) => (
              <AnnotationCard annotation={annotation} actions={props.actions} circles={props.circles} />
            )}
          />
        ) : (
          <Beside {...props} />
        )}
      </div>
    </MarginPane>
  );
}

/** The scroll position and height of the text, and a count that rises when its layout changed. */
function useViewport(scroller: RefObject<HTMLDivElement | null>): { top: number; height: number; layout: number } {
  const [view, setView] = useState({ top: 0, height: 800, layout: 0 });
  useEffect(() => {
    const pane = scroller.current;
    if (!pane) return undefined;
    let frame = 0;
    const read = (layoutChanged: boolean): void => {
      cancelAnimationFrame(frame);
      frame = requestAnimationFrame(() =>
        setView((before) => ({
          top: pane.scrollTop,
          height: pane.clientHeight,
          layout: before.layout + (layoutChanged ? 1 : 0),
        })),
      );
    };
    const onScroll = (): void => read(false);
    pane.addEventListener('scroll', onScroll, { passive: true });
    const observer = new ResizeObserver(() => read(true));
    observer.observe(pane);
    if (pane.firstElementChild) observer.observe(pane.firstElementChild);
    read(true);
    return () => {
      cancelAnimationFrame(frame);
      observer.disconnect();
      pane.removeEventListener('scroll', onScroll);
    };
  }, [scroller]);
  return view;
}

function Beside({ annotations, actions, circles, scroller }: Props) {
  const { t } = useText();
  const view = useViewport(scroller);
  const focused = useReader((state) => state.focused);
  const editing = useReader((state) => state.editing);
  const [opened, setOpened] = useState<UnitId | null>(null);
  const [heights, setHeights] = useState<ReadonlyMap<string, number>>(new Map());
  const column = useRef<HTMLDivElement>(null);
  const groups = useMemo(() => annotationsByUnit(annotations), [annotations]);

  // Offsets are read once per layout, not per scroll step.
  const tops = useMemo(() => {
    const found = new Map<UnitId, number>();
    for (const unit of groups.keys()) {
      const element = unit === null ? null : document.getElementById(unit);
      if (unit !== null && element) found.set(unit, element.offsetTop);
    }
    return found;
  }, [groups, view.layout]);

  // The card that is written in is drawn wherever it stands: its words and its caret are nowhere else.
  const written = annotations.find((one) => isSameAnnotation(editing, one.id)) ?? null;
  const near = [...tops]
    .filter(
      ([unit, top]) =>
        (top > view.top - view.height && top < view.top + 2 * view.height) || unit === written?.placement.unit,
    )
    .sort((a, b) => a[1] - b[1]);
  const drawn = near.flatMap(([unit, top]) => {
    const group = groups.get(unit) ?? [];
    const isStacked = group.length > stackFrom && opened !== unit;
    const shown = isStacked
      ? group.filter((one, index) => index < stackFrom - 1 || isSameAnnotation(focused, one.id) || one === written)
      : group;
    return [
      ...shown.map((annotation) => ({ id: annotation.id as string, annotation, unit, top, more: 0 })),
      ...(shown.length < group.length
        ? [{ id: `more ${unit}`, annotation: null, unit, top, more: group.length - shown.length }]
        : []),
    ];
  });
  const boxes: CardBox[] = drawn.map(({ id, top }) => ({ id, wanted: top, height: heights.get(id) ?? guessedHeight }));
  const places = layoutCards(boxes, focused, gap);

  useLayoutEffect(() => {
    const next = new Map<string, number>();
    for (const element of column.current?.children ?? [])
      if (element instanceof HTMLElement && element.dataset['box'])
        next.set(element.dataset['box'], element.offsetHeight);
    const isSame = next.size === heights.size && [...next].every(([id, height]) => heights.get(id) === height);
    if (!isSame) setHeights(next);
  });

  useKeptInSight(scroller, written === null ? undefined : places.get(written.id), view.layout);

  const onWheel = useCallback(
    (event: React.WheelEvent) => scroller.current?.scrollBy({ top: event.deltaY, left: 0 }),
    [scroller],
  );
  return (
    <div className="rd-beside" onWheel={onWheel}>
      <div ref={column} className="rd-column" style={{ transform: `translateY(${-view.top}px)` }}>
        {drawn.map(({ id, annotation, unit, more }) => (
          <div
            key={annotation ? cardKey(annotation) : id}
            data-box={id}
            className="rd-box"
            style={{ transform: `translateY(${places.get(id) ?? 0}px)` }}
          >
            {annotation ? (
              <AnnotationCard annotation={annotation} actions={actions} circles={circles} />
            ) : (
              <Button size="small" onPress={() => setOpened(unit)}>
                {t('reader.stack', { count: more })}
              </Button>
            )}
          </div>
        ))}
      </div>
    </div>
  );
}

const handed = ['wheel', 'pointerdown', 'keydown'] as const;

/**
 * Where the window gets another size the text is set anew: it is moved so far that the card one writes in is seen, until
 * the person moves something, as paragraphs out of sight find their heights only little by little.
 */
function useKeptInSight(scroller: RefObject<HTMLDivElement | null>, top: number | undefined, layout: number): void {
  const size = useRef('');
  const isSettling = useRef(false);
  useEffect(() => {
    const settled = (): void => {
      isSettling.current = false;
    };
    for (const event of handed) window.addEventListener(event, settled, { capture: true, passive: true });
    return () => {
      for (const event of handed) window.removeEventListener(event, settled, { capture: true });
    };
  }, []);
  useEffect(() => {
    const pane = scroller.current;
    if (!pane) return;
    const now = `${pane.clientWidth} ${pane.clientHeight}`;
    if (size.current !== '' && size.current !== now) isSettling.current = true;
    size.current = now;
    if (!isSettling.current || top === undefined) return;
    const isSeen = top >= pane.scrollTop && top < pane.scrollTop + pane.clientHeight / 2;
    if (!isSeen) pane.scrollTo({ top: top - gap, behavior: 'instant' });
  }, [scroller, top, layout]);
}
