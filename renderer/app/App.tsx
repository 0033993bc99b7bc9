/**
 * The page: `renderer/app/` holds the frame, routing, commands, messages and the connection. Features (reader, drafting,
 * shelf, exchange, settings) are mounted in `Views.tsx` and never import one another.
 */
import { useEffect, useState } from 'react';
import './first-start.css';
import type { ProfileStatus } from '../../shared/contract/profile.ts';
import { useText, TextProvider, type Pseudo } from './i18n.tsx';
import { applyAppearance } from './appearance.ts';
import { isLoopback, useConnection } from './client.ts';
import { ErrorNotice } from './ErrorNotice.tsx';
import { FirstStart, guessLanguage } from './FirstStart.tsx';
import { Frame } from './Frame.tsx';
import { ProfileProvider, useProfileLoading } from './profile.tsx';
import { Toasts } from './Toasts.tsx';
import { Unlock } from './Unlock.tsx';
import { useKeys } from './use-keys.ts';
import { useLoaded } from './use-loaded.ts';
import { Button } from '../ui/Button.tsx';
import { EmptyState } from '../ui/Surface.tsx';
import { Unplug } from 'lucide-react';

/** What is asked first: while the profile is locked nothing else answers. */
export function App({ pseudo }: { readonly pseudo: Pseudo }) {
  const protection = useLoaded((client) => client.protection.status({}), []);
  useKeys();
  const appearance = protection.data?.appearance ?? null;
  useEffect(() => (appearance ? applyAppearance(appearance.theme, appearance.textSize) : undefined), [appearance]);
  if (protection.data && !protection.data.locked) return <OpenedApp pseudo={pseudo} />;
  return (
    <TextProvider language={appearance?.language ?? guessLanguage()} pseudo={pseudo}>
      {protection.data ? (
        <Unlock status={protection.data} onOpened={protection.reload} />
      ) : (
        <Opening error={protection.error} onRetry={protection.reload} />
      )}
      <Toasts />
    </TextProvider>
  );
}

function OpenedApp({ pseudo }: { readonly pseudo: Pseudo }) {
  const { status, settings } = useProfileLoading();
  // The second step of the first start comes after the profile is set up, so what is shown cannot hang on that alone.
  const [introducing, setIntroducing] = useState(false);
  if (status.data && !status.data.setUp && !introducing) setIntroducing(true);
  const [arrived, setArrived] = useState(false);
  const isIntroducing = introducing && !(arrived && status.data?.setUp);
  const finishIntroduction = (introduced: ProfileStatus): void => {
    status.set(introduced);
    setIntroducing(false);
  };
  /** A backup was restored, or a code joined: who works here has a name already. */
  const arrive = (): void => {
    setArrived(true);
    status.reload();
    settings.reload();
  };
  return (
    <TextProvider language={settings.data?.language ?? 'en'} pseudo={pseudo}>
      {status.data && settings.data ? (
        <ProfileProvider status={status} settings={settings}>
          {isIntroducing ? <FirstStart onFinished={finishIntroduction} onArrived={arrive} /> : <Frame />}
        </ProfileProvider>
      ) : (
        <Opening error={status.error ?? settings.error} onRetry={() => [status.reload(), settings.reload()]} />
      )}
      <Toasts />
    </TextProvider>
  );
}

/** Before the first answer of the services. */
function Opening({ error, onRetry }: { readonly error: unknown; readonly onRetry: () => void }) {
  const { t } = useText();
  const { state, reconnect } = useConnection();
  return (
    <main className="app-opening">
      {state === 'failed' ? (
        <EmptyState
          icon={Unplug}
          title={t('connection.failed')}
          actions={
            <Button variant="primary" onPress={reconnect}>
              {t('connection.retry')}
            </Button>
          }
        >
          {t(isLoopback(window) ? 'connection.failed.detail.loopback' : 'connection.failed.detail')}
        </EmptyState>
      ) : error && state === 'open' ? (
        <div className="app-opening-error">
          <ErrorNotice error={error} onRetry={onRetry} />
        </div>
      ) : (
        <p className="app-opening-text">{t('app.opening')}</p>
      )}
    </main>
  );
}
