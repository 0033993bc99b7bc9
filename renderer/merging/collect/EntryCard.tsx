/** An entry: what it is and where it comes from, what a person must settle, and its answers as they were matched. */
import { FileText, RotateCcw, Send, Trash2, Undo2 } from 'lucide-react';
import { useState, type FormEvent } from 'react';
import type { EntryView } from '../../../shared/contract/merging/collection.ts';
import { unLanguages, type UnLanguage } from '../../../shared/i18n/messages.ts';
import { useClient } from '../../app/client.ts';
import { useText } from '../../app/i18n.tsx';
import { toast, toastError } from '../../app/toasts.ts';
import { Button } from '../../ui/Button.tsx';
import { MoreMenu } from '../../ui/Menu.tsx';
import { Select } from '../../ui/Select.tsx';
import { Card, Chip, Facts } from '../../ui/Surface.tsx';
import { TextField } from '../../ui/TextField.tsx';
import { useMerge } from '../open-merge.ts';
import { AnswerRow } from './AnswerRow.tsx';
import { Problems } from './Problems.tsx';
import { Tracked } from './Tracked.tsx';

export function EntryCard({
  entry,
  question,
  onMoved,
}: {
  readonly entry: EntryView;
  readonly question: string | null;
  readonly onMoved: (delegation: string) => void;
}) {
  const { t, languageName, moment } = useText();
  const client = useClient();
  const { view, reload } = useMerge();
  const [editing, setEditing] = useState(false);
  const mayCoordinate = view.summary.mayCoordinate;
  const change = (change: Omit<Parameters<typeof client.merging.changeEntry>[0], 'entry'>): void => {
    client.merging.changeEntry({ entry: entry.id, ...change }).then((after) => {
      reload();
      if (after.delegation !== entry.delegation) onMoved(after.delegation);
    }, toastError);
  };
  const remove = (): void => {
    client.merging.removeEntry({ entry: entry.id }).then(() => {
      reload();
      toast({
        text: t('merging.entry.removed', { name: entry.delegation }),
        undo: () => void client.merging.restoreEntry({ entry: entry.id }).then(reload, toastError),
      });
    }, toastError);
  };
  const restore = (): void => {
    client.merging.restoreEntry({ entry: entry.id }).then(reload, toastError);
  };
  const name = entry.title || (entry.source.kind === 'file' ? entry.source.fileName : entry.delegation);
  const Icon = entry.source.kind === 'file' ? FileText : Send;
  const shown = entry.answers.filter(
    (answer) => question === null || answer.questions.includes(question) || answer.questions.length === 0,
  );
  return (
    <Card label={name} {...(entry.problems.length > 0 && !entry.removed ? { tone: 'warn' as const } : {})}>
      <div className="entry-answer-head">
        <Icon size={14} aria-hidden />
        <b dir="auto">{name}</b>
        {mayCoordinate ? (
          <MoreMenu
            label={t('merging.entry.more', { name })}
            actions={[
              { id: 'edit', label: t('merging.entry.edit'), run: () => setEditing(true) },
              entry.withdrawn === null
                ? {
                    id: 'withdraw',
                    label: t('merging.entry.withdraw'),
                    icon: Undo2,
                    run: () => change({ withdrawn: t('merging.entry.withdraw.reason') }),
                  }
                : {
                    id: 'unwithdraw',
                    label: t('merging.entry.unwithdraw'),
                    icon: RotateCcw,
                    run: () => change({ withdrawn: null }),
                  },
              entry.removed
                ? { id: 'restore', label: t('merging.entry.restore'), icon: RotateCcw, run: restore }
                : { id: 'remove', label: t('merging.entry.remove'), icon: Trash2, danger: true, run: remove },
            ]}
          />
        ) : null}
      </div>
      <p className="entry-facts">
        <Facts
          items={[
            entry.source.kind === 'file'
              ? entry.source.fileName
              : t('merging.submission.number', { number: entry.source.number }),
            entry.date,
            entry.version,
            languageName(entry.language),
            t('merging.words', { count: entry.words }),
            t('merging.entry.added', { at: moment(entry.addedAt), name: entry.addedBy.name }),
          ]}
        />
      </p>
      <p className="merge-actions">
        {entry.removed ? <Chip>{t('merging.entry.isRemoved')}</Chip> : null}
        {entry.withdrawn === null ? null : <Chip>{t('merging.entry.withdrawn', { reason: entry.withdrawn })}</Chip>}
        {entry.replacedBy === null ? null : <Chip>{t('merging.entry.replaced')}</Chip>}
        {entry.replaces === null ? null : (
          <Chip tone="accent">{t('merging.entry.replaces', { count: entry.toLookAt })}</Chip>
        )}
        {entry.isNew ? <Chip tone="warn">{t('merging.new.mark')}</Chip> : null}
      </p>
      <Problems entry={entry} />
      {entry.problems.some(({ code }) => code === 'same-delegation') && mayCoordinate ? (
        <SameDelegation entry={entry} onChange={change} onRename={() => setEditing(true)} />
      ) : null}
      {entry.reading === null ? null : <Tracked entry={entry} onChange={change} />}
      {editing ? <EntryForm entry={entry} onSave={change} onClose={() => setEditing(false)} /> : null}
      <ul>
        {shown.map((answer) => (
          <AnswerRow key={answer.key} entry={entry} answer={answer} isOpen={question !== null} />
        ))}
      </ul>
    </Card>
  );
}

type Change = (change: {
  delegation?: string;
  date?: string;
  version?: string;
  language?: UnLanguage;
  replaces?: EntryView['replaces'];
}) => void;

/** Two texts under one name: the later one goes on from the earlier, or they are two delegations. */
function SameDelegation({
  entry,
  onChange,
  onRename,
}: {
  readonly entry: EntryView;
  readonly onChange: Change;
  readonly onRename: () => void;
}) {
  const { t } = useText();
  const { view } = useMerge();
  const others = view.entries.filter(
    (other) =>
      other.id !== entry.id && other.delegation === entry.delegation && !other.removed && other.replacedBy === null,
  );
  return (
    <div className="merge-actions">
      {others.map((other) => (
        <Button key={other.id} size="small" onPress={() => onChange({ replaces: other.id })}>
          {t('merging.same.replaces', {
            name: other.title || (other.source.kind === 'file' ? other.source.fileName : other.delegation),
          })}
        </Button>
      ))}
      <Button size="small" onPress={onRename}>
        {t('merging.same.rename')}
      </Button>
    </div>
  );
}

function EntryForm({
  entry,
  onSave,
  onClose,
}: {
  readonly entry: EntryView;
  readonly onSave: Change;
  readonly onClose: () => void;
}) {
  const { t } = useText();
  const [delegation, setDelegation] = useState(entry.delegation);
  const [date, setDate] = useState(entry.date);
  const [version, setVersion] = useState(entry.version);
  const known = unLanguages.find(({ code }) => code === entry.language)?.code;
  const [language, setLanguage] = useState<UnLanguage | ''>(known ?? '');
  const save = (event: FormEvent): void => {
    event.preventDefault();
    if (delegation.trim() === '') return;
    onSave({ delegation: delegation.trim(), date, version, ...(language === '' ? {} : { language }) });
    onClose();
  };
  return (
    <form className="merge-form" onSubmit={save}>
      <TextField label={t('merging.entry.delegation')} value={delegation} onChange={setDelegation} autoFocus />
      <div className="merge-form-row">
        <TextField label={t('merging.entry.date')} value={date} onChange={setDate} placeholder="2027-03-04" />
        <TextField label={t('merging.entry.version')} value={version} onChange={setVersion} />
      </div>
      <Select
        label={t('merging.entry.language')}
        value={language}
        onChange={setLanguage}
        options={[
          ...(known ? [] : [{ id: '' as const, label: t('app.language.unknown') }]),
          ...unLanguages.map(({ code, name }) => ({ id: code, label: name, lang: code })),
        ]}
      />
      <div className="merge-actions">
        <Button type="submit" size="small" variant="primary" isDisabled={delegation.trim() === ''}>
          {t('merging.save')}
        </Button>
        <Button size="small" onPress={onClose}>
          {t('app.cancel')}
        </Button>
      </div>
    </form>
  );
}
