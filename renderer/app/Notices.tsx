import { useState } from 'react';
import { isMessageId } from '../../shared/i18n/messages.ts';
import { Button } from '../ui/Button.tsx';
import { Notice } from '../ui/Surface.tsx';
import { useText } from './i18n.tsx';
import { useProfile } from './profile.tsx';

/** What happened while the profile was opened: a torn log cut back, a copied profile. Once, until dismissed. */
export function Notices() {
  const { t } = useText();
  const { status } = useProfile();
  const [dismissed, setDismissed] = useState<readonly string[]>([]);
  const shown = status.notices.filter((notice) => !dismissed.includes(notice.code));
  return shown.map((notice) => {
    const id = `notice.${notice.code}`;
    return (
      <div key={notice.code} className="app-banner no-print">
        <Notice
          tone="warn"
          actions={
            <Button size="small" onPress={() => setDismissed([...dismissed, notice.code])}>
              {t('notice.dismiss')}
            </Button>
          }
        >
          {isMessageId(id) ? t(id) : notice.message}
        </Notice>
      </div>
    );
  });
}
