/** Opening a document, whose file may still be with a partner: then it is fetched through the circles' channels first. */
import { toErrorMessage } from '../../shared/contract/errors.ts';
import type { WorkbenchClient } from '../../shared/contract/contract.ts';
import type { DocumentView } from '../../shared/contract/library.ts';
import type { DocumentId } from '../../shared/ids.ts';

/** Fails as `library.open` does when no channel has the file. `onFetching` is told when it has to be waited for. */
export async function openDocument(
  client: WorkbenchClient,
  document: DocumentId,
  onFetching: () => void,
): Promise<DocumentView> {
  try {
    return await client.library.open({ document });
  } catch (error) {
    if (toErrorMessage(error).code !== 'original-missing') throw error;
    onFetching();
    const { here } = await client.circles.fetchOriginal({ document });
    if (!here) throw error;
    return client.library.open({ document });
  }
}
