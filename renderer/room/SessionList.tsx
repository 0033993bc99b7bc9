/** The sessions of every circle, newest first, and how to begin one. */
import { FilePlus2, FolderInput, Mic } from 'lucide-react';
import { useState } from 'react';
import type { SessionSummary } from '../../shared/contract/room.ts';
import { useClient } from '../app/client.ts';
import { useCommand } from '../app/commands.ts';
import { ErrorNotice } from '../app/ErrorNotice.tsx';
import { useText } from '../app/i18n.tsx';
import { toast, toastError } from '../app/toasts.ts';
import { useLoaded } from '../app/use-loaded.ts';
import { go } from '../app/view-state.ts';
import { WorkBar } from '../app/WorkBar.tsx';
import { Button } from '../ui/Button.tsx';
import { LinkButton } from '../ui/LinkButton.tsx';
import { Select } from '../ui/Select.tsx';
import { EmptyState, Facts } from '../ui/Surface.tsx';
import { TextField } from '../ui/TextField.tsx';
import './room.css';
import { takeInLog } from './take-in.ts';

export function SessionList() {
  const { t } = useText();
  const client = useClient();
  const sessions = useLoaded(
    async (service) => (await service.room.list({})).sessions,
    [],
    (service, reload) => service.room.on('listChanged', reload),
  );
  const [making, setMaking] = useState(false);
  const shown = (sessions.data ?? []).filter(({ removed }) => !removed);
  const takeIn = (): void =>
    void takeInLog(client, t, null).then((session) =>
      session === null ? undefined : go({ view: 'session', session, tab: 'log' }),
    );
  useCommand({ id: 'room.new', title: t('room.new'), key: 'Ctrl+Alt+N', run: () => setMaking(true) });
  useCommand({ id: 'room.import', title: t('room.import'), run: takeIn });
  useCommand(
    making
      ? {
          id: 'room.new.close',
          title: t('app.cancel'),
          key: 'Escape',
          hidden: true,
          whileTyping: true,
          run: () => setMaking(false),
        }
      : null,
  );
  const buttons = (
    <>
      <Button icon={FilePlus2} variant="primary" onPress={() => setMaking(true)}>
        {t('room.new')}
      </Button>
      <Button icon={FolderInput} onPress={takeIn}>
        {t('room.import')}
      </Button>
    </>
  );
  return (
    <>
      <WorkBar
        title={t('app.room')}
        meta={sessions.data === null ? null : t('room.list.count', { count: shown.length })}
        actions={shown.length > 0 && !making ? <span className="room-buttons">{buttons}</span> : null}
      />
      <div className="app-scroll">
        <div className="app-column room-list">
          {sessions.error === null ? null : <ErrorNotice error={sessions.error} onRetry={sessions.reload} />}
          {making ? <NewSession onClose={() => setMaking(false)} /> : null}
          {sessions.data !== null && shown.length === 0 && !making ? (
            <EmptyState icon={Mic} title={t('room.empty.title')} actions={buttons}>
              {t('room.empty.lead')}
            </EmptyState>
          ) : (
            <ul>
              {shown.map((session) => (
                <Row key={session.id} session={session} />
              ))}
            </ul>
          )}
        </div>
      </div>
    </>
  );
}

function Row({ session }: { readonly session: SessionSummary }) {
  const { t, moment } = useText();
  const client = useClient();
  const { id, title } = session;
  const remove = (): void => {
    client.room.remove({ session: id }).then(
      () =>
        toast({
          text: t('room.removed', { title }),
          undo: () => void client.room.restore({ session: id }).catch(toastError),
        }),
      toastError,
    );
  };
  return (
    <li className="room-row">
      <LinkButton
        label={t('room.open', { title })}
        className="room-row-title"
        onPress={() => go({ view: 'session', session: id, tab: 'log' })}
      >
        <span lang={session.language} dir="auto">
          {title}
        </span>
      </LinkButton>
      <span className="room-quiet">
        <Facts
          items={[
            session.body,
            session.place,
            session.circleName,
            t('room.row.entries', { count: session.entries }),
            t('room.row.toCheck', { count: session.toCheck }),
            t('room.row.takers', { count: session.noteTakers }),
            moment(session.changedAt),
          ]}
        />
      </span>
      <Button size="small" variant="quiet" onPress={remove}>
        {t('room.remove')}
      </Button>
    </li>
  );
}

const machineTimeZone = new Intl.DateTimeFormat().resolvedOptions().timeZone;

function NewSession({ onClose }: { readonly onClose: () => void }) {
  const { t } = useText();
  const client = useClient();
  const circles = useLoaded(async (service) => (await service.circles.list({})).circles, []);
  const [fields, setFields] = useState({
    title: '',
    body: '',
    place: '',
    timeZone: machineTimeZone,
  });
  const [circle, setCircle] = useState('');
  const known = circles.data ?? [];
  const create = (): void => {
    const chosen = known.find(({ id }) => id === circle);
    client.room
      .create({ ...fields, ...(chosen ? { circle: chosen.id } : {}) })
      .then(({ id }) => go({ view: 'session', session: id, tab: 'prepare' }), toastError);
  };
  return (
    <form
      className="room-new"
      aria-label={t('room.new')}
      onSubmit={(event) => {
        event.preventDefault();
        if (fields.title.trim() !== '') create();
      }}
    >
      {(['title', 'body', 'place', 'timeZone'] as const).map((field) => (
        <TextField
          key={field}
          label={t(`room.field.${field}`)}
          value={fields[field]}
          autoFocus={field === 'title'}
          onChange={(value) => setFields((before) => ({ ...before, [field]: value }))}
          {...(field === 'timeZone' ? { hint: t('room.field.timeZone.hint') } : {})}
        />
      ))}
      {known.length > 1 ? (
        <Select
          label={t('room.field.circle')}
          value={circle || known[0]!.id}
          options={known.map(({ id, name }) => ({ id: id as string, label: name }))}
          onChange={setCircle}
        />
      ) : null}
      <div className="room-buttons">
        <Button type="submit" variant="primary" isDisabled={fields.title.trim() === ''}>
          {t('room.create')}
        </Button>
        <Button variant="quiet" onPress={onClose}>
          {t('app.cancel')}
        </Button>
      </div>
    </form>
  );
}
