/** Writes a bundle of a circle: for whom, how large a file may be, how large it will be, and saving it. */
import { Package, Save } from 'lucide-react';
import { useState } from 'react';
import type { CircleView } from '../../shared/contract/circles.ts';
import { useClient } from '../app/client.ts';
import { ErrorNotice } from '../app/ErrorNotice.tsx';
import { startDownload } from '../app/files.ts';
import { useText } from '../app/i18n.tsx';
import { toast, toastError } from '../app/toasts.ts';
import { useLoaded } from '../app/use-loaded.ts';
import { Button } from '../ui/Button.tsx';
import { Select } from '../ui/Select.tsx';

/** What mail and messengers commonly let pass, in megabytes. */
const limits = ['none', '5', '10', '25', '100'] as const;
type Limit = (typeof limits)[number];

export function BundleForm({ circle }: { readonly circle: CircleView }) {
  const { t } = useText();
  const [isOpen, setOpen] = useState(false);
  if (!isOpen)
    return (
      <Button icon={Package} onPress={() => setOpen(true)}>
        {t('exchange.bundle.write')}
      </Button>
    );
  return <OpenForm circle={circle} onClose={() => setOpen(false)} />;
}

function OpenForm({ circle, onClose }: { readonly circle: CircleView; readonly onClose: () => void }) {
  const { t, bytes } = useText();
  const client = useClient();
  const others = circle.members.filter((member) => !member.me);
  const [person, setPerson] = useState('everybody');
  const [limit, setLimit] = useState<Limit>('none');
  const [busy, setBusy] = useState(false);
  const request = {
    circle: circle.id,
    person: others.find((member) => member.person === person)?.person ?? null,
    maxBytes: limit === 'none' ? null : Number(limit) * 1_000_000,
  };
  const size = useLoaded((service) => service.circles.bundleSize(request), [circle.id, person, limit, circle.changes]);
  const save = async (): Promise<void> => {
    setBusy(true);
    try {
      const { files } = await client.circles.writeBundle(request);
      for (const { file } of files) {
        const saved = await client.files.save({ file });
        if (saved.downloadPath !== null) startDownload(saved.downloadPath, saved.name);
        else if (saved.saved) toast({ text: t('exchange.bundle.saved', { name: saved.name }) });
      }
      onClose();
    } catch (error) {
      toastError(error);
    } finally {
      setBusy(false);
    }
  };
  const name = others.find((member) => member.person === person)?.name ?? '';
  const plan = size.data;
  return (
    <section className="exchange-bundle" aria-label={t('exchange.bundle.title')}>
      <h3>{t('exchange.bundle.title')}</h3>
      <p className="wb-hint">{t('exchange.bundle.explained')}</p>
      <div className="exchange-bundle-fields">
        <Select
          label={t('exchange.bundle.for')}
          options={[
            { id: 'everybody', label: t('exchange.bundle.for.all') },
            ...others.map((member) => ({ id: member.person as string, label: member.name, hint: member.delegation })),
          ]}
          value={person}
          onChange={setPerson}
        />
        <Select
          label={t('exchange.bundle.limit')}
          options={limits.map((each) => ({
            id: each,
            label: each === 'none' ? t('exchange.bundle.limit.none') : bytes(Number(each) * 1_000_000),
          }))}
          value={limit}
          onChange={setLimit}
        />
      </div>
      {size.error ? <ErrorNotice error={size.error} onRetry={size.reload} /> : null}
      <p role="status" aria-busy={size.loading}>
        {plan
          ? t('exchange.bundle.size', {
              size: bytes(plan.sizeBytes),
              changes: plan.changes,
              documents: plan.originals,
              parts: plan.parts,
            })
          : t('exchange.bundle.measuring')}
        {plan && person !== 'everybody' ? (
          <span className="wb-quiet"> {t(`exchange.bundle.basis.${plan.basis}`, { name })}</span>
        ) : null}
        {plan && request.maxBytes !== null && plan.largestBytes > request.maxBytes ? (
          <span className="wb-quiet"> {t('exchange.bundle.over', { size: bytes(plan.largestBytes) })}</span>
        ) : null}
      </p>
      <div className="exchange-actions">
        <Button variant="primary" icon={Save} isDisabled={busy || !plan} onPress={() => void save()}>
          {busy ? t('exchange.bundle.writing') : t('exchange.bundle.save')}
        </Button>
        <Button onPress={onClose}>{t('app.cancel')}</Button>
      </div>
    </section>
  );
}
