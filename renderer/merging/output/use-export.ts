/** Making a file of a merge: first what it leaves out or marks, then saving. */
import { useCallback, useState } from 'react';
import type { WorkbenchClient } from '../../../shared/contract/contract.ts';
import { useClient } from '../../app/client.ts';
import { startDownload } from '../../app/files.ts';
import { useText } from '../../app/i18n.tsx';
import { toast, toastError } from '../../app/toasts.ts';
import { useMerge } from '../open-merge.ts';

type Export = WorkbenchClient['merging']['export'];
export type ExportRequest = Omit<Parameters<Export>[0], 'merge'>;
export type Exported = Awaited<ReturnType<Export>>;

export interface Output {
  /** Waits for a person who has read what it leaves out. */
  readonly made: Exported | null;
  readonly busy: boolean;
  readonly make: (request: ExportRequest) => void;
  readonly save: (file: Exported) => void;
  readonly close: () => void;
}

export function useExport(): Output {
  const { t } = useText();
  const client = useClient();
  const { id: merge } = useMerge();
  const [made, setMade] = useState<Exported | null>(null);
  const [busy, setBusy] = useState(false);
  const save = useCallback(
    (file: Exported): void => {
      setMade(null);
      client.files.save({ file: file.file }).then((saved) => {
        if (saved.downloadPath !== null) startDownload(saved.downloadPath, saved.name);
        if (saved.downloadPath !== null || saved.saved)
          toast({ text: t('merging.output.saved', { name: saved.name }) });
      }, toastError);
    },
    [client, t],
  );
  const make = useCallback(
    (request: ExportRequest): void => {
      setBusy(true);
      client.merging
        .export({ merge, ...request })
        .then((file) => (file.remarks.length === 0 ? save(file) : setMade(file)), toastError)
        .finally(() => setBusy(false));
    },
    [client, merge, save],
  );
  return { made, busy, make, save, close: () => setMade(null) };
}
