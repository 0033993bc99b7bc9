/** Makes a file of the draft, and shows what it leaves out or marks before it is saved. */
import { Download } from 'lucide-react';
import { useState } from 'react';
import { useClient } from '../../app/client.ts';
import { useCommand } from '../../app/commands.ts';
import { startDownload } from '../../app/files.ts';
import { useText } from '../../app/i18n.tsx';
import { toast, toastError } from '../../app/toasts.ts';
import { Button } from '../../ui/Button.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { Menu } from '../../ui/Menu.tsx';
import type { ExportFormat } from '../../../shared/contract/drafts.ts';
import type { DraftsClient } from '../contract-types.ts';
import { useOpenDraft } from './open-draft.ts';

const formats: readonly ExportFormat[] = ['docx', 'html', 'md', 'txt'];
type Exported = Awaited<ReturnType<DraftsClient['export']>>;

export function ExportMenu() {
  const { t, bytes } = useText();
  const client = useClient();
  const open = useOpenDraft();
  const [made, setMade] = useState<Exported | null>(null);

  const save = async (file: Exported): Promise<void> => {
    setMade(null);
    try {
      const saved = await client.files.save({ file: file.file });
      if (saved.downloadPath !== null) startDownload(saved.downloadPath, saved.name);
      else if (saved.saved) toast({ text: t('drafting.export.saved', { name: saved.name }) });
    } catch (error) {
      toastError(error);
    }
  };
  const make = async (format: ExportFormat): Promise<void> => {
    try {
      await open.binding.commit();
      const file = await client.drafts.export({ draft: open.id, format });
      if (file.remarks.length === 0) await save(file);
      else setMade(file);
    } catch (error) {
      toastError(error);
    }
  };
  useCommand({
    id: 'drafting.export.docx',
    title: t('drafting.export.docx'),
    key: 'Ctrl+Shift+E',
    group: 'view',
    run: () => void make('docx'),
  });

  return (
    <>
      <Menu
        label={t('drafting.export')}
        actions={formats.map((format) => ({
          id: format,
          label: t(`drafting.export.${format}`),
          ...(format === 'docx' ? { keys: 'Ctrl+Shift+E' } : {}),
          run: () => void make(format),
        }))}
      >
        <Button size="small" icon={Download}>
          {t('drafting.export')}
        </Button>
      </Menu>
      {made === null ? null : (
        <Dialog
          title={t('drafting.export.remarks', { count: made.remarks.length })}
          closeLabel={t('app.close')}
          isOpen
          onClose={() => setMade(null)}
          footer={
            <>
              <Button onPress={() => setMade(null)}>{t('app.cancel')}</Button>
              <Button variant="primary" autoFocus onPress={() => void save(made)}>
                {t('drafting.export.save', { name: made.name, size: bytes(made.sizeBytes) })}
              </Button>
            </>
          }
        >
          <ul className="draft-remarks">
            {made.remarks.map((remark, at) => (
              <li key={at}>
                <bdi>{remark}</bdi>
              </li>
            ))}
          </ul>
        </Dialog>
      )}
    </>
  );
}
