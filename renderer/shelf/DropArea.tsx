/**
 * Files may be dropped anywhere on the window; and importing is a command wherever one is. A view that takes files itself
 * (`useDropTaker`) gets them instead of the shelf.
 */
import { Download } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useClient, useConnection } from '../app/client.ts';
import { useCommand } from '../app/commands.ts';
import { takeBundles } from '../app/bundle-import.ts';
import { useDropTakers } from '../app/drop-takers.ts';
import { filesOfDrop } from '../app/files.ts';
import { useText } from '../app/i18n.tsx';
import { toastError } from '../app/toasts.ts';
import { importDropped, importGranted, importPicked } from './import-files.ts';
import './shelf.css';

const carriesFiles = (event: DragEvent): boolean => event.dataTransfer?.types.includes('Files') ?? false;

export function DropArea() {
  const { t } = useText();
  const client = useClient();
  const [over, setOver] = useState(false);
  const taker = useDropTakers((state) => state.takers.at(-1));

  useCommand({
    id: 'shelf.import',
    title: t('shelf.import.command'),
    key: 'Ctrl+O',
    group: 'frame',
    run: () => void importPicked(client, t('shelf.import.stopped')),
  });

  useEffect(() => {
    // dragenter and dragleave fire for every element passed; the window is left when nothing is entered in exchange.
    let depth = 0;
    const onEnter = (event: DragEvent): void => {
      if (!carriesFiles(event)) return;
      event.preventDefault();
      depth += 1;
      setOver(true);
    };
    const onOver = (event: DragEvent): void => {
      if (carriesFiles(event)) event.preventDefault();
    };
    const onLeave = (event: DragEvent): void => {
      if (!carriesFiles(event)) return;
      depth = Math.max(0, depth - 1);
      if (depth === 0) setOver(false);
    };
    const onDrop = (event: DragEvent): void => {
      if (!carriesFiles(event) || !event.dataTransfer) return;
      // Capture phase: an editor under the pointer must not read the file as text.
      event.preventDefault();
      event.stopPropagation();
      depth = 0;
      setOver(false);
      const { files, folders } = filesOfDrop(event.dataTransfer);
      // A bundle is not a document: it goes to the circle it names.
      const current = useDropTakers.getState().takers.at(-1);
      void takeBundles(client, files).then((others) =>
        current ? current.take(others, folders) : importDropped(client, others, folders, t('shelf.import.stopped')),
      );
    };
    const capture = { capture: true };
    window.addEventListener('dragenter', onEnter);
    window.addEventListener('dragover', onOver);
    window.addEventListener('dragleave', onLeave);
    window.addEventListener('drop', onDrop, capture);
    return () => {
      window.removeEventListener('dragenter', onEnter);
      window.removeEventListener('dragover', onOver);
      window.removeEventListener('dragleave', onLeave);
      window.removeEventListener('drop', onDrop, capture);
    };
  }, [client, t]);

  // Files that the system gave to open, perhaps before this page was there.
  const { generation } = useConnection();
  useEffect(() => {
    const take = (): void => {
      client.files
        .takeOpened({})
        .then(({ files }) => importGranted(client, files, t('shelf.import.stopped')))
        .catch(toastError);
    };
    if (generation > 0) take();
    return client.files.on('opened', take);
  }, [client, generation, t]);

  if (!over) return null;
  return (
    <div className="shelf-drop" aria-hidden>
      <div className="shelf-drop-box">
        <Download size={28} strokeWidth={1.5} />
        <strong>{taker ? taker.title : t('shelf.drop')}</strong>
        <span>{taker ? taker.detail : t('shelf.drop.detail')}</span>
      </div>
    </div>
  );
}
