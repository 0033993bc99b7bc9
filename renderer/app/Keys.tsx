import { Dialog } from '../ui/Dialog.tsx';
import { Kbd } from '../ui/Kbd.tsx';
import { useCommands } from './commands.ts';
import { useText } from './i18n.tsx';
import { useView } from './view-state.ts';

/** The keys that work at the moment. */
export function Keys() {
  const { t } = useText();
  const commands = useCommands((state) => state.commands).filter((command) => command.key);
  const groups = (['view', 'frame'] as const)
    .map((group) => ({ group, commands: commands.filter((command) => (command.group ?? 'view') === group) }))
    .filter((entry) => entry.commands.length > 0);
  return (
    <Dialog
      title={t('keys.title')}
      closeLabel={t('app.close')}
      isOpen
      onClose={() => useView.setState({ overlay: 'none' })}
      width="wide"
    >
      <div className="app-keys">
        {groups.map(({ group, commands: listed }) => (
          <section key={group}>
            <h3>{t(`keys.group.${group}`)}</h3>
            <dl>
              {listed.map((command) => (
                <div key={command.id}>
                  <dt>{command.title}</dt>
                  <dd>
                    <Kbd keys={command.key ?? ''} />
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  );
}
