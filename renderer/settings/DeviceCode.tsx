/** The code for a second device of the same person: as a picture for the one that stands beside, as text for all else. */
import { Copy } from 'lucide-react';
import { useState } from 'react';
import { useClient } from '../app/client.ts';
import { useText } from '../app/i18n.tsx';
import { QrCode } from '../app/QrCode.tsx';
import { toast, toastError } from '../app/toasts.ts';
import { Button } from '../ui/Button.tsx';
import { Notice } from '../ui/Surface.tsx';
import { TextField } from '../ui/TextField.tsx';

export function DeviceCode({ onClose }: { readonly onClose: () => void }) {
  const { t } = useText();
  const client = useClient();
  const [passphrase, setPassphrase] = useState('');
  const [shown, setShown] = useState<{ readonly code: string; readonly compact: string } | null>(null);
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
  const copy = (): void => {
    navigator.clipboard.writeText(shown.code).then(() => toast({ text: t('device.copied') }), toastError);
  };
  return (
    <div className="settings-person">
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
        <Button onPress={onClose}>{t('app.close')}</Button>
      </div>
    </div>
  );
}
