/** The code for a second device of the same person: as a picture for the one that stands beside, as text for all else. */
import { Copy, Undo2 } from 'lucide-react';
import { useState } from 'react';
import { useClient } from '../app/client.ts';
import { intoView } from '../app/focus.ts';
import { useText } from '../app/i18n.tsx';
import { QrCode } from '../app/QrCode.tsx';
import { toast, toastError } from '../app/toasts.ts';
import { Button } from '../ui/Button.tsx';
import { Notice } from '../ui/Surface.tsx';
import { TextField } from '../ui/TextField.tsx';

/** Circles in which the code opens nothing any more, and those in which an administrator has to see to it. */
interface Withdrawn {
  readonly done: readonly string[];
  readonly others: readonly string[];
}

export function DeviceCode({ onClose }: { readonly onClose: () => void }) {
  const text = useText();
  const { t } = text;
  const client = useClient();
  const [passphrase, setPassphrase] = useState('');
  const [shown, setShown] = useState<{ readonly code: string; readonly compact: string } | null>(null);
  const [withdrawn, setWithdrawn] = useState<Withdrawn | null>(null);
  const [busy, setBusy] = useState(false);
  const make = (): void => {
    setBusy(true);
    client.companions
      .invite(passphrase === '' ? {} : { passphrase })
      .then(setShown, toastError)
      .finally(() => setBusy(false));
  };
  if (shown === null)
    return (
      <div className="settings-person">
        <Notice tone="warn">{t('device.warning')}</Notice>
        <TextField
          label={t('device.passphrase')}
          hint={t('device.passphrase.hint')}
          type="password"
          autoComplete="off"
          value={passphrase}
          onChange={setPassphrase}
        />
        <div className="settings-actions">
          <Button variant="primary" onPress={make} isDisabled={busy}>
            {t(busy ? 'security.working' : 'device.make')}
          </Button>
          <Button onPress={onClose}>{t('app.cancel')}</Button>
        </div>
      </div>
    );
  const withdraw = (): void => {
    setBusy(true);
    client.companions
      .withdraw({})
      .then(setWithdrawn, toastError)
      .finally(() => setBusy(false));
  };
  if (withdrawn !== null)
    return (
      <div className="settings-person">
        {withdrawn.done.length > 0 || withdrawn.others.length === 0 ? (
          <Notice tone="good">
            {withdrawn.others.length === 0
              ? t('device.withdrawn')
              : t('device.withdrawn.in', { names: text.list(withdrawn.done) })}
          </Notice>
        ) : null}
        {withdrawn.others.length > 0 ? (
          <Notice tone="warn">{t('device.withdrawn.others', { names: text.list(withdrawn.others) })}</Notice>
        ) : null}
        <div className="settings-actions">
          <Button onPress={onClose}>{t('app.close')}</Button>
        </div>
      </div>
    );
  const copy = (): void => {
    navigator.clipboard.writeText(shown.code).then(() => toast({ text: t('device.copied') }), toastError);
  };
  return (
    <div className="settings-person settings-opened" ref={intoView}>
      <QrCode text={shown.compact} />
      <textarea
        className="settings-code"
        readOnly
        dir="ltr"
        spellCheck={false}
        rows={6}
        value={shown.code}
        aria-label={t('device.code')}
        onFocus={(event) => event.currentTarget.select()}
      />
      <p className="wb-hint">{t('device.next')}</p>
      <div className="settings-actions">
        <Button variant="primary" icon={Copy} onPress={copy}>
          {t('device.copy')}
        </Button>
        <Button icon={Undo2} onPress={withdraw} isDisabled={busy}>
          {t('device.withdraw')}
        </Button>
        <Button onPress={onClose}>{t('app.close')}</Button>
      </div>
    </div>
  );
}
