/** The sheet with the recovery key: shown once, for paper. Printing shows nothing else. */
import { Printer } from 'lucide-react';
import { useState } from 'react';
import { createPortal } from 'react-dom';
import { intoView } from '../app/focus.ts';
import { useText } from '../app/i18n.tsx';
import { useProfile } from '../app/profile.tsx';
import { Button } from '../ui/Button.tsx';

function Sheet({ recoveryKey }: { readonly recoveryKey: string }) {
  const { t } = useText();
  const { status, settings } = useProfile();
  const [day] = useState(() => new Intl.DateTimeFormat(settings.language, { dateStyle: 'long' }).format(new Date()));
  return (
    <>
      <h3>{t('security.sheet.title')}</h3>
      <p>{t('security.sheet.for', { name: status.name, day })}</p>
      <ol className="settings-sheet-key" dir="ltr" aria-label={t('lock.recovery')}>
        {recoveryKey.split(' ').map((group, place) => (
          <li key={place}>
            <code>{group}</code>
          </li>
        ))}
      </ol>
      <p>{t('security.sheet.use')}</p>
    </>
  );
}

export function RecoverySheet({
  recoveryKey,
  onClose,
}: {
  readonly recoveryKey: string;
  readonly onClose: () => void;
}) {
  const { t } = useText();
  return (
    <section className="settings-sheet settings-opened" ref={intoView} aria-label={t('security.sheet')}>
      <Sheet recoveryKey={recoveryKey} />
      <div className="settings-actions">
        <Button variant="primary" icon={Printer} onPress={() => window.print()}>
          {t('security.sheet.print')}
        </Button>
        <Button onPress={onClose}>{t('security.sheet.close')}</Button>
      </div>
      {createPortal(
        <div className="settings-sheet-paper" aria-hidden>
          <Sheet recoveryKey={recoveryKey} />
        </div>,
        document.body,
      )}
    </section>
  );
}
