/** Whether it is saved, where the exchange stands, which language, how many words. */
import { Check, CloudOff, Loader, RefreshCw, TriangleAlert } from 'lucide-react';
import type { CircleView } from '../../shared/contract/circles.ts';
import { LinkButton } from '../ui/LinkButton.tsx';
import { describeError } from './ErrorNotice.tsx';
import { useText, type TextTools } from './i18n.tsx';
import { useEditorStatus } from './save-state.ts';
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
} as const;

function Saved() {
  const text = useText();
  const save = useEditorStatus((state) => state.save);
  if (save.kind === 'none') return null;
  const words = {
    saving: () => text.t('status.saving'),
    saved: () => text.t('status.saved', { time: save.kind === 'saved' ? new Date(save.at) : null }),
    failed: () => text.t('status.failed'),
  }[save.kind]();
  const Icon = { saving: Loader, saved: Check, failed: TriangleAlert }[save.kind];
  return (
    <span
      className="app-saved"
      data-save={save.kind}
      role="status"
      title={save.kind === 'failed' ? describeError(text, save.error) : undefined}
    >
      <Icon size={13} aria-hidden />
      {words}
    </span>
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
      {words === null ? null : <span>{text.t('status.words', { count: words })}</span>}
      <span title={text.t('status.language', { language: text.languageName(text.language) })}>
        {(language ?? text.language).toUpperCase()}
      </span>
    </footer>
  );
}
