/** The log: one row per intervention, newest last, with a line where the discussion moves to another place. */
import { memo, useEffect, useMemo, useRef } from 'react';
import type { EntryView, MarkView, SessionHead } from '../../shared/contract/room.ts';
import type { Directory } from '../../shared/delegations/directory.ts';
import { isMove } from '../../shared/room/output-source.ts';
import { quotesIn } from '../../shared/room/quotes.ts';
import { placeKey, type DiscussedPlace } from '../../shared/room/places.ts';
import { differencesOf, type Intervention } from '../../shared/room/session-time.ts';
import { speakerKey } from '../../shared/room/timing.ts';
import { useText } from '../app/i18n.tsx';
import { VirtualList } from '../ui/VirtualList.tsx';
import { positionIcon, usePlaceName, useSessionTime } from './words.tsx';

export interface LogListProps {
  readonly interventions: readonly Intervention[];
  readonly head: SessionHead;
  readonly marks: readonly MarkView[];
  readonly directory: Directory;
  readonly unsaved: ReadonlyMap<string, boolean>;
  readonly correcting: string | null;
  readonly onCorrect: (entry: EntryView) => void;
}

type Row =
  | { readonly kind: 'place'; readonly key: string; readonly time: number; readonly place: DiscussedPlace }
  | { readonly kind: 'said'; readonly key: string; readonly intervention: Intervention };

function rowsOf(interventions: readonly Intervention[], marked: ReadonlySet<string | null>): Row[] {
  const rows: Row[] = [];
  let last = '';
  for (const intervention of interventions) {
    const { lead, time } = intervention;
    const key = placeKey(lead);
    if (key !== last) rows.push({ kind: 'place', key: `place ${lead.id}`, time, place: lead });
    last = key;
    if (isMove(lead) && !marked.has(lead.id) && intervention.tellings.length === 1) continue;
    rows.push({ kind: 'said', key: lead.id, intervention });
  }
  return rows;
}

export const LogList = memo(function LogList(props: LogListProps) {
  const { interventions, head, marks, correcting } = props;
  const { t } = useText();
  const placeName = usePlaceName(head);
  const time = useSessionTime(head.summary.timeZone);
  const markOf = useMemo(
    () => new Map(marks.filter(({ removed }) => !removed).map((mark) => [mark.entry, mark])),
    [marks],
  );
  const rows = useMemo(() => rowsOf(interventions, new Set(markOf.keys())), [interventions, markOf]);
  const at = correcting === null ? rows.length - 1 : rows.findIndex((row) => row.key === correcting);
  const frame = useRef<HTMLDivElement>(null);
  useStayAtEnd(frame);
  return (
    <div className="room-log-frame" ref={frame}>
      <VirtualList
        label={t('room.log.label')}
        className="room-log"
        items={rows}
        keyOf={(row) => row.key}
        estimate={34}
        scrollTo={at}
        render={(row) =>
          row.kind === 'place' ? (
            <div className="room-place">
              <time>{time.short(row.time)}</time>
              <b>{placeName(row.place)}</b>
            </div>
          ) : (
            <Said
              {...props}
              intervention={row.intervention}
              mark={markOf.get(row.intervention.lead.id)}
              time={time.full}
            />
          )
        }
      />
    </div>
  );
});

/** A window made smaller, a zoom, larger type: whoever saw the newest line still sees it. */
function useStayAtEnd(frame: { readonly current: HTMLDivElement | null }): void {
  useEffect(() => {
    const scroller = frame.current?.firstElementChild;
    if (!scroller) return undefined;
    let atEnd = true;
    const note = (): void => {
      atEnd = scroller.scrollTop + scroller.clientHeight >= scroller.scrollHeight - 4;
    };
    const observer = new ResizeObserver(() => {
      if (atEnd) scroller.scrollTop = scroller.scrollHeight;
    });
    observer.observe(scroller);
    if (scroller.firstElementChild) observer.observe(scroller.firstElementChild);
    scroller.addEventListener('scroll', note, { passive: true });
    return () => {
      observer.disconnect();
      scroller.removeEventListener('scroll', note);
    };
  }, [frame]);
}

function Said({
  intervention,
  mark,
  time,
  directory,
  head,
  unsaved,
  correcting,
  onCorrect,
}: LogListProps & {
  readonly intervention: Intervention;
  readonly mark: MarkView | undefined;
  readonly time: (ms: number) => string;
}) {
  const { t } = useText();
  const { lead, tellings } = intervention;
  const who = speakerKey(lead);
  const failed = unsaved.get(lead.id);
  const differing = differencesOf(tellings).length > 0;
  return (
    <div
      className="room-said"
      data-correcting={correcting === lead.id || undefined}
      data-unsaved={failed === undefined ? undefined : failed ? 'failed' : 'saving'}
      onDoubleClick={() => lead.mayEdit && onCorrect(lead)}
    >
      <time>{time(intervention.time)}</time>
      <b
        title={directory.nameOf(who, head.summary.language)}
        data-unknown={(lead.speaker.id === '' && who !== '') || undefined}
      >
        {who === '' ? t('room.remark') : who}
      </b>
      <i>
        {who === ''
          ? ''
          : lead.behalf.length > 0
            ? t('room.capacity.for', { groups: lead.behalf.join(', ') })
            : t(`room.capacity.${lead.capacity}`)}
      </i>
      <span className="room-position" data-position={lead.position} data-mark={mark?.mark}>
        {mark ? (
          t(`room.mark.${mark.mark}`)
        ) : lead.position === 'statement' ? (
          ''
        ) : (
          <>
            {positionIcon(lead.position)} {t(`room.position.${lead.position}`)}
          </>
        )}
      </span>
      <span className="room-words" dir="auto">
        {lead.towards === '' ? null : <span>{t('room.towards', { who: lead.towards })}; </span>}
        {mark ? <span>{[mark.facilitator, mark.until].filter(Boolean).join(', ')} </span> : null}
        <Words note={lead.note} />
        {lead.promise ? (
          <em>
            {' '}
            {lead.promise.until === ''
              ? t('room.promise', { what: lead.promise.what })
              : t('room.promise.until', lead.promise)}
          </em>
        ) : null}
        {lead.toCheck ? (
          <span className="room-flag" data-tone="warn">
            {t('room.toCheck')}
          </span>
        ) : null}
        {lead.corrected ? <span className="room-flag">{t('room.wasCorrected')}</span> : null}
        {intervention.clockWentBack ? <span className="room-flag">{t('room.clockBack')}</span> : null}
        {tellings.length > 1 ? <span className="room-flag">×{tellings.length}</span> : null}
        {failed === undefined ? null : (
          <span className="room-flag" data-tone={failed ? 'bad' : 'warn'}>
            {failed ? t('room.failed') : t('room.saving')}
          </span>
        )}
        {differing ? (
          <span className="room-told">
            {tellings.map((entry) => (
              <span key={entry.id}>
                {t('room.heardDifferently')} · {entry.takenBy || entry.author.name}:{' '}
                {[speakerKey(entry), entry.label, t(`room.position.${entry.position}`), entry.note]
                  .filter(Boolean)
                  .join(', ')}
              </span>
            ))}
          </span>
        ) : null}
      </span>
    </div>
  );
}

/** Quoted words stand in the face of texts. */
function Words({ note }: { readonly note: string }) {
  const quotes = quotesIn(note);
  if (quotes.length === 0) return note;
  const pieces = [];
  let at = 0;
  for (const { start, end } of quotes) {
    pieces.push(note.slice(at, start), <q key={start}>{note.slice(start, end)}</q>);
    at = end;
  }
  return [...pieces, note.slice(at)];
}
