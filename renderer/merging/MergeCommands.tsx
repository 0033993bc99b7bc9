/** What can be done to a merge wherever one is in it. */
import { useCommand } from '../app/commands.ts';
import { useText } from '../app/i18n.tsx';
import { go, mergeTabs, type MergeTab } from '../app/view-state.ts';
import { useMerge } from './open-merge.ts';

export function MergeCommands({ tab }: { readonly tab: MergeTab }) {
  const { t } = useText();
  const { view, undo, redo } = useMerge();
  useCommand({
    id: 'merging.undo',
    title: t('merging.undo'),
    key: 'Ctrl+Z',
    whileTyping: false,
    run: undo,
  });
  useCommand({
    id: 'merging.redo',
    title: t('merging.redo'),
    key: 'Ctrl+Shift+Z',
    whileTyping: false,
    run: redo,
  });
  useCommand({
    id: 'merging.draft',
    title: t('merging.common.open'),
    key: 'Ctrl+Alt+D',
    run: () => go({ view: 'draft', draft: view.summary.draft, block: null }),
  });
  return mergeTabs.map((one, at) => <Station key={one} tab={one} current={tab} keys={`Ctrl+Alt+${at + 1}`} />);
}

function Station({
  tab,
  current,
  keys,
}: {
  readonly tab: MergeTab;
  readonly current: MergeTab;
  readonly keys: string;
}) {
  const { t } = useText();
  const { id } = useMerge();
  useCommand({
    id: `merging.go.${tab}`,
    title: t('merging.go', { place: t(`merging.tab.${tab}`) }),
    key: keys,
    run: () => (tab === current ? undefined : go({ view: 'merge', merge: id, tab, place: null })),
  });
  return null;
}
