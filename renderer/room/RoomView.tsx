/**
 * One session: logging, preparing, bringing several logs together, putting out. `renderer/room/` reads and orders with
 * `shared/room`, and keeps with the room service; it decides nothing of its own.
 */
import { memo, useCallback, useEffect, useState } from 'react';
import type { RecordId } from '../../shared/ids.ts';
import { ErrorNotice } from '../app/ErrorNotice.tsx';
import { useCommand } from '../app/commands.ts';
import { useText } from '../app/i18n.tsx';
import { clearEditor, showTextLanguage } from '../app/save-state.ts';
import { useStatusNote } from '../app/status-notes.ts';
import { go, sessionTabs, type SessionTab } from '../app/view-state.ts';
import { WorkBar } from '../app/WorkBar.tsx';
import { Button } from '../ui/Button.tsx';
import { Stations } from '../ui/Stations.tsx';
import { Facts } from '../ui/Surface.tsx';
import { LogTab } from './LogTab.tsx';
import { OutputTab } from './OutputTab.tsx';
import { PrepareTab } from './PrepareTab.tsx';
import './room.css';
import { useSession, type SessionData } from './session-data.ts';
import { TogetherTab } from './TogetherTab.tsx';
import { usePlaceName } from './words.tsx';

export function RoomView({ session, tab }: { readonly session: RecordId; readonly tab: SessionTab }) {
  const { t } = useText();
  const { data, error } = useSession(session);
  const [large, setLarge] = useState(false);
  const changeType = useCallback(() => setLarge((before) => !before), []);
  useEffect(() => clearEditor, []);
  const language = data?.view.head.summary.language ?? null;
  useEffect(() => showTextLanguage(language), [language]);
  useCommand({
    id: 'room.large',
    title: t('room.large'),
    key: 'Ctrl+Shift+Z',
    run: changeType,
  });
  if (data === null) {
    return error === null ? (
      <p className="app-waiting" role="status">
        {t('app.loading')}
      </p>
    ) : (
      <ErrorNotice error={error} />
    );
  }
  return (
    <>
      <Bar data={data} large={large} onLarge={changeType} />
      <TakersNote data={data} />
      <Tabs tab={tab} session={session} />
      <div className="room" data-large={large || undefined} data-tab={tab}>
        {tab === 'log' ? <LogTab data={data} /> : null}
        {tab === 'prepare' ? <PrepareTab data={data} /> : null}
        {tab === 'merge' ? <TogetherTab data={data} /> : null}
        {tab === 'output' ? <OutputTab data={data} /> : null}
      </div>
    </>
  );
}

/** By themselves: the session changes at every line, and they do not. */
const Tabs = memo(function Tabs({ tab, session }: { readonly tab: SessionTab; readonly session: RecordId }) {
  const { t } = useText();
  return (
    <>
      <Stations
        label={t('room.tabs')}
        items={sessionTabs.map((id) => ({ id, label: t(`room.tab.${id}`) }))}
        current={tab}
        onGo={(id) => go({ view: 'session', session, tab: id })}
      />
      {sessionTabs.map((each) => (
        <TabCommand key={each} tab={each} session={session} />
      ))}
    </>
  );
});

function TabCommand({ tab, session }: { readonly tab: SessionTab; readonly session: RecordId }) {
  const { t } = useText();
  useCommand({
    id: `room.tab.${tab}`,
    title: t(`room.tab.${tab}`),
    key: `Ctrl+Alt+${sessionTabs.indexOf(tab) + 1}`,
    run: () => go({ view: 'session', session, tab }),
  });
  return null;
}

function Bar({
  data,
  large,
  onLarge,
}: {
  readonly data: SessionData;
  readonly large: boolean;
  readonly onLarge: () => void;
}) {
  const { t } = useText();
  const { head } = data.view;
  const placeName = usePlaceName(head);
  const facts = [
    placeName(data.carried),
    head.texts[0]?.version ?? '',
    head.chair,
    t('room.row.entries', { count: data.interventions.length }),
  ];
  return (
    <WorkBar
      title={head.summary.title}
      lang={head.summary.language}
      meta={<Facts items={facts} />}
      actions={<LargeType large={large} onLarge={onLarge} />}
    />
  );
}

const LargeType = memo(function LargeType({
  large,
  onLarge,
}: {
  readonly large: boolean;
  readonly onLarge: () => void;
}) {
  const { t } = useText();
  return (
    <Button size="small" variant={large ? 'primary' : 'plain'} aria-pressed={large} onPress={onLarge}>
      {t('room.large')}
    </Button>
  );
});

function TakersNote({ data }: { readonly data: SessionData }) {
  const { t } = useText();
  const { clocks } = data.view.head;
  const known = clocks.filter(({ offsetMs }) => offsetMs !== null).length;
  const set = known === clocks.length ? 'all' : known > 0 ? 'some' : 'none';
  useStatusNote(
    clocks.length < 2
      ? null
      : {
          id: 'room.takers',
          text: t('room.status.clocks', { count: clocks.length, set }),
          tone: set === 'none' ? 'warn' : 'neutral',
        },
  );
  return null;
}
