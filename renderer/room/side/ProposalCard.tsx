/** A proposal from the floor: whose, its words, who is for and against. */
import type { ProposalView } from '../../../shared/contract/room/log.ts';
import type { RecordId } from '../../../shared/ids.ts';
import { proposalStanding } from '../../../shared/room/standings.ts';
import { useText } from '../../app/i18n.tsx';
import { Button } from '../../ui/Button.tsx';
import { Chip } from '../../ui/Surface.tsx';
import { useDone } from '../done.ts';
import type { SessionData } from '../session-data.ts';
import { proposalChange } from './proposal-changes.ts';

export function ProposalCard({
  proposal,
  data,
  onEdit,
}: {
  readonly proposal: ProposalView;
  readonly data: SessionData;
  readonly onEdit: (proposal: RecordId) => void;
}) {
  const { t } = useText();
  const done = useDone(data);
  const withdrawn = proposalStanding(proposal, data.view.proposals, data.interventions).withdrawn;
  const confirm = (): void => {
    const { changes, undo } = proposalChange(proposal, { confirmed: true });
    void done(t('room.floor.confirmed'), changes, undo);
  };
  return (
    <div className="room-proposal" data-withdrawn={withdrawn || undefined}>
      <p>
        <b>{useProposer(proposal)}</b> <mark dir="auto">{proposal.text}</mark>
      </p>
      {proposal.versions.length > 0 ? <p data-tone="warn">{t('room.floor.versions')}</p> : null}
      <div className="room-chips">
        <Standing proposal={proposal} data={data} />
        {withdrawn ? <Chip tone="warn">{t('room.floor.withdrawn')}</Chip> : null}
        {proposal.confirmed ? (
          <Chip tone="good">{t('room.floor.confirmed')}</Chip>
        ) : (
          <Chip onPress={confirm} label={t('room.floor.confirm')}>
            {t('room.floor.toConfirm')}
          </Chip>
        )}
        <Button size="small" onPress={() => onEdit(proposal.id)}>
          {t('room.floor.change')}
        </Button>
      </div>
    </div>
  );
}

/** `XB for GROUP-G, MOD` */
export function useProposer({ by, behalf, kind }: ProposalView): string {
  const { t, list } = useText();
  return `${by}${behalf.length > 0 ? ` ${t('room.capacity.for', { groups: list([...behalf]) })}` : ''}, ${kind}`;
}

export function Standing({ proposal, data }: { readonly proposal: ProposalView; readonly data: SessionData }) {
  const { t } = useText();
  const { supporters, opponents, reserving } = proposalStanding(proposal, data.view.proposals, data.interventions);
  return (
    <>
      {supporters.length > 0 ? <Chip>{t('room.floor.for', { who: supporters.join(' ') })}</Chip> : null}
      {opponents.length > 0 ? <Chip>{t('room.floor.against', { who: opponents.join(' ') })}</Chip> : null}
      {reserving.length > 0 ? <Chip>{t('room.floor.reserving', { who: reserving.join(' ') })}</Chip> : null}
    </>
  );
}
