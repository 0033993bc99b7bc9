/** For one delegation: what became of each paragraph of its text. It is read here, printed, or saved for sending. */
import { FileDown, Printer, ReceiptText } from 'lucide-react';
import { passageStates } from '../../../shared/contract/merging/passages.ts';
import { useCommand } from '../../app/commands.ts';
import { ErrorNotice } from '../../app/ErrorNotice.tsx';
import { DifferenceText } from '../../app/InlineText.tsx';
import { useText } from '../../app/i18n.tsx';
import { ListPane } from '../../app/panes.tsx';
import { useLoaded } from '../../app/use-loaded.ts';
import { go } from '../../app/view-state.ts';
import { Button } from '../../ui/Button.tsx';
import { LinkButton } from '../../ui/LinkButton.tsx';
import { EmptyState, Facts, Notice } from '../../ui/Surface.tsx';
import { useMerge } from '../open-merge.ts';
import { useExport } from '../output/use-export.ts';
import { StateSign } from '../parts/StateSign.tsx';
import { RemarksDialog } from '../output/RemarksDialog.tsx';
import './ledger.css';

export function ReportTab({ place }: { readonly place: string | null }) {
  const { t, number, compare } = useText();
  const { id, view, revision } = useMerge();
  const delegations = view.grid.map((row) => row.delegation).toSorted(compare);
  const delegation = delegations.find((name) => name === place) ?? delegations[0];
  const report = useLoaded(
    async (client) => (delegation === undefined ? null : client.merging.report({ merge: id, delegation })),
    [id, delegation, revision],
  );
  const output = useExport();
  const save = (format: 'docx' | 'html'): void => {
    if (delegation !== undefined) output.make({ kind: 'report', format, delegation });
  };
  useCommand(
    delegation === undefined
      ? null
      : { id: 'merging.report.save', title: t('merging.report.save'), key: 'Ctrl+Alt+S', run: () => save('docx') },
  );
  if (delegation === undefined) {
    return (
      <EmptyState icon={ReceiptText} title={t('merging.report.empty.title')}>
        {t('merging.report.empty.detail')}
      </EmptyState>
    );
  }
  const shown = report.data?.delegation === delegation ? report.data : null;
  return (
    <>
      <ListPane label={t('merging.report.delegations')}>
        <nav aria-label={t('merging.report.delegations')}>
          <div className="app-list-head">{t('merging.report.delegations')}</div>
          {delegations.map((name) => (
            <LinkButton
              key={name}
              className="app-list-row"
              isCurrent={name === delegation}
              onPress={() => go({ view: 'merge', merge: id, tab: 'report', place: name })}
            >
              <span className="wb-ellipsis">{name}</span>
              <Untreated delegation={name} />
            </LinkButton>
          ))}
        </nav>
      </ListPane>
      <div className="report-head no-print">
        <Button size="small" icon={FileDown} variant="primary" onPress={() => save('docx')}>
          {t('merging.report.save')}
        </Button>
        <Button size="small" icon={FileDown} onPress={() => save('html')}>
          {t('merging.report.saveHtml')}
        </Button>
        <Button size="small" icon={Printer} onPress={() => window.print()}>
          {t('merging.report.print')}
        </Button>
        <span className="wb-quiet">{t('merging.report.private')}</span>
      </div>
      <RemarksDialog output={output} />
      <section className="app-scroll" tabIndex={0} aria-label={t('merging.tab.report')}>
        {report.error ? <ErrorNotice error={report.error} onRetry={report.reload} /> : null}
        {shown === null ? null : (
          <article className="report" aria-label={shown.title} dir="auto">
            <h2>{t('merging.report.title', { delegation: shown.delegation })}</h2>
            <p>{shown.title}</p>
            <p className="wb-quiet">
              <Facts
                items={shown.entries.map((entry) =>
                  [entry.title, entry.version, entry.date].filter(Boolean).join(', '),
                )}
              />
            </p>
            <div className="report-counts">
              {passageStates.map((state) =>
                (shown.counts[state] ?? 0) > 0 ? (
                  <span key={state} className="merge-actions">
                    <b>{number(shown.counts[state] ?? 0)}</b>
                    <StateSign state={state} />
                  </span>
                ) : null,
              )}
            </div>
            {(shown.counts.untreated ?? 0) + (shown.counts.disputed ?? 0) > 0 ? (
              <Notice tone="warn">{t('merging.report.unfinished')}</Notice>
            ) : null}
            {shown.remarks.length > 0 ? (
              <ul className="ledger-note no-print">
                {shown.remarks.map((remark, at) => (
                  <li key={at}>{remark}</li>
                ))}
              </ul>
            ) : null}
            {shown.sections.map((section) => (
              <section key={section.question}>
                <h3 dir="auto">
                  {section.number ? `${section.number}. ` : ''}
                  {section.text}
                </h3>
                {section.rows.map((row) => (
                  <div key={`${row.passage.entry}/${row.passage.passage}`} className="report-row">
                    <div className="ledger-side">
                      <StateSign state={row.state} />
                      <span className="merge-ref">{row.passage.passage}</span>
                      {row.reason ? <span className="ledger-note">{row.reason}</span> : null}
                    </div>
                    <div>
                      <p className="merge-text" dir="auto">
                        {row.difference.some(({ op }) => op !== 'same') ? (
                          <DifferenceText difference={row.difference} />
                        ) : (
                          row.text
                        )}
                      </p>
                      {row.state !== 'used-unchanged'
                        ? row.now.map((words, at) => (
                            <p key={at} className="report-now merge-text" dir="auto">
                              {words}
                            </p>
                          ))
                        : null}
                      {row.together.length > 0 ? (
                        <p className="ledger-note">
                          {t('merging.report.together', { names: row.together.join(', ') })}
                        </p>
                      ) : null}
                    </div>
                  </div>
                ))}
              </section>
            ))}
          </article>
        )}
      </section>
    </>
  );
}

function Untreated({ delegation }: { readonly delegation: string }) {
  const { number } = useText();
  const { view } = useMerge();
  const count = view.entries
    .filter((entry) => entry.delegation === delegation && !entry.removed)
    .reduce((sum, entry) => sum + entry.untreated, 0);
  return count > 0 ? <span className="app-list-row-count">{number(count)}</span> : null;
}
