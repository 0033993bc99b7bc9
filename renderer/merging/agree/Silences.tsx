/** Silence procedures of the merge, and starting one: a version is frozen, a time is set with its zone. */
import { Hourglass } from 'lucide-react';
import { useState, type FormEvent } from 'react';
import { useClient } from '../../app/client.ts';
import { useCommand } from '../../app/commands.ts';
import { ErrorNotice } from '../../app/ErrorNotice.tsx';
import { useText } from '../../app/i18n.tsx';
import { toast, toastError } from '../../app/toasts.ts';
import { useLoaded } from '../../app/use-loaded.ts';
import { Button } from '../../ui/Button.tsx';
import { Select } from '../../ui/Select.tsx';
import { Card } from '../../ui/Surface.tsx';
import { TextField } from '../../ui/TextField.tsx';
import { useMerge } from '../open-merge.ts';
import type { AgreedBlock } from './AgreeTab.tsx';
import { SilenceCard } from './SilenceCard.tsx';

export function Silences({ blocks }: { readonly blocks: readonly AgreedBlock[] }) {
  const { t } = useText();
  const { id, view, revision } = useMerge();
  const loaded = useLoaded(async (client) => (await client.merging.silences({ merge: id })).silences, [id, revision]);
  const [starting, setStarting] = useState(false);
  const mayCoordinate = view.summary.mayCoordinate;
  useCommand(
    mayCoordinate
      ? { id: 'merging.silence.start', title: t('merging.silence.start'), run: () => setStarting(true) }
      : null,
  );
  useCommand(
    starting
      ? {
          id: 'merging.silence.close',
          title: t('app.cancel'),
          key: 'Escape',
          hidden: true,
          run: () => setStarting(false),
        }
      : null,
  );
  return (
    <section aria-label={t('merging.silence')}>
      <div className="agree-head">
        <h2>{t('merging.silence')}</h2>
        {mayCoordinate && !starting ? (
          <Button size="small" icon={Hourglass} onPress={() => setStarting(true)}>
            {t('merging.silence.start')}
          </Button>
        ) : null}
      </div>
      {loaded.error ? <ErrorNotice error={loaded.error} onRetry={loaded.reload} /> : null}
      {starting ? (
        <StartForm
          onClose={() => setStarting(false)}
          onStarted={() => {
            setStarting(false);
            loaded.reload();
            toast({ text: t('merging.silence.started') });
          }}
        />
      ) : null}
      {(loaded.data ?? []).map((silence) => (
        <SilenceCard key={silence.id} silence={silence} blocks={blocks} onChanged={loaded.reload} />
      ))}
    </section>
  );
}

/** Zones a person is likely to want; the machine's own first. */
function timeZones(own: string): string[] {
  const all = Intl.supportedValuesOf('timeZone');
  return [...new Set([own, 'Europe/Zurich', 'America/New_York', 'UTC', ...all])];
}

/** Three days on, at six in the evening. */
function firstDeadline(): string {
  const at = new Date(Date.now() + 3 * 24 * 3600_000);
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}T18:00`;
}

function StartForm({ onStarted, onClose }: { readonly onStarted: () => void; readonly onClose: () => void }) {
  const { t } = useText();
  const client = useClient();
  const { id } = useMerge();
  const own = new Intl.DateTimeFormat().resolvedOptions().timeZone;
  const [title, setTitle] = useState(t('merging.silence.title.first'));
  const [deadline, setDeadline] = useState(firstDeadline);
  const [timeZone, setTimeZone] = useState(own);
  const [zones] = useState(() => timeZones(own));
  const isRight = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}$/.test(deadline) && title.trim() !== '';
  const start = (event: FormEvent): void => {
    event.preventDefault();
    if (isRight) client.merging.startSilence({ merge: id, title, deadline, timeZone }).then(onStarted, toastError);
  };
  return (
    <Card label={t('merging.silence.start')} className="agree-silence">
      <form className="merge-form" onSubmit={start}>
        <TextField label={t('merging.silence.title')} value={title} onChange={setTitle} autoFocus />
        <div className="merge-form-row">
          <TextField
            label={t('merging.silence.deadline')}
            type="datetime-local"
            value={deadline}
            onChange={setDeadline}
          />
          <Select
            label={t('merging.silence.zone')}
            value={timeZone}
            onChange={setTimeZone}
            options={zones.map((zone) => ({ id: zone, label: zone.replaceAll('_', ' ') }))}
          />
        </div>
        <p className="wb-hint">{t('merging.silence.hint')}</p>
        <div className="merge-actions">
          <Button type="submit" variant="primary" size="small" isDisabled={!isRight}>
            {t('merging.silence.freeze')}
          </Button>
          <Button size="small" onPress={onClose}>
            {t('app.cancel')}
          </Button>
        </div>
      </form>
    </Card>
  );
}
