/** The invitation to a circle: shown when asked for, and at once for a circle just made. */
import { Copy, UserPlus } from 'lucide-react';
import { useState } from 'react';
import type { CircleView } from '../../shared/contract/circles.ts';
import { useClient } from '../app/client.ts';
import { useText } from '../app/i18n.tsx';
import { toast, toastError } from '../app/toasts.ts';
import { Button } from '../ui/Button.tsx';
import { Notice } from '../ui/Surface.tsx';

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
  const [invitation, setInvitation] = useState<string | null>(null);
  const ask = (): void => {
    setAsked(true);
    client.circles.invite({ circle: circle.id }).then((answer) => setInvitation(answer.invitation), toastError);
  };
  if (isOpenAtFirst && !asked) ask();
  if (invitation === null)
    return (
      <div>
        <Button icon={UserPlus} onPress={ask}>
          {t('exchange.invite')}
        </Button>
      </div>
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
      <div className="exchange-actions">
        <Button variant="primary" icon={Copy} onPress={copy}>
          {t('exchange.invite.copy')}
        </Button>
        <Button onPress={() => setInvitation(null)}>{t('app.close')}</Button>
      </div>
    </section>
  );
}
