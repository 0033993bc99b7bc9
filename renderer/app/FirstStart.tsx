/** The first start: name, delegation, language; then a sample workspace or an empty shelf. Nothing else to decide. */
import { BookOpenCheck, LibraryBig, LogIn } from 'lucide-react';
import { useState, type FormEvent } from 'react';
import { translations, unLanguages, type UnLanguage } from '../../shared/i18n/messages.ts';
import iconUrl from '../../resources/icons/icon.svg';
import { Button } from '../ui/Button.tsx';
import { LinkButton } from '../ui/LinkButton.tsx';
import { Segments } from '../ui/Switch.tsx';
import { TextField } from '../ui/TextField.tsx';
import { Arrivals, type Way } from './Arrivals.tsx';
import { useClient } from './client.ts';
import { ErrorNotice } from './ErrorNotice.tsx';
import { useText } from './i18n.tsx';
import { useProfile } from './profile.tsx';
import { toast } from './toasts.ts';
import { go } from './view-state.ts';
import type { ProfileStatus } from '../../shared/contract/profile.ts';

/** The first of the person's languages that is one of the six. */
export function guessLanguage(): UnLanguage {
  for (const wanted of navigator.languages) {
    const found = unLanguages.find((entry) => entry.code === wanted.slice(0, 2).toLowerCase());
    if (found) return found.code;
  }
  return 'en';
}

export function FirstStart({
  onFinished,
  onArrived,
}: {
  readonly onFinished: (status: ProfileStatus) => void;
  /** Somebody who has a profile already has it here now. */
  readonly onArrived: () => void;
}) {
  const [done, setDone] = useState<ProfileStatus | null>(null);
  const [way, setWay] = useState<Way | null>(null);
  return (
    <main className="app-first">
      <div className="app-first-card">
        <img className="app-first-mark" src={iconUrl} alt="" />
        {done ? (
          <ChooseBeginning status={done} onFinished={onFinished} />
        ) : (
          <>
            {/* Out of sight while a backup is restored: nobody begins a second profile beside it. What was typed stays. */}
            <div className="app-first-part" hidden={way !== null}>
              <Introduce onDone={setDone} />
            </div>
            <Arrivals way={way} onWay={setWay} onArrived={onArrived} />
          </>
        )}
      </div>
    </main>
  );
}

function Introduce({ onDone }: { readonly onDone: (status: ProfileStatus) => void }) {
  const { t } = useText();
  const client = useClient();
  const { changeSettings } = useProfile();
  const [name, setName] = useState('');
  const [delegation, setDelegation] = useState('');
  const [language, setLanguage] = useState<UnLanguage>(guessLanguage);
  const [busy, setBusy] = useState(false);
  const [nameMissing, setNameMissing] = useState(false);
  const [error, setError] = useState<unknown>(null);

  const begin = (event: FormEvent): void => {
    event.preventDefault();
    if (name.trim() === '') {
      setNameMissing(true);
      return;
    }
    setBusy(true);
    setError(null);
    client.profile.setUp({ name, delegation, language }).then(
      (status) => {
        changeSettings({ language });
        onDone(status);
      },
      (cause: unknown) => {
        setError(cause);
        setBusy(false);
      },
    );
  };

  return (
    <>
      <h1>{t('first.welcome')}</h1>
      <p className="app-first-lead">{t('first.lead')}</p>
      <form onSubmit={begin} noValidate>
        <TextField
          label={t('first.name')}
          hint={t('first.name.hint')}
          value={name}
          onChange={(value) => {
            setName(value);
            setNameMissing(false);
          }}
          autoFocus
          isRequired
          autoComplete="name"
          {...(nameMissing ? { error: t('first.name.missing') } : {})}
        />
        <TextField
          label={t('first.delegation')}
          hint={t('first.delegation.hint')}
          value={delegation}
          onChange={setDelegation}
          autoComplete="organization"
        />
        <Segments
          label={t('first.language')}
          value={language}
          onChange={setLanguage}
          options={unLanguages.map((entry) => ({ id: entry.code, label: entry.name, lang: entry.code }))}
        />
        {language !== 'en' && !translations[language] ? <p className="wb-hint">{t('first.language.note')}</p> : null}
        {error ? <ErrorNotice error={error} /> : null}
        <div className="app-first-actions">
          <Button type="submit" variant="primary" isDisabled={busy}>
            {t('first.begin')}
          </Button>
          <span className="wb-hint">{t('first.privacy')}</span>
        </div>
      </form>
    </>
  );
}

function ChooseBeginning({
  status,
  onFinished,
}: {
  readonly status: ProfileStatus;
  readonly onFinished: (status: ProfileStatus) => void;
}) {
  const { t } = useText();
  const client = useClient();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);

  const loadSample = (): void => {
    setBusy(true);
    setError(null);
    client.profile.loadSample({}).then(
      ({ documents, drafts }) => {
        toast({ text: t('shelf.sample.loaded', { documents, drafts }) });
        onFinished({ ...status, sampleLoaded: true });
      },
      (cause: unknown) => {
        setError(cause);
        setBusy(false);
      },
    );
  };

  const joinCircle = (): void => {
    onFinished(status);
    go({ view: 'exchange', asks: 'invitation' });
  };

  return (
    <>
      <h1>{t('first.ready', { name: status.name })}</h1>
      <p className="app-first-lead">{t('first.ready.lead')}</p>
      <LinkButton className="app-choice" onPress={loadSample} isDisabled={busy} autoFocus>
        <BookOpenCheck size={19} aria-hidden />
        <span>
          <strong>{busy ? t('first.sample.loading') : t('first.sample')}</strong>
          <span>{t('first.sample.detail')}</span>
        </span>
      </LinkButton>
      <LinkButton className="app-choice" onPress={() => onFinished(status)} isDisabled={busy}>
        <LibraryBig size={19} aria-hidden />
        <span>
          <strong>{t('first.empty')}</strong>
          <span>{t('shelf.empty.short')}</span>
        </span>
      </LinkButton>
      <LinkButton className="app-choice" onPress={joinCircle} isDisabled={busy}>
        <LogIn size={19} aria-hidden />
        <span>
          <strong>{t('first.invitation')}</strong>
          <span>{t('first.invitation.detail')}</span>
        </span>
      </LinkButton>
      {error ? <ErrorNotice error={error} onRetry={loadSample} /> : null}
    </>
  );
}
