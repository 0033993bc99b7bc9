/** Name and delegation, language, look, where new work goes, where data lies. `renderer/settings/` holds nothing else. */
import { Contrast, Monitor, Moon, Sun } from 'lucide-react';
import { useState, type FormEvent } from 'react';
import type { CircleId } from '../../shared/ids.ts';
import { translations, unLanguages } from '../../shared/i18n/messages.ts';
import { textSizes } from '../app/FrameCommands.tsx';
import { useClient } from '../app/client.ts';
import { ErrorNotice } from '../app/ErrorNotice.tsx';
import { useText } from '../app/i18n.tsx';
import { useProfile } from '../app/profile.tsx';
import { toast, toastError } from '../app/toasts.ts';
import { useLoaded } from '../app/use-loaded.ts';
import { WorkBar } from '../app/WorkBar.tsx';
import { Button } from '../ui/Button.tsx';
import { Select } from '../ui/Select.tsx';
import { Segments } from '../ui/Switch.tsx';
import { TextField } from '../ui/TextField.tsx';
import { DataUse } from './DataUse.tsx';
import { Part } from './Part.tsx';
import { Security } from './Security.tsx';
import './settings.css';

export function SettingsView() {
  const { t } = useText();
  return (
    <>
      <WorkBar title={t('settings.title')} />
      <div className="app-scroll">
        <div className="app-column">
          <Person />
          <Look />
          <Writing />
          <Part title={t('settings.exchange')}>
            <DataUse />
          </Part>
          <Security />
          <Data />
          <About />
        </div>
      </div>
    </>
  );
}

function Person() {
  const { t } = useText();
  const client = useClient();
  const { status, setStatus } = useProfile();
  const [name, setName] = useState(status.name);
  const [delegation, setDelegation] = useState(status.delegation);
  const [error, setError] = useState<unknown>(null);
  const changed = name.trim() !== status.name || delegation.trim() !== status.delegation;
  const save = (event: FormEvent): void => {
    event.preventDefault();
    if (!changed || name.trim() === '') return;
    setError(null);
    client.profile.rename({ name, delegation }).then((next) => {
      setStatus(next);
      toast({ text: t('settings.person.saved') });
    }, setError);
  };
  return (
    <Part title={t('settings.person')}>
      <form className="settings-person" onSubmit={save} noValidate>
        <TextField
          label={t('first.name')}
          value={name}
          onChange={setName}
          isRequired
          {...(name.trim() === '' ? { error: t('first.name.missing') } : {})}
        />
        <TextField label={t('first.delegation')} value={delegation} onChange={setDelegation} />
        {error ? <ErrorNotice error={error} /> : null}
        <div>
          <Button type="submit" isDisabled={!changed || name.trim() === ''}>
            {t('settings.person.save')}
          </Button>
        </div>
      </form>
    </Part>
  );
}

const themes = [
  { id: 'system', icon: Monitor },
  { id: 'light', icon: Sun },
  { id: 'dark', icon: Moon },
  { id: 'contrast', icon: Contrast },
] as const;

function Look() {
  const { t } = useText();
  const { settings, changeSettings } = useProfile();
  const nearest = textSizes.reduce((best, size) =>
    Math.abs(size - settings.textSize) < Math.abs(best - settings.textSize) ? size : best,
  );
  return (
    <Part title={t('settings.look')}>
      <Segments
        label={t('settings.language')}
        value={settings.language}
        onChange={(language) => changeSettings({ language })}
        options={unLanguages.map((entry) => ({ id: entry.code, label: entry.name, lang: entry.code }))}
      />
      {settings.language !== 'en' && !translations[settings.language] ? (
        <p className="wb-hint">{t('first.language.note')}</p>
      ) : null}
      <Segments
        label={t('settings.theme')}
        value={settings.theme}
        onChange={(theme) => changeSettings({ theme })}
        options={themes.map(({ id, icon }) => ({ id, icon, label: t(`theme.${id}`) }))}
      />
      <Segments
        label={t('settings.textsize')}
        value={String(nearest)}
        onChange={(size) => changeSettings({ textSize: Number(size) })}
        options={textSizes.map((size) => ({
          id: String(size),
          label: t('settings.textsize.value', { percent: size }),
        }))}
      />
    </Part>
  );
}

function Writing() {
  const { t } = useText();
  const { settings, changeSettings } = useProfile();
  const circles = useLoaded(
    async (client) => (await client.circles.list({})).circles,
    [],
    (client, reload) => client.circles.on('changed', reload),
  );
  const shared = (circles.data ?? []).filter((circle) => !circle.personal);
  const chosen = shared.some((circle) => circle.id === settings.defaultCircle) ? settings.defaultCircle : null;
  return (
    <Part title={t('settings.writing')}>
      <Select
        label={t('settings.circle')}
        hint={t('settings.circle.hint')}
        value={chosen ?? 'personal'}
        onChange={(id) => changeSettings({ defaultCircle: id === 'personal' ? null : (id as CircleId) })}
        options={[
          { id: 'personal', label: t('settings.circle.personal') },
          ...shared.map((circle) => ({ id: circle.id as string, label: circle.name })),
        ]}
      />
    </Part>
  );
}

function Data() {
  const { t } = useText();
  const client = useClient();
  const { status } = useProfile();
  const [busy, setBusy] = useState(false);
  const loadSample = (): void => {
    setBusy(true);
    client.profile
      .loadSample({})
      .then((loaded) => toast({ text: t('shelf.sample.loaded', loaded) }), toastError)
      .finally(() => setBusy(false));
  };
  return (
    <Part title={t('settings.data')}>
      <div>
        <span className="wb-label">{t('settings.data.folder')}</span>
        <p className="settings-path">
          <code dir="ltr">{status.dataFolder}</code>
        </p>
        <p className="wb-hint">{t('settings.data.hint')}</p>
      </div>
      {status.sampleLoaded ? null : (
        <div>
          <Button onPress={loadSample} isDisabled={busy}>
            {busy ? t('first.sample.loading') : t('settings.sample')}
          </Button>
        </div>
      )}
    </Part>
  );
}

function About() {
  const { t } = useText();
  const { status } = useProfile();
  return (
    <Part title={t('settings.about')}>
      <p>
        {t('settings.about.version', { version: status.version, shell: status.shell })} {t('settings.about.network')}
      </p>
    </Part>
  );
}
