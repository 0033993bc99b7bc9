/** Whose texts are expected, so that it can be said who is missing. */
import { UsersRound } from 'lucide-react';
import { useState, type FormEvent } from 'react';
import { useClient } from '../../app/client.ts';
import { useText } from '../../app/i18n.tsx';
import { toastError } from '../../app/toasts.ts';
import { Button } from '../../ui/Button.tsx';
import { Pop } from '../../ui/Popover.tsx';
import { TextField } from '../../ui/TextField.tsx';
import { useMerge } from '../open-merge.ts';
import { namesOf } from '../parts/names.ts';

export function Expected() {
  const { t } = useText();
  const { view } = useMerge();
  if (!view.summary.mayCoordinate) return null;
  return (
    <Pop
      label={t('merging.expected')}
      trigger={
        <Button size="small" variant="quiet" icon={UsersRound}>
          {t('merging.expected.button', { missing: view.missing.length })}
        </Button>
      }
    >
      {(close) => <Form onDone={close} />}
    </Pop>
  );
}

function Form({ onDone }: { readonly onDone: () => void }) {
  const { t } = useText();
  const client = useClient();
  const { id, view } = useMerge();
  const [names, setNames] = useState(view.expected.join('\n'));
  const save = (event: FormEvent): void => {
    event.preventDefault();
    client.merging.change({ merge: id, expected: namesOf(names) }).then(onDone, toastError);
  };
  return (
    <form className="merge-form merge-pop" onSubmit={save}>
      <TextField
        label={t('merging.expected')}
        hint={t('merging.expected.hint')}
        lines={8}
        value={names}
        onChange={setNames}
        autoFocus
      />
      <div className="merge-actions">
        <Button type="submit" variant="primary" size="small">
          {t('merging.save')}
        </Button>
        <Button size="small" onPress={onDone}>
          {t('app.cancel')}
        </Button>
      </div>
    </form>
  );
}
