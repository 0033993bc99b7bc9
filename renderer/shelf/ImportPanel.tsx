/** What an import does and has done: progress with a way to stop, then a report file by file. */
import { BookCheck, CircleAlert, CircleCheck, X } from 'lucide-react';
import type { DocumentSummary } from '../../shared/contract/library.ts';
import { WorkbenchError, errorCodes } from '../../shared/contract/errors.ts';
import { isMessageId } from '../../shared/i18n/messages.ts';
import { describeError } from '../app/ErrorNotice.tsx';
import { useCommand } from '../app/commands.ts';
import { useText } from '../app/i18n.tsx';
import { go } from '../app/view-state.ts';
import { Button, IconButton } from '../ui/Button.tsx';
import { Card, Facts, Progress } from '../ui/Surface.tsx';
import { closeReport, useImport, type ImportResult } from './import-files.ts';

export function ImportPanel() {
  const { running, report } = useImport();
  if (running) return <Running />;
  return report ? <Report results={report} /> : null;
}

function Running() {
  const { t } = useText();
  const running = useImport((state) => state.running);
  if (!running) return null;
  return (
    <Card label={t('shelf.report')}>
      <Progress
        label={t(running.phase === 'uploading' ? 'shelf.uploading' : 'shelf.importing', { count: running.files })}
        done={running.done}
        total={running.total}
        detail={running.what}
        onCancel={running.cancel}
        cancelLabel={t('app.cancel')}
      />
    </Card>
  );
}

/** Documents of one import that turned out to be language versions of one work. */
function worksOf(results: readonly ImportResult[]): DocumentSummary[][] {
  const byKey = new Map<string, DocumentSummary[]>();
  for (const { document } of results) {
    if (!document || document.workKey === '') continue;
    const group = byKey.get(document.workKey) ?? [];
    if (!group.some((one) => one.id === document.id)) byKey.set(document.workKey, [...group, document]);
  }
  return [...byKey.values()].filter((group) => group.length > 1);
}

/** What became of a file: the document's facts, or why not. */
function Outcome({ result }: { readonly result: ImportResult }) {
  const text = useText();
  const { t } = text;
  if (result.error) {
    const { code, message } = result.error;
    const known = errorCodes.find((one) => one === code);
    return <p>{known ? describeError(text, new WorkbenchError(known, message), result.fileName) : message}</p>;
  }
  if (!result.document) return null;
  const { title, language, numberedParagraphs, footnotes } = result.document;
  return (
    <>
      <p>
        <Facts
          items={[
            title,
            text.languageName(language),
            t('shelf.report.paragraphs', { count: numberedParagraphs }),
            footnotes > 0 ? t('shelf.report.footnotes', { count: footnotes }) : null,
          ]}
        />
      </p>
      {result.known ? <p>{t('shelf.report.known')}</p> : null}
    </>
  );
}

/** Each kind of warning once, with how often. */
function countWarnings(result: ImportResult): { code: string; message: string; count: number }[] {
  const byCode = new Map<string, { code: string; message: string; count: number }>();
  for (const { code, message } of result.report.warnings) {
    const seen = byCode.get(code);
    byCode.set(code, { code, message, count: (seen?.count ?? 0) + 1 });
  }
  return [...byCode.values()];
}

function Report({ results }: { readonly results: readonly ImportResult[] }) {
  const text = useText();
  const { t } = text;
  useCommand({
    id: 'shelf.report.close',
    title: t('shelf.report.close'),
    key: 'Escape',
    hidden: true,
    run: closeReport,
  });
  const failed = results.filter((result) => result.error).length;
  const known = results.filter((result) => result.known && !result.error).length;
  return (
    <Card label={t('shelf.report')} className="shelf-report" tone={failed > 0 ? 'bad' : 'good'}>
      <header>
        <strong role="status">
          {t('shelf.report.summary', { imported: results.length - failed - known, known, failed })}
        </strong>
        <IconButton icon={X} label={t('shelf.report.close')} size="small" onPress={closeReport} />
      </header>
      {worksOf(results).map((group) => (
        <div key={group[0]!.workKey} className="shelf-report-work">
          <BookCheck size={15} aria-hidden />
          <span>
            {t('shelf.report.work', {
              count: group.length,
              title: group[0]!.symbol || group[0]!.title,
              languages: text.list(group.map((one) => text.languageName(one.language))),
            })}
          </span>
        </div>
      ))}
      <ul>
        {results.map((result, index) => (
          <li key={`${index} ${result.fileName}`}>
            {result.error ? (
              <CircleAlert size={15} aria-hidden data-tone="bad" />
            ) : (
              <CircleCheck size={15} aria-hidden data-tone="good" />
            )}
            <div>
              <bdi className="shelf-report-file">{result.fileName}</bdi>
              <Outcome result={result} />
              <Findings result={result} />
            </div>
            {result.document ? (
              <Button
                size="small"
                onPress={() => go({ view: 'document', document: result.document!.id, unit: null })}
                aria-label={`${t('shelf.report.open')}: ${result.document.title}`}
              >
                {t('shelf.report.open')}
              </Button>
            ) : null}
          </li>
        ))}
      </ul>
    </Card>
  );
}

function Findings({ result }: { readonly result: ImportResult }) {
  const { t, number } = useText();
  const { artefacts } = result.report;
  const warnings = countWarnings(result);
  return (
    <>
      {warnings.map(({ code, message, count }) => {
        const id = `shelf.warning.${code}`;
        return (
          <p key={code} className="shelf-report-warning">
            {isMessageId(id) ? t(id) : message}
            {count > 1 ? ` (×${number(count)})` : ''}
          </p>
        );
      })}
      {artefacts.length > 0 ? (
        <details className="shelf-report-artefacts">
          <summary>{t('shelf.report.artefacts', { count: artefacts.length })}</summary>
          <ul>
            {artefacts.map((artefact, index) => {
              const id = `shelf.artefact.${artefact.reason}`;
              return (
                <li key={`${index} ${artefact.text}`}>
                  <bdi>{artefact.text}</bdi> <em>{isMessageId(id) ? t(id) : artefact.reason}</em>
                </li>
              );
            })}
          </ul>
        </details>
      ) : null}
    </>
  );
}
