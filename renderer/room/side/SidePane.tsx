/** Beside the log: who has the floor and who waits, where they stand, the text, what is open, what was promised. */
import { memo, useMemo } from 'react';
import type { UnitView } from '../../../shared/contract/library.ts';
import type { MarkView, ProposalView } from '../../../shared/contract/room/log.ts';
import type { SessionHead } from '../../../shared/contract/room/session.ts';
import type { Directory } from '../../../shared/delegations/directory.ts';
import type { UnLanguage } from '../../../shared/i18n/messages.ts';
import type { RecordId } from '../../../shared/ids.ts';
import { placeKey, type DiscussedPlace } from '../../../shared/room/places.ts';
import { openMatters, promisesIn, proposalsAt, standingsAt, type OpenMatter } from '../../../shared/room/standings.ts';
import type { Intervention } from '../../../shared/room/session-time.ts';
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
  const { view, interventions, directory } = data;
  const edited = view.proposals.find(({ id, removed }) => id === editing && !removed);
  return (
    <>
      <Queue queue={view.head.queue} />
      {edited ? <ProposalEditor key={edited.id} proposal={edited} data={data} onClose={() => onEdit(null)} /> : null}
      <Text {...props} />
      <Standings head={view.head} interventions={interventions} place={props.place} />
      <Open
        head={view.head}
        interventions={interventions}
        proposals={view.proposals}
        marks={view.marks}
        onEdit={onEdit}
      />
      <Promises interventions={interventions} />
      <Times interventions={interventions} directory={directory} language={view.head.summary.language} />
    </>
  );
});

// Each is drawn anew where what it shows changed, and not at every line or every paragraph that is typed.

const Queue = memo(function Queue({ queue }: { readonly queue: readonly string[] }) {
  const { t } = useText();
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
});

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

const Standings = memo(function Standings({
  head,
  interventions,
  place,
}: {
  readonly head: SessionHead;
  readonly interventions: readonly Intervention[];
  readonly place: DiscussedPlace;
}) {
  const { t } = useText();
  const placeName = usePlaceName(head);
  const standings = standingsAt(interventions, place);
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
});

/** More than anybody reads beside a log; the actions among the outputs have all. */
const mostOpen = 60;

const Open = memo(function Open({
  head,
  interventions,
  proposals,
  marks,
  onEdit,
}: {
  readonly head: SessionHead;
  readonly interventions: readonly Intervention[];
  readonly proposals: readonly ProposalView[];
  readonly marks: readonly MarkView[];
  readonly onEdit: (proposal: RecordId) => void;
}) {
  const { t } = useText();
  const placeName = usePlaceName(head);
  const open = useMemo(
    () => openMatters(interventions, proposals, marks).filter(({ kind }) => kind !== 'to-check'),
    [interventions, proposals, marks],
  );
  return (
    <section>
      <h2>{t('room.open.title')}</h2>
      {open.length === 0 ? <p className="room-quiet">{t('room.open.none')}</p> : null}
      <ul>
        {open.slice(0, mostOpen).map(({ kind, place, who, until, record }) => (
          <OpenRow
            key={`${kind} ${record ?? placeKey(place)}`}
            kind={kind}
            where={placeName(place)}
            who={who}
            until={until}
            record={record}
            onEdit={onEdit}
          />
        ))}
        {open.length > mostOpen ? <li>{t('room.open.more', { count: open.length - mostOpen })}</li> : null}
      </ul>
    </section>
  );
});

const OpenRow = memo(function OpenRow({
  kind,
  where,
  who,
  until,
  record,
  onEdit,
}: Omit<OpenMatter, 'place'> & { readonly where: string; readonly onEdit: (proposal: RecordId) => void }) {
  const { t } = useText();
  const words = t(`room.open.${kind}`, { place: where, who: who || 'none', until: until || 'none' });
  return (
    <li>
      {kind === 'wording' && record !== null ? (
        <LinkButton label={words} onPress={() => onEdit(record)}>
          {words}
        </LinkButton>
      ) : (
        words
      )}
    </li>
  );
});

const Promises = memo(function Promises({ interventions }: { readonly interventions: readonly Intervention[] }) {
  const { t } = useText();
  const promised = useMemo(() => promisesIn(interventions), [interventions]);
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
});

const Times = memo(function Times({
  interventions,
  directory,
  language,
}: {
  readonly interventions: readonly Intervention[];
  readonly directory: Directory;
  readonly language: UnLanguage;
}) {
  const { t } = useText();
  const times = useMemo(() => speakingTimes(interventions), [interventions]);
  return (
    <section>
      <h2>{t('room.times')}</h2>
      <ul>
        {[...times.delegations.slice(0, 8), ...times.groups].map(({ who, ms, interventions: count }) => (
          <li key={who}>
            {t('room.times.row', {
              who: directory.nameOf(who, language),
              time: minutesAndSeconds(ms),
              count,
            })}
          </li>
        ))}
      </ul>
    </section>
  );
});
