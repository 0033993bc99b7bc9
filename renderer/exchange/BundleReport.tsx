/** What bundles brought that were dropped or picked, and what of them was set aside and why. */
import { closeBundleReport, useBundleImport, type ImportedBundle } from '../app/bundle-import.ts';
import { describeError } from '../app/ErrorNotice.tsx';
import { useText } from '../app/i18n.tsx';
import { Button } from '../ui/Button.tsx';
import { Notice } from '../ui/Surface.tsx';
import { SetAsideList } from './SetAside.tsx';

export function BundleReports() {
  const { t } = useText();
  const { running, imported } = useBundleImport();
  if (running)
    return (
      <p role="status">
        {t('exchange.bundle.importing', { file: running.file, number: running.done + 1, total: running.total })}
      </p>
    );
  if (imported.length === 0) return null;
  const read = imported.filter(({ report }) => report !== null).length;
  const isGood = imported.every(({ report }) => report !== null && report.setAside.length === 0);
  return (
    <Notice
      tone={isGood ? 'good' : 'warn'}
      title={
        read > 0
          ? t('exchange.bundle.imported', { count: read })
          : t('exchange.bundle.refused', { count: imported.length })
      }
      actions={
        <Button size="small" onPress={closeBundleReport}>
          {t('app.close')}
        </Button>
      }
    >
      <ul className="exchange-bundle-reports" role="status">
        {imported.map((one, index) => (
          <li key={`${index} ${one.file}`}>
            <OneBundle one={one} />
          </li>
        ))}
      </ul>
    </Notice>
  );
}

function OneBundle({ one: { file, report, error } }: { readonly one: ImportedBundle }) {
  const text = useText();
  const { t } = text;
  if (!report) return <p>{describeError(text, error, file)}</p>;
  const { circleName, part, parts, changes, annotations, drafts, documents } = report;
  return (
    <>
      <p>
        <b dir="auto">{file}</b> {parts > 1 ? t('exchange.bundle.part', { part, parts }) : null}
      </p>
      <p>
        {changes === 0 && report.originals === 0
          ? t('exchange.bundle.nothing', { circle: circleName })
          : t('exchange.bundle.brought', { circle: circleName, changes, annotations, drafts, documents })}
      </p>
      {report.setAside.length > 0 ? <SetAsideList items={report.setAside} /> : null}
    </>
  );
}
