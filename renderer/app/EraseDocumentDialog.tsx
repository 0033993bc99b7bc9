/**
 * Erasing a document for everybody: says what goes, what stays with others and what nobody can promise, and in which
 * places. The shelf and the reader call `askEraseDocument`; the question is drawn here, over whatever view is open.
 */
import { useState } from 'react';
import { create } from 'zustand';
import type { DocumentPlaces, DocumentSummary } from '../../shared/contract/library.ts';
import type { CircleId } from '../../shared/ids.ts';
import { Button } from '../ui/Button.tsx';
import { Dialog } from '../ui/Dialog.tsx';
import { Switch } from '../ui/Switch.tsx';
import { TextField } from '../ui/TextField.tsx';
import { useClient } from './client.ts';
import { ErrorNotice } from './ErrorNotice.tsx';
import { useText } from './i18n.tsx';
import { toast } from './toasts.ts';
import { useLoaded } from './use-loaded.ts';
import { go } from './view-state.ts';

export type ErasableDocument = Pick<DocumentSummary, 'id' | 'title' | 'fileName' | 'origin'>;
type Place = DocumentPlaces['places'][number];

const useRequest = create<{ readonly document: ErasableDocument | null }>(() => ({ document: null }));

/** Whether it is this person's to erase anywhere: what came through a circle is whoever brought it there's. */
export function mayErase({ origin }: ErasableDocument): boolean {
  return origin !== 'partner';
}

export function askEraseDocument(document: ErasableDocument): void {
  useRequest.setState({ document });
}

export function EraseDocumentDialog() {
  const document = useRequest((state) => state.document);
  if (!document) return null;
  return <Asking key={document.id} document={document} onClose={() => useRequest.setState({ document: null })} />;
}

function Asking({ document, onClose }: { readonly document: ErasableDocument; readonly onClose: () => void }) {
  const { t } = useText();
  const client = useClient();
  const loaded = useLoaded((service) => service.library.places({ document: document.id }), [document.id]);
  const [left, setLeft] = useState<ReadonlySet<CircleId>>(new Set());
  const [reason, setReason] = useState('');
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const title = document.title || document.fileName;
  const places = loaded.data?.places ?? [];
  const chosen = places.filter(({ circle }) => !left.has(circle));
  const isShared = chosen.some(({ personal }) => !personal);
  const erase = async (): Promise<void> => {
    setBusy(true);
    setError(null);
    try {
      for (const { circle, records } of chosen) await client.circles.erase({ circle, records, reason });
      onClose();
      toast({
        text: t('erase.document.done', { title }),
        ...(isShared ? { action: { label: t('erase.look'), run: () => go({ view: 'exchange' }) } } : {}),
      });
    } catch (thrown) {
      setError(thrown);
      // Of several places some may be done.
      loaded.reload();
    } finally {
      setBusy(false);
    }
  };
  return (
    <Dialog
      title={t(places.some(({ personal }) => !personal) ? 'erase.document.title' : 'erase.document.title.own', {
        title,
      })}
      closeLabel={t('app.close')}
      isOpen
      onClose={onClose}
      footer={
        <>
          <Button onPress={onClose}>{t('app.cancel')}</Button>
          <Button variant="danger" onPress={() => void erase()} isDisabled={busy || chosen.length === 0}>
            {t(busy ? 'erase.doing' : isShared ? 'erase.document.do' : 'erase.do')}
          </Button>
        </>
      }
    >
      <div className="erase-document">
        <p>{t('erase.document.goes')}</p>
        <p className="wb-hint">{t('erase.document.promise')}</p>
        {loaded.data ? <Places view={loaded.data} left={left} onLeft={setLeft} /> : null}
        {isShared ? (
          <TextField
            label={t('erase.reason')}
            hint={t('erase.reason.hint')}
            value={reason}
            onChange={setReason}
            lines={2}
            maxLength={2000}
          />
        ) : null}
        {error || loaded.error ? <ErrorNotice error={error ?? loaded.error} /> : null}
      </div>
    </Dialog>
  );
}

/** Where it goes from: everywhere that one has brought it, unless a place is left out. */
function Places({
  view: { places, keptIn },
  left,
  onLeft,
}: {
  readonly view: DocumentPlaces;
  readonly left: ReadonlySet<CircleId>;
  readonly onLeft: (left: ReadonlySet<CircleId>) => void;
}) {
  const { t, list } = useText();
  const hintOf = ({ annotations, alsoBy }: Place): string =>
    [
      annotations.others > 0 ? t('erase.document.others', { count: annotations.others }) : '',
      alsoBy.length > 0 ? t('erase.document.also', { names: list(alsoBy), count: alsoBy.length }) : '',
    ]
      .filter(Boolean)
      .join(' ');
  const toggle = (circle: CircleId, isOn: boolean): void => {
    const next = new Set(left);
    if (isOn) next.delete(circle);
    else next.add(circle);
    onLeft(next);
  };
  return (
    <div className="erase-places" role="group" aria-label={t('erase.document.from')}>
      <span className="wb-label">{t('erase.document.from')}</span>
      {places.map((place) => (
        <Switch
          key={place.circle}
          label={place.personal ? t('erase.document.own') : place.name}
          hint={hintOf(place)}
          isSelected={!left.has(place.circle)}
          onChange={(isOn) => toggle(place.circle, isOn)}
        />
      ))}
      {keptIn.length > 0 ? (
        <p className="wb-hint">{t('erase.document.kept', { names: list(keptIn), count: keptIn.length })}</p>
      ) : null}
    </div>
  );
}
