/** Groups whose position stands for their members, unless these speak for themselves. */
import { UsersRound } from 'lucide-react';
import { useState, type FormEvent } from 'react';
import type { PositionsView } from '../../../shared/contract/merging/positions.ts';
import { useClient } from '../../app/client.ts';
import { useText } from '../../app/i18n.tsx';
import { toastError } from '../../app/toasts.ts';
import { Button } from '../../ui/Button.tsx';
import { Pop } from '../../ui/Popover.tsx';
import { TextField } from '../../ui/TextField.tsx';
import { useMerge } from '../open-merge.ts';
import { namesOf } from '../parts/names.ts';

export function Groups({ view, onChanged }: { readonly view: PositionsView; readonly onChanged: () => void }) {
  const { t } = useText();
  const { view: merge } = useMerge();
  return (
    <Pop
      label={t('merging.groups')}
      placement="bottom end"
      trigger={
        <Button size="small" icon={UsersRound}>
          {t('merging.groups')}
        </Button>
      }
    >
      {(close) => (
        <div className="merge-form merge-pop">
          <ul>
            {view.groups.map((group) => (
              <li key={group.key}>
                <b dir="auto">{group.name}</b>{' '}
                <span className="wb-quiet">{t('merging.groups.members', { count: group.members.length })}</span>
                <p className="wb-hint">{group.members.slice(0, 12).join(', ')}</p>
              </li>
            ))}
          </ul>
          {merge.summary.mayCoordinate ? (
            <NewGroup
              onDone={() => {
                close();
                onChanged();
              }}
            />
          ) : null}
        </div>
      )}
    </Pop>
  );
}

function NewGroup({ onDone }: { readonly onDone: () => void }) {
  const { t } = useText();
  const client = useClient();
  const { id } = useMerge();
  const [name, setName] = useState('');
  const [members, setMembers] = useState('');
  const save = (event: FormEvent): void => {
    event.preventDefault();
    if (name.trim() === '') return;
    client.merging.setGroup({ merge: id, name, members: namesOf(members) }).then(onDone, toastError);
  };
  return (
    <form className="merge-form" onSubmit={save}>
      <TextField label={t('merging.groups.name')} value={name} onChange={setName} />
      <TextField
        label={t('merging.groups.list')}
        hint={t('merging.expected.hint')}
        lines={4}
        value={members}
        onChange={setMembers}
      />
      <div className="merge-actions">
        <Button type="submit" size="small" variant="primary" isDisabled={name.trim() === ''}>
          {t('merging.save')}
        </Button>
      </div>
    </form>
  );
}
