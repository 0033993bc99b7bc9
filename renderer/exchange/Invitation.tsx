/** The invitation to a circle: shown when asked for, and at once for a circle just made. */
import { Copy, UserPlus } from 'lucide-react';
import { useState } from 'react';
import type { CircleView } from '../../shared/contract/circles.ts';
import { useClient } from '../app/client.ts';
import { useText } from '../app/i18n.tsx';
import { toast, toastError } from '../app/toasts.ts';
import { Button } from '../ui/Button.tsx';
import { Notice } from '../ui/Surface.tsx';
import { TextField } from '../ui/TextField.tsx';
import { QrCode } from '../app/QrCode.tsx';

export function Invitation({
  circle,
  isOpenAtFirst,
}: {
  readonly circle: CircleView;
  readonly isOpenAtFirst: boolean;
}) {
  const { t } = useText();
  const client = useClient();
  const [asked, setAsked] = useState(false);
  const [shown, setShown] = useState<{ readonly invitation: string; readonly code: string } | null>(null);
  const [passphrase, setPassphrase] = useState('');
  const invitation = shown?.invitation ?? null;
  const ask = (): void => {
    setAsked(true);
    client.circles
      .invite({ circle: circle.id, ...(passphrase === '' ? {} : { passphrase }) })
      .then(setShown, toastError);
  };
  if (isOpenAtFirst && !asked) ask();
  if (shown === null || invitation === null)
    return (
      <Button icon={UserPlus} onPress={ask}>
        {t('exchange.invite')}
      </Button>
    );
  const copy = (): void => {
    navigator.clipboard.writeText(invitation).then(() => toast({ text: t('exchange.invite.copied') }), toastError);
  };
  return (
    <section className="exchange-invitation">
      <h3>{t('exchange.invitation')}</h3>
      <Notice tone="warn">{t('exchange.invite.warning')}</Notice>
      <textarea
        className="exchange-invitation-text"
        readOnly
        value={invitation}
        rows={Math.max(3, invitation.split('\n').length)}
        dir="ltr"
        spellCheck={false}
        aria-label={t('exchange.invitation')}
        onFocus={(event) => event.currentTarget.select()}
      />
      <QrCode text={shown.code} />
      <div className="exchange-invitation-wrap">
        <TextField
          label={t('exchange.invite.passphrase')}
          hint={t('exchange.invite.passphrase.hint')}
          type="password"
          autoComplete="off"
          value={passphrase}
          onChange={setPassphrase}
        />
        <Button onPress={ask}>{t('exchange.invite.wrap')}</Button>
      </div>
      <div className="exchange-actions">
        <Button variant="primary" icon={Copy} onPress={copy}>
          {t('exchange.invite.copy')}
        </Button>
        <Button onPress={() => setShown(null)}>{t('app.close')}</Button>
      </div>
    </section>
  );
}
