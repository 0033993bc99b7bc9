/** Beside the log: who has the floor and who waits, where they stand, the text, what is open, what was promised. */
import { memo, useEffect, useMemo, useState } from 'react';
import type { ProposalView } from '../../shared/contract/room.ts';
import type { UnitView } from '../../shared/contract/library.ts';
import {
  openMatters,
  promisesIn,
  proposalStanding,
  standingsAt,
  type DiscussedPlace,
  type OpenMatter,
} from '../../shared/room/standings.ts';
import { limitFor, nextTickMs, readTimer, speakingTimes } from '../../shared/room/timing.ts';
import { useText } from '../app/i18n.tsx';
import { useStatusNote } from '../app/status-notes.ts';
import { toastError } from '../app/toasts.ts';
import { Button } from '../ui/Button.tsx';
import { Chip } from '../ui/Surface.tsx';
import type { SessionData } from './session-data.ts';
import { minutesAndSeconds, positionIcon, usePlaceName } from './words.tsx';

export interface Floor {
  readonly who: string;
  readonly startedAt: number;
  readonly capacity: 'national' | 'group' | 'observer' | 'chair' | 'secretariat';
}

/** One timer for the next second, and none while nobody sees it. */
function useNow(startedAt: number | null): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    if (startedAt === null) return undefined;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const tick = (): void => {
      clearTimeout(timer);
      setNow(Date.now());
      if (document.visibilityState === 'hidden') return;
      timer = setTimeout(tick, nextTickMs({ startedAt, limitSeconds: null }, Date.now()));
    };
    tick();
    document.addEventListener('visibilitychange', tick);
    return () => {
      clearTimeout(timer);
      document.removeEventListener('visibilitychange', tick);
    };
  }, [startedAt]);
  return now;
}

export function FloorTimer({
  floor,
  limits,
  onStop,
}: {
  readonly floor: Floor | null;
  readonly limits: Readonly<Record<string, number>>;
  readonly onStop: () => void;
}) {
  const { t } = useText();
  const now = useNow(floor?.startedAt ?? null);
  const limitSeconds = floor === null ? null : limitFor(floor.capacity, limits);
  const reading = floor === null ? null : readTimer({ startedAt: floor.startedAt, limitSeconds }, now);
  const time = reading === null ? '' : minutesAndSeconds(reading.elapsedMs);
  useStatusNote(
    floor === null || reading === null
      ? null
      : {
          id: 'room.timer',
          text: t(reading.state === 'over' ? 'room.timer.over' : 'room.timer.status', { who: floor.who, time }),
          tone: reading.state === 'over' ? 'bad' : reading.state === 'ending' ? 'warn' : 'neutral',
        },
  );
  if (floor === null || reading === null) return <p className="room-quiet">{t('room.speaking.nobody')}</p>;
  return (
    <div className="room-timer" data-state={reading.state}>
      <h2>
        {t('room.speaking', { who: floor.who })}
        {limitSeconds === null ? '' : ` ${t('room.speaking.limit', { limit: minutesAndSeconds(limitSeconds * 1000) })}`}
      </h2>
      <span className="room-clock" role="timer" aria-live="off">
        {time}
      </span>
      <Button size="small" variant="quiet" onPress={onStop}>
        {t('room.speaking.stop')}
      </Button>
    </div>
  );
}

/** What stands here is derived from the whole log: only what changed is derived again. */
export const SidePane = memo(function SidePane({
  data,
  floor,
  place,
  units,
  onStopFloor,
}: {
  readonly data: SessionData;
  readonly floor: Floor | null;
  readonly place: DiscussedPlace;
  readonly units: readonly UnitView[];
  readonly onStopFloor: () => void;
}) {
  const { t } = useText();
  const { view, interventions, directory } = data;
  const placeName = usePlaceName(view.head.agenda);
  const standings = useMemo(() => standingsAt(interventions, place), [interventions, place]);
  const open = useMemo(
    () => openMatters(interventions, view.proposals, view.marks).filter(({ kind }) => kind !== 'to-check'),
    [interventions, view.proposals, view.marks],
  );
  const promised = useMemo(() => promisesIn(interventions), [interventions]);
  const unit = place.label === '' ? undefined : units.find(({ label }) => label === place.label);
  const proposals = view.proposals.filter((each) => !each.removed && each.label !== '' && each.label === place.label);
  const times = useMemo(() => speakingTimes(interventions), [interventions]);
  const matter = ({ kind, place: at, who, until }: OpenMatter): string =>
    t(`room.open.${kind}`, { place: placeName(at), who: who || 'none', until: until || 'none' });
  return (
    <div className="room-side">
      <FloorTimer floor={floor} limits={view.head.limits} onStop={onStopFloor} />
      <section>
        <h2>{t('room.queue')}</h2>
        {view.head.queue.length === 0 ? (
          <p className="room-quiet">{t('room.queue.empty')}</p>
        ) : (
          <div className="room-chips">
            {view.head.queue.map((id) => (
              <Chip key={id}>{id}</Chip>
            ))}
          </div>
        )}
      </section>
      <section>
        <h2>{place.label === '' ? t('room.text') : placeName(place)}</h2>
        {unit ? (
          <p className="room-text" dir={unit.direction}>
            {unit.text}
          </p>
        ) : (
          <p className="room-quiet">
            {view.head.texts.length === 0
              ? t('room.text.none')
              : place.label === ''
                ? ''
                : t('room.text.noParagraph', { label: place.label })}
          </p>
        )}
        {proposals.length > 0 ? <h3>{t('room.floor')}</h3> : null}
        {proposals.map((proposal) => (
          <Proposal key={proposal.id} proposal={proposal} data={data} />
        ))}
      </section>
      <section>
        <h2>{t('room.stand', { place: placeName(place) })}</h2>
        {standings.length === 0 ? <p className="room-quiet">{t('room.stand.none')}</p> : null}
        {(['support', 'oppose', 'amend', 'reserve', 'question'] as const).map((position) => {
          const who = standings.filter((each) => each.position === position);
          return who.length === 0 ? null : (
            <p key={position} className="room-stand" data-position={position}>
              {positionIcon(position)} <span className="visually-hidden">{t(`room.position.${position}`)}: </span>
              {who.map((each) => (each.disputed ? `${each.who} (?)` : each.who)).join(' ')}
            </p>
          );
        })}
      </section>
      <section>
        <h2>{t('room.open.title')}</h2>
        {open.length === 0 ? <p className="room-quiet">{t('room.open.none')}</p> : null}
        <ul>
          {open.map((each) => (
            <li key={`${each.kind} ${each.record ?? placeName(each.place)}`}>{matter(each)}</li>
          ))}
        </ul>
      </section>
      <section>
        <h2>{t('room.promises')}</h2>
        {promised.length === 0 ? <p className="room-quiet">{t('room.promises.none')}</p> : null}
        <ul>
          {promised.map(({ who, what, until, intervention }) => (
            <li key={intervention.lead.id}>
              {who}: {[what, until].filter(Boolean).join(', ')}
            </li>
          ))}
        </ul>
      </section>
      <section>
        <h2>{t('room.times')}</h2>
        <ul>
          {[...times.delegations.slice(0, 8), ...times.groups].map(({ who, ms, interventions: count }) => (
            <li key={who}>
              {t('room.times.row', {
                who: directory.nameOf(who, view.head.summary.language),
                time: minutesAndSeconds(ms),
                count,
              })}
            </li>
          ))}
        </ul>
      </section>
    </div>
  );
});

function Proposal({ proposal, data }: { readonly proposal: ProposalView; readonly data: SessionData }) {
  const { t, list } = useText();
  const { supporters, opponents, reserving, withdrawn } = proposalStanding(
    proposal,
    data.view.proposals,
    data.interventions,
  );
  const confirm = (): void => {
    data
      .change({
        op: 'changeProposal',
        proposal: proposal.id,
        fields: { confirmed: true },
        heads: { confirmed: proposal.heads['confirmed'] ?? [] },
      })
      .catch(toastError);
  };
  return (
    <div className="room-proposal">
      <p>
        <b>
          {proposal.by}
          {proposal.behalf.length > 0 ? ` ${t('room.capacity.for', { groups: list([...proposal.behalf]) })}` : ''},{' '}
          {proposal.kind}
        </b>{' '}
        <mark dir="auto">{proposal.text}</mark>
      </p>
      <p className="room-chips">
        {supporters.length > 0 ? <Chip>{t('room.floor.for', { who: supporters.join(' ') })}</Chip> : null}
        {opponents.length > 0 ? <Chip>{t('room.floor.against', { who: opponents.join(' ') })}</Chip> : null}
        {reserving.length > 0 ? <Chip>{t('room.floor.reserving', { who: reserving.join(' ') })}</Chip> : null}
        {withdrawn ? <Chip tone="warn">{t('room.floor.withdrawn')}</Chip> : null}
        {proposal.confirmed ? (
          <Chip tone="good">{t('room.floor.confirmed')}</Chip>
        ) : (
          <Chip onPress={confirm} label={t('room.floor.confirm')}>
            {t('room.floor.toConfirm')}
          </Chip>
        )}
      </p>
    </div>
  );
}
