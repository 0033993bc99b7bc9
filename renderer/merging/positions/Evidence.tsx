/** Why a cell says what it says: every annotation, passage and stance behind it, to be opened. */
import { ExternalLink, X } from 'lucide-react';
import type { PositionsView } from '../../../shared/contract/merging/positions.ts';
import { isMessageId } from '../../../shared/i18n/messages.ts';
import { useClient } from '../../app/client.ts';
import { useText } from '../../app/i18n.tsx';
import { MarginPane } from '../../app/panes.tsx';
import { toastError } from '../../app/toasts.ts';
import { go } from '../../app/view-state.ts';
import { Button, IconButton } from '../../ui/Button.tsx';
import { useMerge } from '../open-merge.ts';
import { PositionSign } from './PositionSign.tsx';
import type { PositionCell } from './PositionsTab.tsx';

type Item = PositionCell['evidence'][number];

export function Evidence({
  delegation,
  row,
  cell,
  onClose,
}: {
  readonly delegation: string;
  readonly row: PositionsView['rows'][number] | null;
  readonly cell: PositionCell | null;
  readonly onClose: () => void;
}) {
  const { t, list } = useText();
  return (
    <MarginPane label={t('merging.evidence')}>
      <section className="entry" aria-label={t('merging.evidence')}>
        <header>
          <h2>
            <bdi>{delegation}</bdi>
            {row ? ` · ${row.label}` : ''}
          </h2>
          <IconButton icon={X} label={t('app.close')} size="small" tipPlacement="bottom" onPress={onClose} />
        </header>
        {row ? (
          <p className="merge-text" dir="auto">
            {row.text}
          </p>
        ) : null}
        {cell === null ? <p className="wb-quiet">{t('merging.evidence.none')}</p> : null}
        {cell && cell.through.length > 0 ? (
          <p className="wb-quiet">{t('merging.evidence.through', { groups: list([...cell.through]) })}</p>
        ) : null}
        <ul>
          {(cell?.evidence ?? []).map((item, at) => (
            <EvidenceItem key={at} item={item} />
          ))}
        </ul>
      </section>
    </MarginPane>
  );
}

function EvidenceItem({ item }: { readonly item: Item }) {
  const { t, moment } = useText();
  const client = useClient();
  const { id } = useMerge();
  const { link } = item;
  const kind = `merging.evidence.kind.${item.kind}`;
  const open = (): void => {
    const { document, annotation, entry, passage, stance, session } = link;
    if (session !== null) return go({ view: 'session', session, tab: 'log' });
    if (entry !== null)
      return go({
        view: 'merge',
        merge: id,
        tab: 'ledger',
        place: passage === null ? null : `${entry}/${passage}`,
      });
    if (stance !== null) return go({ view: 'merge', merge: id, tab: 'agree', place: null });
    if (document === null) return;
    client.annotations.list({ document }).then(({ annotations }) => {
      const found = annotations.find((one) => one.id === annotation);
      go({ view: 'document', document, unit: found?.placement.unit ?? null });
    }, toastError);
  };
  return (
    <li className="positions-evidence">
      <p className="merge-actions">
        <PositionSign position={item.position} isThrough={false} />
        <b>{item.speaker}</b>
        <span className="wb-quiet">
          {t(`merging.position.${item.position}`)} · {isMessageId(kind) ? t(kind) : item.kind}
          {item.at ? ` · ${moment(item.at)}` : ''}
        </span>
      </p>
      <p className="merge-text" dir="auto">
        {item.words}
      </p>
      <Button size="small" variant="quiet" icon={ExternalLink} onPress={open}>
        {t('merging.evidence.open')}
      </Button>
    </li>
  );
}
