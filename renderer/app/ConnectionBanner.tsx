import { useEffect, useState } from 'react';
import { Button } from '../ui/Button.tsx';
import { Notice } from '../ui/Surface.tsx';
import { isLoopback, useConnection } from './client.ts';
import { useText } from './i18n.tsx';

/** A connection that is back sooner than this was not missed: the profile was sealed or unlocked, and opened again. */
const shortAbsenceMs = 800;

/** Shown while there is no connection to the services. */
export function ConnectionBanner() {
  const { t } = useText();
  const { state, reconnect } = useConnection();
  const [isLong, setLong] = useState(false);
  const isLost = state === 'lost';
  useEffect(() => {
    if (!isLost) return undefined;
    const timer = setTimeout(() => setLong(true), shortAbsenceMs);
    return () => {
      clearTimeout(timer);
      setLong(false);
    };
  }, [isLost]);
  if (state !== 'failed' && !(isLost && isLong)) return null;
  return (
    <div className="app-banner no-print">
      <Notice
        tone="bad"
        title={t(`connection.${state}`)}
        actions={
          <Button size="small" onPress={reconnect}>
            {t('connection.retry')}
          </Button>
        }
      >
        {t(isLoopback(window) ? `connection.${state}.detail.loopback` : `connection.${state}.detail`)}
      </Notice>
    </div>
  );
}
