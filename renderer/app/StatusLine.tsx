/** Whether it is saved, where the exchange stands, which language, how many words. */
import { Check, CircleHelp, CloudOff, Loader, Pause, RefreshCw, TriangleAlert } from 'lucide-react';
import { useEffect, useState } from 'react';
import type { CircleView } from '../../shared/contract/circles.ts';
import { LinkButton } from '../ui/LinkButton.tsx';
import { describeError } from './ErrorNotice.tsx';
import { useText, type TextTools } from './i18n.tsx';
import { useEditorStatus, type SaveState } from './save-state.ts';
import { useStatusNotes } from './status-notes.ts';
import { useLoaded } from './use-loaded.ts';
import { go } from './view-state.ts';

/** A circle's state in one line: `Region AB: 2 unsent (folder away since 09:10)`. */
export function circleLine(text: TextTools, circle: CircleView): string {
  return text.t(`status.circle.${circle.state}`, {
    name: circle.name,
    count: circle.unsentChanges,
    since: circle.awaySince ? text.moment(circle.awaySince) : '',
  });
}

const circleIcons = {
  local: Check,
  'in-step': Check,
  exchanging: RefreshCw,
  unsent: RefreshCw,
  away: CloudOff,
  trouble: TriangleAlert,
  'waiting-for-permission': CircleHelp,
  paused: Pause,
} as const;

/** Says once that something could not be saved, and that it is again; every pause in typing would be too much to hear. */
function useSavedAnnouncement(text: TextTools, save: SaveState): string {
  const [failedBefore, setFailedBefore] = useState(false);
  const { kind } = save;
  useEffect(() => {
    if (kind === 'failed') setFailedBefore(true);
    if (kind === 'none') setFailedBefore(false);
  }, [kind]);
  if (save.kind === 'failed') return text.t('status.failed.announced', { reason: describeError(text, save.error) });
  return failedBefore && save.kind === 'saved' ? text.t('status.saved.announced') : '';
}

function Saved() {
  const text = useText();
  const save = useEditorStatus((state) => state.save);
  const announced = useSavedAnnouncement(text, save);
  const announcement = (
    <span className="visually-hidden" role="status">
      {announced}
    </span>
  );
  if (save.kind === 'none') return announcement;
  const words = {
    saving: () => text.t('status.saving'),
    saved: () =>
      save.kind === 'saved' && save.at !== null
        ? text.t('status.saved', { time: new Date(save.at) })
        : text.t('status.saved.all'),
    failed: () => text.t('status.failed'),
  }[save.kind]();
  const failure = save.kind === 'failed' ? describeError(text, save.error) : '';
  const Icon = { saving: Loader, saved: Check, failed: TriangleAlert }[save.kind];
  return (
    <>
      {announcement}
      <span className="app-saved" data-save={save.kind} title={failure === '' ? undefined : failure}>
        <Icon size={13} aria-hidden />
        <span>{failure === '' ? words : `${words}: ${failure}`}</span>
      </span>
    </>
  );
}

function Notes() {
  const notes = useStatusNotes((state) => state.notes);
  return notes.map(({ id, text, tone, onPress }) =>
    onPress ? (
      <LinkButton key={id} className="app-status-note" onPress={onPress}>
        <span data-tone={tone}>{text}</span>
      </LinkButton>
    ) : (
      <span key={id} className="app-status-note" data-tone={tone}>
        {text}
      </span>
    ),
  );
}

export function StatusLine() {
  const text = useText();
  const { words, language } = useEditorStatus();
  const circles = useLoaded(
    async (client) => (await client.circles.list({})).circles,
    [],
    (client, reload) => client.circles.on('changed', reload),
  );
  const shared = circles.data?.filter((circle) => !circle.personal) ?? [];
  return (
    <footer className="app-status no-print" aria-label={text.t('status.label')} data-pane="status" tabIndex={-1}>
      <Saved />
      {shared.map((circle) => {
        const Icon = circleIcons[circle.state];
        return (
          <LinkButton key={circle.id} className="app-status-circle" onPress={() => go({ view: 'exchange' })}>
            <Icon size={13} aria-hidden data-state={circle.state} />
            <span>{circleLine(text, circle)}</span>
          </LinkButton>
        );
      })}
      <span className="app-status-gap" />
      <Notes />
      {words === null ? null : <span>{text.t('status.words', { count: words })}</span>}
      <span title={text.t('status.language', { language: text.languageName(text.language) })}>
        {(language ?? text.language).toUpperCase()}
      </span>
    </footer>
  );
}
