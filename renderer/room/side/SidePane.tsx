/** Beside the log: who has the floor and who waits, where they stand, the text, what is open, what was promised. */
import { memo, useMemo } from 'react';
import type { UnitView } from '../../../shared/contract/library.ts';
import type { RecordId } from '../../../shared/ids.ts';
import type { DiscussedPlace } from '../../../shared/room/places.ts';
import { openMatters, promisesIn, proposalsAt, standingsAt, type OpenMatter } from '../../../shared/room/standings.ts';
import { speakingTimes } from '../../../shared/room/timing.ts';
import { useText } from '../../app/i18n.tsx';
import { LinkButton } from '../../ui/LinkButton.tsx';
import { Chip } from '../../ui/Surface.tsx';
import type { SessionData } from '../session-data.ts';
import { minutesAndSeconds, positionIcon, usePlaceName } from '../words.tsx';
import { PlaceMark } from './PlaceMark.tsx';
import { ProposalCard } from './ProposalCard.tsx';
import { ProposalEditor } from './ProposalEditor.tsx';

export interface SidePaneProps {
  readonly data: SessionData;
  readonly place: DiscussedPlace;
  readonly units: readonly UnitView[];
  /** The proposal that is worked on, wherever it stands. */
  readonly editing: RecordId | null;
  readonly marking: boolean;
  readonly onEdit: (proposal: RecordId | null) => void;
  readonly onMark: (marking: boolean) => void;
}

export const SidePane = memo(function SidePane(props: SidePaneProps) {
  const { data, editing, onEdit } = props;
  const { view } = data;
  const edited = view.proposals.find(({ id, removed }) => id === editing && !removed);
  return (
    <>
      <Queue data={data} />
      {edited ? <ProposalEditor key={edited.id} proposal={edited} data={data} onClose={() => onEdit(null)} /> : null}
      <Text {...props} />
      <Standings data={data} place={props.place} />
      <Open data={data} onEdit={onEdit} />
      <Promises data={data} />
      <Times data={data} />
    </>
  );
});

function Queue({ data }: { readonly data: SessionData }) {
  const { t } = useText();
  const { queue } = data.view.head;
  return (
    <section>
      <h2>{t('room.queue')}</h2>
      {queue.length === 0 ? <p className="room-quiet">{t('room.queue.empty')}</p> : null}
      <div className="room-chips">
        {queue.map((id) => (
          <Chip key={id}>{id}</Chip>
        ))}
      </div>
    </section>
  );
}

function Text({ data, place, units, editing, marking, onEdit, onMark }: SidePaneProps) {
  const { t } = useText();
  const { view, interventions } = data;
  const placeName = usePlaceName(view.head);
  const unit = place.label === '' ? undefined : units.find(({ label }) => label === place.label);
  const proposals = useMemo(
    () => proposalsAt(view.proposals, place, interventions),
    [view.proposals, place, interventions],
  );
  return (
    <section>
      <h2>{place.label === '' && place.item === null ? t('room.text') : placeName(place)}</h2>
      {unit ? (
        <p className="room-text" dir={unit.direction} lang={view.head.texts[0]?.language}>
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
      <PlaceMark data={data} place={place} isOpen={marking} onOpen={onMark} />
      {proposals.length > 0 ? <h3>{t('room.floor')}</h3> : null}
      {proposals
        .filter(({ id }) => id !== editing)
        .map((proposal) => (
          <ProposalCard key={proposal.id} proposal={proposal} data={data} onEdit={onEdit} />
        ))}
    </section>
  );
}

const stances = ['support', 'oppose', 'amend', 'reserve', 'question'] as const;

function Standings({ data, place }: { readonly data: SessionData; readonly place: DiscussedPlace }) {
  const { t } = useText();
  const placeName = usePlaceName(data.view.head);
  const standings = useMemo(() => standingsAt(data.interventions, place), [data.interventions, place]);
  return (
    <section>
      <h2>{t('room.stand', { place: placeName(place) })}</h2>
      {standings.length === 0 ? <p className="room-quiet">{t('room.stand.none')}</p> : null}
      {stances.map((position) => {
        const who = standings.filter((each) => each.position === position);
        return who.length === 0 ? null : (
          <p key={position} className="room-stand" data-position={position}>
            {positionIcon(position)} <span className="visually-hidden">{t(`room.position.${position}`)}: </span>
            {who.map((each) => (each.disputed ? `${each.who} (?)` : each.who)).join(' ')}
          </p>
        );
      })}
    </section>
  );
}

/** More than anybody reads beside a log; the actions among the outputs have all. */
const mostOpen = 60;

function Open({ data, onEdit }: { readonly data: SessionData; readonly onEdit: (proposal: RecordId) => void }) {
  const { t } = useText();
  const { view, interventions } = data;
  const placeName = usePlaceName(view.head);
  const open = useMemo(
    () => openMatters(interventions, view.proposals, view.marks).filter(({ kind }) => kind !== 'to-check'),
    [interventions, view.proposals, view.marks],
  );
  const words = ({ kind, place, who, until }: OpenMatter): string =>
    t(`room.open.${kind}`, { place: placeName(place), who: who || 'none', until: until || 'none' });
  return (
    <section>
      <h2>{t('room.open.title')}</h2>
      {open.length === 0 ? <p className="room-quiet">{t('room.open.none')}</p> : null}
      <ul>
        {open.slice(0, mostOpen).map((each) => (
          <li key={`${each.kind} ${each.record ?? placeName(each.place)}`}>
            {each.kind === 'wording' && each.record !== null ? (
              <LinkButton label={words(each)} onPress={() => onEdit(each.record!)}>
                {words(each)}
              </LinkButton>
            ) : (
              words(each)
            )}
          </li>
        ))}
        {open.length > mostOpen ? <li>{t('room.open.more', { count: open.length - mostOpen })}</li> : null}
      </ul>
    </section>
  );
}

function Promises({ data }: { readonly data: SessionData }) {
  const { t } = useText();
  const promised = useMemo(() => promisesIn(data.interventions), [data.interventions]);
  return (
    <section>
      <h2>{t('room.promises')}</h2>
      {promised.length === 0 ? <p className="room-quiet">{t('room.promises.none')}</p> : null}
      <ul>
        {promised.slice(-mostOpen).map(({ who, what, until, intervention }) => (
          <li key={intervention.lead.id} dir="auto">
            {who}: {[what, until].filter(Boolean).join(', ')}
          </li>
        ))}
      </ul>
    </section>
  );
}

function Times({ data }: { readonly data: SessionData }) {
  const { t } = useText();
  const { directory, interventions, view } = data;
  const times = useMemo(() => speakingTimes(interventions), [interventions]);
  return (
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
  );
}
