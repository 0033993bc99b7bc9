/** The commands that are always there. */
import { useClient } from './client.ts';
import { useCommand } from './commands.ts';
import { focusInto } from './focus.ts';
import { useText, type MessageId } from './i18n.tsx';
import { usePaneSlots } from './panes.tsx';
import { useProfile } from './profile.tsx';
import { toastError } from './toasts.ts';
import { leaveField } from './use-keys.ts';
import { go, goBack, useView, type Route } from './view-state.ts';
import type { Theme } from './appearance.ts';

/** Text sizes by step; the setting takes any value between 0.8 and 2. */
export const textSizes = [0.9, 1, 1.15, 1.3, 1.5, 1.75, 2] as const;

/** Moves focus to the next visible pane (rail, list, work, margin, status), where it was before in it if it was there. */
function focusPane(step: 1 | -1): void {
  const panes = [...document.querySelectorAll<HTMLElement>('[data-pane]')].filter((pane) => pane.offsetParent !== null);
  const at = panes.findIndex((pane) => pane.contains(document.activeElement));
  const next = panes[(at + step + panes.length) % panes.length];
  if (!next) return;
  focusInto(next);
}

function Place({ route, name, keys }: { readonly route: Route; readonly name: MessageId; readonly keys: string }) {
  const { t } = useText();
  useCommand({
    id: `go.${route.view}`,
    title: t('command.go', { place: t(name) }),
    key: keys,
    group: 'frame',
    run: () => go(route),
  });
  return null;
}

function ThemeCommand({ theme }: { readonly theme: Theme }) {
  const { t } = useText();
  const { changeSettings } = useProfile();
  useCommand({
    id: `theme.${theme}`,
    title: t('command.theme', { theme: t(`theme.${theme}`) }),
    group: 'frame',
    run: () => changeSettings({ theme }),
  });
  return null;
}

export function FrameCommands({
  listIsDrawer,
  marginIsDrawer,
}: {
  readonly listIsDrawer: boolean;
  readonly marginIsDrawer: boolean;
}) {
  const { t } = useText();
  const client = useClient();
  const { settings, changeSettings } = useProfile();
  const frame = { group: 'frame' } as const;
  const hasList = usePaneSlots((state) => state.list.filled > 0);
  const hasMargin = usePaneSlots((state) => state.margin.filled > 0);

  const resize = (step: 1 | -1): void => {
    const at = textSizes.findIndex((size) => size >= settings.textSize - 0.001);
    const next = textSizes[Math.min(textSizes.length - 1, Math.max(0, at + step))];
    if (next) changeSettings({ textSize: next });
  };

  useCommand({
    ...frame,
    id: 'back',
    title: t('command.back'),
    key: 'Escape',
    whileTyping: true,
    run: () => {
      if (leaveField()) return true;
      const { listOpen, marginOpen } = useView.getState();
      if (marginIsDrawer && marginOpen && hasMargin) return useView.setState({ marginOpen: false });
      if (listIsDrawer && listOpen && hasList) return useView.setState({ listOpen: false });
      return goBack();
    },
  });
  useCommand({
    ...frame,
    id: 'palette',
    title: t('palette.open'),
    key: 'Ctrl+K',
    run: () => useView.setState({ overlay: 'palette' }),
  });
  useCommand({
    ...frame,
    id: 'goto',
    title: t('goto.open'),
    key: 'Ctrl+P',
    run: () => useView.setState({ overlay: 'goto' }),
  });
  useCommand({
    ...frame,
    id: 'keys',
    title: t('keys.show'),
    key: '?',
    run: () => useView.setState({ overlay: 'keys' }),
  });
  useCommand({ ...frame, id: 'pane.next', title: t('pane.next'), key: 'F6', run: () => focusPane(1) });
  useCommand({
    ...frame,
    id: 'pane.previous',
    title: t('pane.previous'),
    key: 'Shift+F6',
    whileTyping: true,
    run: () => focusPane(-1),
  });
  useCommand(
    hasList
      ? {
          ...frame,
          id: 'pane.list',
          title: t('pane.list.toggle'),
          key: 'Ctrl+Shift+L',
          run: () => useView.setState((state) => ({ listOpen: !state.listOpen })),
        }
      : null,
  );
  useCommand(
    hasMargin
      ? {
          ...frame,
          id: 'pane.margin',
          title: t('pane.margin.toggle'),
          key: 'Ctrl+Shift+M',
          run: () => useView.setState((state) => ({ marginOpen: !state.marginOpen })),
        }
      : null,
  );
  useCommand({ ...frame, id: 'text.larger', title: t('command.larger'), key: 'Ctrl+Alt+.', run: () => resize(1) });
  useCommand({ ...frame, id: 'text.smaller', title: t('command.smaller'), key: 'Ctrl+Alt+,', run: () => resize(-1) });
  useCommand({
    ...frame,
    id: 'sync',
    title: t('command.sync'),
    key: 'F9',
    run: () => client.circles.sync({}).catch(toastError),
  });
  return (
    <>
      <Place route={{ view: 'shelf' }} name="app.shelf" keys="Alt+1" />
      <Place route={{ view: 'drafts' }} name="app.drafts" keys="Alt+2" />
      <Place route={{ view: 'merges' }} name="app.merge" keys="Alt+3" />
      <Place route={{ view: 'sessions' }} name="app.room" keys="Alt+4" />
      <Place route={{ view: 'exchange' }} name="app.exchange" keys="Alt+5" />
      <Place route={{ view: 'settings' }} name="app.settings" keys="Ctrl+," />
      <ThemeCommand theme="system" />
      <ThemeCommand theme="light" />
      <ThemeCommand theme="dark" />
      <ThemeCommand theme="contrast" />
    </>
  );
}
