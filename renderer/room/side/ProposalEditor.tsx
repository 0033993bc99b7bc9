/**
 * Working on a proposal from the floor: its wording and kind, whether that is confirmed or withdrawn, and who is for and
 * against it where a person knows better than the interventions say.
 */
import { useState } from 'react';
import { proposalKinds, type ProposalKind, type ProposalView } from '../../../shared/contract/room/log.ts';
import { delegationsIn } from '../../../shared/room/queue.ts';
import { useText } from '../../app/i18n.tsx';
import { Button } from '../../ui/Button.tsx';
import { Select } from '../../ui/Select.tsx';
import { Chip, Notice } from '../../ui/Surface.tsx';
import { TextField } from '../../ui/TextField.tsx';
import { useDone } from '../done.ts';
import type { SessionData } from '../session-data.ts';
import { usePlaceName } from '../words.tsx';
import { proposalChange, stanceChange, type Undoable } from './proposal-changes.ts';
import { Standing, useProposer } from './ProposalCard.tsx';

interface EditorProps {
  readonly proposal: ProposalView;
  readonly data: SessionData;
  readonly onClose: () => void;
}

export function ProposalEditor({ proposal, data, onClose }: EditorProps) {
  const { t } = useText();
  const done = useDone(data);
  const placeName = usePlaceName(data.view.head);
  const [text, setText] = useState(proposal.text);
  const [kind, setKind] = useState<ProposalKind>(proposal.kind);
  const proposer = useProposer(proposal);
  const name = t('room.floor.of', { who: proposer, place: placeName({ item: null, label: proposal.label }) });
  const keep = (words: string, { changes, undo }: Undoable): void => void done(words, changes, undo);
  const changed = { ...(text === proposal.text ? {} : { text }), ...(kind === proposal.kind ? {} : { kind }) };
  const keepWording = (): void => {
    if (Object.keys(changed).length > 0) keep(t('room.floor.kept'), proposalChange(proposal, changed));
    onClose();
  };
  const confirm = (): void => {
    keep(t('room.floor.confirmed'), proposalChange(proposal, { ...changed, confirmed: true }));
    onClose();
  };
  const withdraw = (): void => {
    const withdrawn = !proposal.withdrawn;
    keep(
      t(withdrawn ? 'room.floor.withdrawn.done' : 'room.floor.standing.done'),
      proposalChange(proposal, { withdrawn }),
    );
    onClose();
  };
  return (
    <section
      className="room-form"
      aria-label={name}
      onKeyDownCapture={(event) => {
        if (event.key === 'Escape') onClose();
        else if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) keepWording();
        else return;
        event.preventDefault();
        event.stopPropagation();
      }}
    >
      <h2>{name}</h2>
      <Versions proposal={proposal} onTake={setText} />
      <TextField label={t('room.floor.wording')} lines={3} value={text} onChange={setText} autoFocus />
      <Select<ProposalKind>
        label={t('room.floor.kind')}
        value={kind}
        onChange={setKind}
        options={proposalKinds.map((id) => ({ id, label: id }))}
      />
      <div className="room-buttons">
        <Button size="small" variant="primary" onPress={keepWording}>
          {t('room.floor.keep')}
        </Button>
        {proposal.confirmed ? null : (
          <Button size="small" onPress={confirm}>
            {t('room.floor.confirm')}
          </Button>
        )}
        <Button size="small" onPress={withdraw}>
          {t(proposal.withdrawn ? 'room.floor.standing' : 'room.floor.withdraw')}
        </Button>
        <Button size="small" variant="quiet" onPress={onClose}>
          {t('app.close')}
        </Button>
      </div>
      <Stances proposal={proposal} data={data} keep={keep} />
    </section>
  );
}

/** Wording that was written twice apart: one is taken into the field, and kept over both. */
function Versions({ proposal, onTake }: { readonly proposal: ProposalView; readonly onTake: (text: string) => void }) {
  const { t } = useText();
  if (proposal.versions.length === 0) return null;
  return (
    <Notice tone="warn" title={t('room.floor.versions')}>
      {proposal.versions.map(({ text, author }) => (
        <p key={`${author.name} ${text}`}>
          {author.name}: <mark dir="auto">{text}</mark>{' '}
          <Button size="small" variant="quiet" onPress={() => onTake(text)}>
            {t('room.floor.take')}
          </Button>
        </p>
      ))}
    </Notice>
  );
}

const byHand = ['support', 'oppose', 'reserve', 'none'] as const;

function Stances({
  proposal,
  data,
  keep,
}: Omit<EditorProps, 'onClose'> & { readonly keep: (words: string, change: Undoable) => void }) {
  const { t } = useText();
  const [typed, setTyped] = useState('');
  const { known, unknown } = delegationsIn(typed, data.completer);
  const set = (stance: (typeof byHand)[number] | null, who: readonly string[] = known): void => {
    if (who.length === 0) return;
    keep(t('room.stance.done', { who: who.join(' ') }), stanceChange(proposal, who, stance));
    setTyped('');
  };
  return (
    <>
      <p className="room-chips">
        <Standing proposal={proposal} data={data} />
      </p>
      <TextField
        label={t('room.stance.who')}
        hint={unknown.length > 0 ? t('room.stance.unknown', { who: unknown.join(', ') }) : t('room.stance.lead')}
        value={typed}
        onChange={setTyped}
      />
      <div className="room-buttons">
        {byHand.map((stance) => (
          <Button key={stance} size="small" isDisabled={known.length === 0} onPress={() => set(stance)}>
            {t(`room.stance.${stance}`)}
          </Button>
        ))}
      </div>
      <div className="room-chips">
        {Object.entries(proposal.stances).map(([who, stance]) => (
          <Chip key={who} onRemove={() => set(null, [who])} removeLabel={t('room.stance.asHeard', { who })}>
            {who}: {t(`room.stance.${stance}`)}
          </Chip>
        ))}
      </div>
    </>
  );
}
