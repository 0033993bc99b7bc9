/** Recording that the merge is done: possible when nothing waits; else it says what does. */
import { CircleCheck, Lock } from 'lucide-react';
import { useState, type FormEvent } from 'react';
import type { MergeSummary } from '../../../shared/contract/merging/collection.ts';
import type { PassageState } from '../../../shared/contract/merging/passages.ts';
import { useClient } from '../../app/client.ts';
import { useCommand } from '../../app/commands.ts';
import { useText } from '../../app/i18n.tsx';
import { toast, toastError } from '../../app/toasts.ts';
import { Button } from '../../ui/Button.tsx';
import { Notice } from '../../ui/Surface.tsx';
import { Pop } from '../../ui/Popover.tsx';
import { TextField } from '../../ui/TextField.tsx';
import { useMerge } from '../open-merge.ts';

export function Done({ counts }: { readonly counts: Readonly<Partial<Record<PassageState, number>>> }) {
  const { t, moment } = useText();
  const client = useClient();
  const { id, view, reload } = useMerge();
  const { summary } = view;
  const { done } = summary;
  const untreated = counts.untreated ?? summary.untreated;
  const disputed = counts.disputed ?? summary.disputed;
  const isReady = untreated + disputed === 0 && summary.passages > 0;
  const reopen = (): void => void client.merging.reopen({ merge: id }).then(reload, toastError);
  const name = (by: NonNullable<MergeSummary['done']>['by']): string =>
    by.me ? t('app.you') : by.name || by.delegation;
  useCommand(
    done && summary.mayCoordinate ? { id: 'merging.reopen', title: t('merging.done.reopen'), run: reopen } : null,
  );
  if (done?.stands) {
    return (
      <Notice
        tone="good"
        actions={
          summary.mayCoordinate ? (
            <Button size="small" onPress={reopen}>
              {t('merging.done.reopen')}
            </Button>
          ) : null
        }
      >
        {t('merging.done.by', { name: name(done.by), at: moment(done.at) })} {done.note}
      </Notice>
    );
  }
  return (
    <div className="ledger-done">
      {isReady ? <CircleCheck size={15} aria-hidden className="merge-sign-good" /> : <Lock size={15} aria-hidden />}
      <span id="merge-done-why" className={isReady ? '' : 'merge-untreated'}>
        {done ? `${t('merging.done.since')} ` : ''}
        {isReady ? t('merging.done.ready') : t('merging.done.notYet', { untreated, disputed })}
      </span>
      {summary.mayCoordinate && isReady ? (
        <Pop
          label={t('merging.done.record')}
          trigger={
            <Button size="small" variant="primary">
              {t('merging.done.record')}
            </Button>
          }
        >
          {(close) => (
            <Form
              onDone={() => {
                close();
                reload();
                toast({ text: t('merging.done.recorded'), undo: reopen });
              }}
            />
          )}
        </Pop>
      ) : summary.mayCoordinate ? (
        <Button size="small" isDisabled aria-describedby="merge-done-why">
          {t('merging.done.record')}
        </Button>
      ) : null}
    </div>
  );
}

function Form({ onDone }: { readonly onDone: () => void }) {
  const { t } = useText();
  const client = useClient();
  const { id } = useMerge();
  const [note, setNote] = useState('');
  const record = (event: FormEvent): void => {
    event.preventDefault();
    client.merging.markDone({ merge: id, note }).then(onDone, toastError);
  };
  return (
    <form className="merge-form merge-pop" onSubmit={record}>
      <TextField label={t('merging.done.note')} value={note} onChange={setNote} autoFocus />
      <div className="merge-actions">
        <Button type="submit" size="small" variant="primary">
          {t('merging.done.record')}
        </Button>
      </div>
    </form>
  );
}
