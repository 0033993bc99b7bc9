/**
 * Erasing for good: one of the few things that cannot be taken back, so it is asked for. A feature calls `askErase`; the
 * question is drawn here, over whatever view is open.
 */
import { useState } from 'react';
import { create } from 'zustand';
import type { CircleId, RecordId } from '../../shared/ids.ts';
import { Button } from '../ui/Button.tsx';
import { Dialog } from '../ui/Dialog.tsx';
import { TextField } from '../ui/TextField.tsx';
import { useClient } from './client.ts';
import { ErrorNotice } from './ErrorNotice.tsx';
import { useText } from './i18n.tsx';
import { toast } from './toasts.ts';
import { go } from './view-state.ts';

export interface EraseRequest {
  readonly circle: CircleId;
  /** What is erased, in the page's language: `the draft “Reply”`. */
  readonly what: string;
  readonly records: () => Promise<readonly RecordId[]>;
  /** Takes it out of sight first, where it still stands somewhere. */
  readonly remove?: () => Promise<unknown>;
}

const useRequest = create<{ readonly request: EraseRequest | null }>(() => ({ request: null }));

export function askErase(request: EraseRequest): void {
  useRequest.setState({ request });
}

export function EraseDialog() {
  const request = useRequest((state) => state.request);
  if (!request) return null;
  return <Asking request={request} onClose={() => useRequest.setState({ request: null })} />;
}

function Asking({ request, onClose }: { readonly request: EraseRequest; readonly onClose: () => void }) {
  const { t } = useText();
  const client = useClient();
  const [reason, setReason] = useState('');
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const { circle, what } = request;
  const erase = async (): Promise<void> => {
    setBusy(true);
    setError(null);
    try {
      const records = [...(await request.records())];
      await request.remove?.();
      await client.circles.erase({ circle, records, reason });
      onClose();
      toast({
        text: t('erase.done', { what }),
        action: { label: t('erase.look'), run: () => go({ view: 'exchange' }) },
      });
    } catch (thrown) {
      setError(thrown);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Dialog
      title={t('erase.title', { what })}
      closeLabel={t('app.close')}
      isOpen
      onClose={onClose}
      footer={
        <>
          <Button onPress={onClose}>{t('app.cancel')}</Button>
          <Button variant="danger" onPress={() => void erase()} isDisabled={busy}>
            {t(busy ? 'erase.doing' : 'erase.do')}
          </Button>
        </>
      }
    >
      <p>{t('erase.explained')}</p>
      <TextField
        label={t('erase.reason')}
        hint={t('erase.reason.hint')}
        value={reason}
        onChange={setReason}
        lines={2}
        maxLength={2000}
      />
      {error ? <ErrorNotice error={error} /> : null}
    </Dialog>
  );
}
