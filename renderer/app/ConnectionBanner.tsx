import { Button } from '../ui/Button.tsx';
import { Notice } from '../ui/Surface.tsx';
import { isLoopback, useConnection } from './client.ts';
import { useText } from './i18n.tsx';

/** Shown while there is no connection to the services. */
export function ConnectionBanner() {
  const { t } = useText();
  const { state, reconnect } = useConnection();
  if (state !== 'lost' && state !== 'failed') return null;
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
