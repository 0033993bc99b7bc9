/** One silence procedure: its clock and zone, who broke it on what, and the result that a person records. */
import { BellRing, Hourglass } from 'lucide-react';
import { useEffect, useState, type FormEvent } from 'react';
import type { SilenceView, StanceView } from '../../../shared/contract/merging/agreement.ts';
import type { RecordId } from '../../../shared/ids.ts';
import { useClient } from '../../app/client.ts';
import { WorkbenchError } from '../../../shared/contract/errors.ts';
import { useText } from '../../app/i18n.tsx';
import { toast, toastError } from '../../app/toasts.ts';
import { Button } from '../../ui/Button.tsx';
import { Pop } from '../../ui/Popover.tsx';
import { Select } from '../../ui/Select.tsx';
import { Card, Chip, Facts, Notice } from '../../ui/Surface.tsx';
import { TextField } from '../../ui/TextField.tsx';
import { useMerge } from '../open-merge.ts';
import type { AgreedBlock } from './AgreeTab.tsx';

/** The present, looked at anew every half minute: a clock of days and hours needs no more. */
function useNow(): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = window.setInterval(() => setNow(Date.now()), 30_000);
    return () => window.clearInterval(timer);
  }, []);
  return now;
}

export function SilenceCard({
  silence,
  blocks,
  onChanged,
}: {
  readonly silence: SilenceView;
  readonly blocks: readonly AgreedBlock[];
  readonly onChanged: () => void;
}) {
  const { t, moment } = useText();
  const now = useNow();
  const left = Date.parse(silence.deadline) - now;
  const minutes = Math.max(0, Math.floor(left / 60_000));
  const words = (block: RecordId | null): string =>
    block === null
      ? t('merging.agree.whole')
      : (silence.text.find((one) => one.block === block)?.text ?? '').slice(0, 90);
  const name = (author: SilenceView['startedBy']): string =>
    author.me ? t('app.you') : author.name || author.delegation;
  return (
    <Card label={silence.title} className="agree-silence" tone={silence.breaks.length > 0 ? 'warn' : 'accent'}>
      <div className="agree-head">
        <h3 dir="auto">{silence.title}</h3>
        {silence.result ? (
          <Chip tone={silence.result.result === 'kept' ? 'good' : 'warn'}>
            {t(`merging.silence.result.${silence.result.result}`)}
          </Chip>
        ) : null}
      </div>
      <p className="agree-clock" data-past={left <= 0 || undefined}>
        <Hourglass size={15} aria-hidden />
        <strong dir="ltr">{silence.deadlineThere}</strong>
        <span>{silence.timeZone.replaceAll('_', ' ')}</span>
        {silence.result ? null : (
          <span>
            {left <= 0
              ? t('merging.silence.past')
              : t('merging.silence.left', {
                  days: Math.floor(minutes / 1440),
                  hours: Math.floor(minutes / 60) % 24,
                  minutes: minutes % 60,
                })}
          </span>
        )}
      </p>
      <p className="wb-quiet">
        <Facts
          items={[
            t('merging.silence.by', { name: name(silence.startedBy), at: moment(silence.startedAt) }),
            t('merging.silence.frozen', { count: silence.text.length }),
            silence.changedSince.length > 0
              ? t('merging.silence.changed', { count: silence.changedSince.length })
              : null,
          ]}
        />
      </p>
      {silence.contested ? <Notice tone="bad">{t('merging.silence.contested')}</Notice> : null}
      {silence.breaks.length > 0 ? (
        <ul className="agree-breaks">
          {silence.breaks.map((one) => (
            <li key={one.id}>
              <BellRing size={14} aria-hidden />
              <b>{one.delegation}</b>
              <span dir="auto">{words(one.block)}</span>
              {one.note ? <span dir="auto">“{one.note}”</span> : null}
              <span className="wb-quiet">
                {t(`merging.via.${one.via}`)}, {name(one.author)}, {moment(one.at)}
              </span>
              {one.isLate ? <Chip tone="warn">{t('merging.silence.late')}</Chip> : null}
            </li>
          ))}
        </ul>
      ) : (
        <p className="wb-quiet">{t('merging.silence.none')}</p>
      )}
      {silence.result ? (
        <p>
          {t('merging.silence.recorded', {
            name: name(silence.result.by),
            at: moment(silence.result.at),
            result: t(`merging.silence.result.${silence.result.result}`),
          })}{' '}
          {silence.result.note}
        </p>
      ) : null}
      <div className="merge-actions">
        {silence.result ? null : <Break silence={silence} blocks={blocks} onChanged={onChanged} />}
        {silence.mayRecord ? <Record silence={silence} onChanged={onChanged} /> : null}
      </div>
    </Card>
  );
}

function Break({
  silence,
  blocks,
  onChanged,
}: {
  readonly silence: SilenceView;
  readonly blocks: readonly AgreedBlock[];
  readonly onChanged: () => void;
}) {
  const { t } = useText();
  return (
    <Pop
      label={t('merging.silence.break')}
      trigger={
        <Button size="small" icon={BellRing}>
          {t('merging.silence.break')}
        </Button>
      }
    >
      {(close) => (
        <BreakForm
          silence={silence}
          blocks={blocks}
          onDone={() => {
            close();
            onChanged();
            toast({ text: t('merging.silence.broken') });
          }}
        />
      )}
    </Pop>
  );
}

function BreakForm({
  silence,
  blocks,
  onDone,
}: {
  readonly silence: SilenceView;
  readonly blocks: readonly AgreedBlock[];
  readonly onDone: () => void;
}) {
  const { t, compare } = useText();
  const client = useClient();
  const { view } = useMerge();
  const delegations = [...new Set([...view.grid.map((row) => row.delegation), ...view.expected])].toSorted(compare);
  const [delegation, setDelegation] = useState('');
  const [block, setBlock] = useState('whole');
  const [note, setNote] = useState('');
  const [via, setVia] = useState<StanceView['via']>('circle');
  const save = (event: FormEvent): void => {
    event.preventDefault();
    if (via !== 'circle' && delegation === '') {
      toastError(new WorkbenchError('invalid-input', 'Whose break it is must be said.'));
      return;
    }
    client.merging
      .breakSilence({
        silence: silence.id,
        block: block === 'whole' ? null : (block as RecordId),
        note,
        via,
        ...(delegation === '' ? {} : { delegation }),
      })
      .then(onDone, toastError);
  };
  const frozen = new Set(silence.text.map((one) => one.block));
  return (
    <form className="merge-form merge-pop" onSubmit={save}>
      <Select
        label={t('merging.entry.delegation')}
        value={delegation}
        onChange={(next) => {
          setDelegation(next);
          if (next !== '' && via === 'circle') setVia('phone');
        }}
        options={[
          { id: '', label: t('merging.silence.mine') },
          ...delegations.map((name) => ({ id: name, label: name })),
        ]}
      />
      <Select
        label={t('merging.stance.via')}
        value={via}
        onChange={setVia}
        options={(['circle', 'phone', 'room', 'mail'] as const).map((one) => ({
          id: one,
          label: t(`merging.via.${one}`),
        }))}
      />
      <Select
        label={t('merging.silence.paragraph')}
        value={block}
        onChange={setBlock}
        options={[
          { id: 'whole', label: t('merging.agree.whole') },
          ...blocks
            .filter((one) => one.block !== null && frozen.has(one.block))
            .map((one) => ({ id: one.block as string, label: one.text.slice(0, 80) })),
        ]}
      />
      <TextField label={t('merging.note')} value={note} onChange={setNote} lines={2} />
      <div className="merge-actions">
        <Button type="submit" size="small" variant="primary">
          {t('merging.silence.break')}
        </Button>
      </div>
    </form>
  );
}

function Record({ silence, onChanged }: { readonly silence: SilenceView; readonly onChanged: () => void }) {
  const { t } = useText();
  const client = useClient();
  const record = (result: 'kept' | 'broken' | 'withdrawn' | null, note: string): void => {
    client.merging.recordSilence({ silence: silence.id, result, note }).then(() => {
      onChanged();
      toast({
        text: t('merging.silence.didRecord'),
        undo: () =>
          void client.merging
            .recordSilence({
              silence: silence.id,
              result: silence.result?.result ?? null,
              note: silence.result?.note ?? '',
            })
            .then(onChanged, toastError),
      });
    }, toastError);
  };
  if (silence.result && !silence.contested) {
    return (
      <Button size="small" onPress={() => record(null, '')}>
        {t('merging.silence.unrecord')}
      </Button>
    );
  }
  return (
    <Pop label={t('merging.silence.record')} trigger={<Button size="small">{t('merging.silence.record')}</Button>}>
      {(close) => (
        <RecordForm
          onRecord={(result, note) => {
            close();
            record(result, note);
          }}
        />
      )}
    </Pop>
  );
}

function RecordForm({
  onRecord,
}: {
  readonly onRecord: (result: 'kept' | 'broken' | 'withdrawn', note: string) => void;
}) {
  const { t } = useText();
  const [note, setNote] = useState('');
  return (
    <div className="merge-form merge-pop">
      <p className="wb-hint">{t('merging.silence.record.hint')}</p>
      <TextField label={t('merging.note')} value={note} onChange={setNote} autoFocus />
      <div className="merge-actions">
        {(['kept', 'broken', 'withdrawn'] as const).map((result) => (
          <Button key={result} size="small" onPress={() => onRecord(result, note)}>
            {t(`merging.silence.result.${result}`)}
          </Button>
        ))}
      </div>
    </div>
  );
}
