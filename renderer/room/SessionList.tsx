/** The sessions of every circle, newest first, and how to begin one. */
import { FilePlus2, FolderInput, Mic, Trash2 } from 'lucide-react';
import { useState } from 'react';
import type { SessionSummary } from '../../shared/contract/room/session.ts';
import type { CircleId } from '../../shared/ids.ts';
import { useClient } from '../app/client.ts';
import { useCommand } from '../app/commands.ts';
import { ErrorNotice } from '../app/ErrorNotice.tsx';
import { useText } from '../app/i18n.tsx';
import { useProfile } from '../app/profile.tsx';
import { toast, toastError } from '../app/toasts.ts';
import { useLoaded } from '../app/use-loaded.ts';
import { go } from '../app/view-state.ts';
import { WorkBar } from '../app/WorkBar.tsx';
import { Button } from '../ui/Button.tsx';
import { ListRow } from '../ui/ListRow.tsx';
import { MoreMenu } from '../ui/Menu.tsx';
import { Select } from '../ui/Select.tsx';
import { Card, EmptyState } from '../ui/Surface.tsx';
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
    <ListRow
      label={t('room.open', { title })}
      title={title}
      lang={session.language}
      facts={[
        session.body,
        session.place,
        session.circleName,
        t('room.row.entries', { count: session.entries }),
        t('room.row.toCheck', { count: session.toCheck }),
        t('room.row.takers', { count: session.noteTakers }),
        moment(session.changedAt),
      ]}
      onOpen={() => go({ view: 'session', session: id, tab: 'log' })}
    >
      <MoreMenu
        label={t('room.row.more', { title })}
        actions={[{ id: 'remove', label: t('room.remove'), icon: Trash2, danger: true, run: remove }]}
      />
    </ListRow>
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
  const { settings } = useProfile();
  const [chosen, setChosen] = useState<CircleId | null>(null);
  const known = circles.data ?? [];
  // Where everything else of this person goes; a log is heard by others only if somebody says so.
  const circle =
    known.find(({ id }) => id === (chosen ?? settings.defaultCircle)) ?? known.find(({ personal }) => personal);
  const create = (): void => {
    client.room
      .create({ ...fields, ...(circle ? { circle: circle.id } : {}) })
      .then(({ id }) => go({ view: 'session', session: id, tab: 'prepare' }), toastError);
  };
  const field = (name: keyof typeof fields) => (
    <TextField
      label={t(`room.field.${name}`)}
      value={fields[name]}
      autoFocus={name === 'title'}
      onChange={(value) => setFields((before) => ({ ...before, [name]: value }))}
      {...(name === 'timeZone' ? { hint: t('room.field.timeZone.hint') } : {})}
    />
  );
  return (
    <Card>
      <form
        className="room-new"
        aria-label={t('room.new.heading')}
        onSubmit={(event) => {
          event.preventDefault();
          if (fields.title.trim() !== '') create();
        }}
      >
        <h2>{t('room.new.heading')}</h2>
        {field('title')}
        <div className="room-new-row">
          {field('body')}
          {field('place')}
        </div>
        {field('timeZone')}
        {circle && known.length > 1 ? (
          <Select
            label={t('room.field.circle')}
            hint={t(circle.personal ? 'room.field.circle.mine' : 'room.field.circle.hint')}
            value={circle.id as string}
            options={known.map(({ id, name }) => ({ id: id as string, label: name }))}
            onChange={(id) => setChosen(id as CircleId)}
          />
        ) : null}
        <div className="room-buttons">
          <Button type="submit" variant="primary" isDisabled={fields.title.trim() === ''}>
            {t('room.create')}
          </Button>
          <Button onPress={onClose}>{t('app.cancel')}</Button>
        </div>
      </form>
    </Card>
  );
}
