/* placeholder of the lead while the real one is being written; overwrite it */
import { WorkbenchError } from '../../../shared/contract/errors.ts';
export async function loadSample(_options: object): Promise<{ documents: number; drafts: number }> {
  throw new WorkbenchError('not-found', 'The sample workspace is not in this build.');
}
