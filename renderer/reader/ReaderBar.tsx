/** In the bar over a document: its other languages, and what the importer noticed. */
import type { DocumentView } from '../../shared/contract/library.ts';
import type { DocumentId, UnitId } from '../../shared/ids.ts';
import { useText } from '../app/i18n.tsx';
import { LinkButton } from '../ui/LinkButton.tsx';
import { Pop } from '../ui/Popover.tsx';
import { Chip } from '../ui/Surface.tsx';

/** The same work in other languages, opened at the same paragraph. */
export function Languages({
  view,
  onOpen,
}: {
  readonly view: DocumentView;
  readonly onOpen: (document: DocumentId) => void;
}) {
  const { languageName, t } = useText();
  if (view.siblings.length === 0) return null;
  return (
    <span className="rd-languages" role="group" aria-label={t('reader.languages')}>
      <Chip isOn label={languageName(view.summary.language)} onPress={() => undefined}>
        {view.summary.language.toUpperCase()}
      </Chip>
      {view.siblings.map((sibling) => (
        <Chip
          key={sibling.id}
          label={`${languageName(sibling.language)}: ${sibling.title || sibling.fileName}`}
          onPress={() => onOpen(sibling.id)}
        >
          {sibling.language.toUpperCase()}
        </Chip>
      ))}
    </span>
  );
}

/** What the importer was not sure of, and what it left out: always one press away. */
export function Report({ view, onShow }: { readonly view: DocumentView; readonly onShow: (unit: UnitId) => void }) {
  const { t } = useText();
  const { warnings } = view.report;
  // A running head stands on every page: it is one remark.
  const artefacts = [...new Map(view.report.artefacts.map((one) => [one.text, one])).values()];
  const count = warnings.length + artefacts.length;
  if (count === 0) return null;
  return (
    <Pop
      label={t('reader.report')}
      placement="bottom end"
      trigger={
        <LinkButton className="rd-report-open" onPress={() => undefined}>
          {t('reader.report.count', { count })}
        </LinkButton>
      }
    >
      <div className="rd-report">
        {warnings.length > 0 ? <h3>{t('reader.report.warnings')}</h3> : null}
        <ul>
          {warnings.map((warning, index) => (
            <li key={`${warning.code} ${index}`}>
              {warning.message}{' '}
              {warning.unit ? (
                <LinkButton onPress={() => onShow(warning.unit!)}>{t('reader.report.show')}</LinkButton>
              ) : null}
            </li>
          ))}
        </ul>
        {artefacts.length > 0 ? <h3>{t('reader.report.artefacts')}</h3> : null}
        <ul>
          {artefacts.map((artefact, index) => (
            <li key={`${artefact.reason} ${index}`} dir="auto">
              <code>{artefact.text}</code>
            </li>
          ))}
        </ul>
      </div>
    </Pop>
  );
}
