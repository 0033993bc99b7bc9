/** Hands a person the file that a service made. */
import type { WorkbenchClient } from '../../shared/contract/contract.ts';
import { startDownload } from '../app/files.ts';
import type { TextTools } from '../app/i18n.tsx';
import { toast } from '../app/toasts.ts';

export async function saveFile(
  client: WorkbenchClient,
  t: TextTools['t'],
  made: { readonly file: string; readonly name: string },
): Promise<void> {
  const { saved, name, downloadPath } = await client.files.save({ file: made.file });
  if (downloadPath !== null) startDownload(downloadPath, name);
  if (saved || downloadPath !== null) toast({ text: t('room.output.saved', { name }) });
}
