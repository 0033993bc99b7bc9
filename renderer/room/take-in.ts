/** Taking in another note-taker's log from a file. */
import type { WorkbenchClient } from '../../shared/contract/contract.ts';
import type { RecordId } from '../../shared/ids.ts';
import { pickFilesInPage, uploadFile } from '../app/files.ts';
import type { TextTools } from '../app/i18n.tsx';
import { toast, toastError } from '../app/toasts.ts';

/** Null session: the log becomes a session of its own. Resolves with the session; null when nothing was picked. */
export async function takeInLog(
  client: WorkbenchClient,
  t: TextTools['t'],
  session: RecordId | null,
): Promise<RecordId | null> {
  try {
    const native = await client.files.pickFiles({ purpose: 'session-log' });
    const grants = native.unavailable
      ? await Promise.all((await pickFilesInPage('.dwsession')).map((file) => uploadFile(file)))
      : native.files.map(({ grant }) => grant);
    let target = session;
    for (const file of grants) {
      const { session: into, added, known } = await client.room.importLog({ session: target, file });
      target = into;
      toast({ text: t('room.imported', { added, known }) });
    }
    return grants.length === 0 ? null : target;
  } catch (error) {
    toastError(error);
    return null;
  }
}
