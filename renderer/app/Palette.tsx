import { useMemo, useState } from 'react';
import { PickList, type PickSection } from '../ui/PickList.tsx';
import { useCommands, type Command } from './commands.ts';
import { filterByWords } from './find-words.ts';
import { useText } from './i18n.tsx';
import { useView } from './view-state.ts';

const close = (): void => useView.setState({ overlay: 'none' });

/** Runs a picked command once the dialog is gone and focus is back, so that commands see the page as it was. */
const afterClosing = (command: Command) => (): void => {
  requestAnimationFrame(() => void command.run());
};

/** Every action of the frame and of the open view, with its key. */
export function Palette() {
  const { t } = useText();
  const commands = useCommands((state) => state.commands);
  const [query, setQuery] = useState('');
  const sections = useMemo<readonly PickSection[]>(() => {
    const listed = commands.filter((command) => !command.hidden && command.id !== 'palette');
    const fitting = filterByWords(query, listed, (command) => `${command.title} ${command.words ?? ''}`);
    const section = (group: 'frame' | 'view') => ({
      id: group,
      title: t(`keys.group.${group}`),
      items: fitting
        .filter((command) => (command.group ?? 'view') === group)
        .map((command) => ({
          id: command.id,
          title: command.title,
          ...(command.key ? { keys: command.key } : {}),
          run: afterClosing(command),
        })),
    });
    return [section('view'), section('frame')];
  }, [commands, query, t]);
  return (
    <PickList
      label={t('palette.title')}
      placeholder={t('palette.placeholder')}
      query={query}
      onQuery={setQuery}
      sections={sections}
      nothing={t('palette.none')}
      onClose={close}
    />
  );
}
