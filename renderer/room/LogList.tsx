/** The log: one row per intervention, newest last, with a line where the discussion moves to another place. */
import { memo, useEffect, useMemo, useRef, useState } from 'react';
import type { EntryView, MarkView } from '../../shared/contract/room/log.ts';
import type { SessionHead } from '../../shared/contract/room/session.ts';
import type { Directory } from '../../shared/delegations/directory.ts';
import { quotesIn } from '../../shared/room/quotes.ts';
import { differencesOf, type Intervention } from '../../shared/room/session-time.ts';
import { speakerKey } from '../../shared/room/timing.ts';
import { useText } from '../app/i18n.tsx';
import { VirtualList } from '../ui/VirtualList.tsx';
import { createLogRows } from './log-rows.ts';
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

export const LogList = memo(function LogList(props: LogListProps) {
  const { interventions, head, marks, directory, unsaved, correcting, onCorrect } = props;
  const { t } = useText();
  const placeName = usePlaceName(head);
  const time = useSessionTime(head.summary.timeZone);
  const markOf = useMemo(
    () => new Map(marks.filter(({ removed }) => !removed).map((mark) => [mark.entry, mark])),
    [marks],
  );
  const marked = useMemo(() => new Set(markOf.keys()), [markOf]);
  const [rowsOf] = useState(createLogRows);
  const rows = useMemo(() => rowsOf(interventions, marked), [rowsOf, interventions, marked]);
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
              intervention={row.intervention}
              mark={markOf.get(row.intervention.lead.id)}
              time={time.full}
              directory={directory}
              language={head.summary.language}
              failed={unsaved.get(row.intervention.lead.id)}
              isCorrected={correcting === row.intervention.lead.id}
              onCorrect={onCorrect}
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
    let top = scroller.scrollTop;
    const note = (): void => {
      const isThere = scroller.scrollTop + scroller.clientHeight >= scroller.scrollHeight - 4;
      // Rows that turn out taller than they were guessed leave the end behind; only a way up is one that was meant.
      if (isThere || scroller.scrollTop < top) atEnd = isThere;
      top = scroller.scrollTop;
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

/** Drawn anew only where something of this one changed: forty stand in sight when a line is logged. */
const Said = memo(function Said({
  intervention,
  mark,
  time,
  directory,
  language,
  failed,
  isCorrected,
  onCorrect,
}: {
  readonly intervention: Intervention;
  readonly mark: MarkView | undefined;
  readonly time: (ms: number) => string;
  readonly directory: Directory;
  readonly language: SessionHead['summary']['language'];
  /** Undefined once it is saved. */
  readonly failed: boolean | undefined;
  readonly isCorrected: boolean;
  readonly onCorrect: (entry: EntryView) => void;
}) {
  const { t } = useText();
  const { lead, tellings } = intervention;
  const who = speakerKey(lead);
  const differing = differencesOf(tellings).length > 0;
  return (
    <div
      className="room-said"
      data-correcting={isCorrected || undefined}
      data-unsaved={failed === undefined ? undefined : failed ? 'failed' : 'saving'}
      onDoubleClick={() => lead.mayEdit && onCorrect(lead)}
    >
      <time>{time(intervention.time)}</time>
      <b title={directory.nameOf(who, language)} data-unknown={(lead.speaker.id === '' && who !== '') || undefined}>
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
});

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
