/**
 * Choosing a folder: the shell's own dialog where it has one, else a list drawn here (`files.browse`). Either way the page
 * gets a grant and a name to show, never a path to use.
 */
import { CornerLeftUp, Folder, FolderPlus, HardDrive } from 'lucide-react';
import { useState, type FormEvent, type ReactNode } from 'react';
import { Button } from '../ui/Button.tsx';
import { Dialog } from '../ui/Dialog.tsx';
import { LinkButton } from '../ui/LinkButton.tsx';
import { TextField } from '../ui/TextField.tsx';
import { useClient } from './client.ts';
import { ErrorNotice } from './ErrorNotice.tsx';
import { useText } from './i18n.tsx';
import { toastError } from './toasts.ts';
import './folder-picker.css';
import { useLoaded } from './use-loaded.ts';

export interface PickedFolder {
  readonly name: string;
  readonly grant: string;
}

/** A button that asks for a folder and shows the one chosen. */
export function FolderField({
  label,
  hint,
  error,
  folder,
  onPick,
}: {
  readonly label: string;
  readonly hint: string;
  readonly error?: string;
  readonly folder: PickedFolder | null;
  readonly onPick: (folder: PickedFolder) => void;
}) {
  const { t } = useText();
  const { pick, dialog } = useFolderPicker(onPick);
  return (
    <div className="wb-field">
      <span className="wb-label">{label}</span>
      <div className="app-folder-field">
        <Button icon={Folder} onPress={pick}>
          {t('exchange.folder.choose')}
        </Button>
        <bdi className={folder ? 'app-folder-name' : 'wb-quiet'}>
          {folder ? folder.name : t('exchange.folder.none')}
        </bdi>
      </div>
      <span className="wb-hint">{hint}</span>
      {error ? (
        <span className="wb-field-error" role="alert">
          {error}
        </span>
      ) : null}
      {dialog}
    </div>
  );
}

/** `pick` asks for a folder; `dialog` must be rendered somewhere for shells without a dialog of their own. */
export function useFolderPicker(onPick: (folder: PickedFolder) => void): {
  pick: () => void;
  dialog: ReactNode;
} {
  const client = useClient();
  const [browsing, setBrowsing] = useState(false);
  const pick = (): void => {
    client.files.pickFolder({}).then((answer) => {
      if (answer.unavailable) setBrowsing(true);
      else if (answer.folder) onPick(answer.folder);
    }, toastError);
  };
  const dialog = browsing ? (
    <FolderBrowser
      onClose={() => setBrowsing(false)}
      onPick={(folder) => {
        setBrowsing(false);
        onPick(folder);
      }}
    />
  ) : null;
  return { pick, dialog };
}

function FolderBrowser({
  onPick,
  onClose,
}: {
  readonly onPick: (folder: PickedFolder) => void;
  readonly onClose: () => void;
}) {
  const { t } = useText();
  // Where we are; null = the places to begin (home, sticks).
  const [at, setAt] = useState<string | null>(null);
  const here = useLoaded((client) => client.files.browse({ folder: at }), [at]);
  const folders = (here.data?.entries ?? []).filter((entry) => entry.isFolder);
  const title = at === null ? t('folder.places') : (here.data?.title ?? '');
  return (
    <Dialog
      title={t('folder.title')}
      closeLabel={t('app.close')}
      isOpen
      onClose={onClose}
      footer={
        <>
          <Button onPress={onClose}>{t('app.cancel')}</Button>
          <Button
            variant="primary"
            isDisabled={at === null || here.loading}
            onPress={() => at !== null && onPick({ name: title, grant: at })}
          >
            {t('folder.use')}
          </Button>
        </>
      }
    >
      <div className="app-folders">
        <div className="app-folders-head">
          <Button
            size="small"
            icon={CornerLeftUp}
            isDisabled={at === null}
            onPress={() => setAt(here.data?.parent ?? null)}
          >
            {t('folder.up')}
          </Button>
          <bdi className="wb-ellipsis">{title}</bdi>
        </div>
        {here.error ? <ErrorNotice error={here.error} onRetry={here.reload} /> : null}
        <ul className="app-folders-list" aria-label={t('folder.entries')} aria-busy={here.loading}>
          {folders.map((entry) => (
            <li key={entry.grant}>
              <LinkButton className="app-folders-entry" onPress={() => setAt(entry.grant)}>
                {at === null ? <HardDrive size={15} aria-hidden /> : <Folder size={15} aria-hidden />}
                <bdi>{entry.name}</bdi>
              </LinkButton>
            </li>
          ))}
          {here.data && folders.length === 0 ? (
            <li className="wb-quiet app-folders-none">{t('folder.empty')}</li>
          ) : null}
        </ul>
        {at !== null ? <NewFolder parent={at} onMade={(folder) => setAt(folder.grant)} /> : null}
      </div>
    </Dialog>
  );
}

function NewFolder({ parent, onMade }: { readonly parent: string; readonly onMade: (folder: PickedFolder) => void }) {
  const { t } = useText();
  const client = useClient();
  const [name, setName] = useState('');
  const [error, setError] = useState<unknown>(null);
  const make = (event: FormEvent): void => {
    event.preventDefault();
    if (name.trim() === '') return;
    client.files.makeFolder({ parent, name: name.trim() }).then((folder) => {
      setName('');
      setError(null);
      onMade(folder);
    }, setError);
  };
  return (
    <form className="app-folders-new" onSubmit={make}>
      <TextField
        label={t('folder.new.name')}
        hideLabel
        placeholder={t('folder.new.name')}
        value={name}
        onChange={setName}
      />
      <Button type="submit" icon={FolderPlus} isDisabled={name.trim() === ''}>
        {t('folder.new.make')}
      </Button>
      {error ? <ErrorNotice error={error} thing={name} /> : null}
    </form>
  );
}
