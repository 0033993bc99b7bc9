/** What a drop of files does and has done: progress, then what became of each file and what to do about it. */
import { CircleAlert, CircleCheck, CopyCheck, X } from 'lucide-react';
import { errorCodes, WorkbenchError } from '../../../shared/contract/errors.ts';
import { useCommand } from '../../app/commands.ts';
import { describeError } from '../../app/ErrorNotice.tsx';
import { useText } from '../../app/i18n.tsx';
import { Button, IconButton } from '../../ui/Button.tsx';
import { Card, Facts, Progress } from '../../ui/Surface.tsx';
import { useMerge } from '../open-merge.ts';
import { closeReport, useCollectingState, type FileOutcome } from './add-files.ts';
import { Problems } from './Problems.tsx';

export function Adding() {
  const { t } = useText();
  const running = useCollectingState((state) => state.running);
  if (!running) return null;
  return (
    <Card label={t('merging.collect')}>
      <Progress
        label={t('merging.collect.running', { count: running.files })}
        done={running.done}
        total={running.total}
        detail={running.what}
        onCancel={running.cancel}
        cancelLabel={t('app.cancel')}
      />
    </Card>
  );
}

export function AddReport({ onOpen }: { readonly onOpen: (delegation: string) => void }) {
  const { t } = useText();
  const { id } = useMerge();
  const report = useCollectingState((state) => state.report);
  const isOurs = report?.merge === id;
  useCommand(
    isOurs
      ? { id: 'merging.report.close', title: t('shelf.report.close'), key: 'Escape', hidden: true, run: closeReport }
      : null,
  );
  if (!report || !isOurs) return null;
  const count = (outcome: FileOutcome['outcome']): number =>
    report.files.filter((file) => file.outcome === outcome).length;
  return (
    <Card label={t('merging.collect')} tone={count('failed') > 0 ? 'bad' : 'good'} className="shelf-report">
      <header className="merge-actions">
        <strong role="status">
          {t('merging.collect.summary', {
            added: count('added'),
            known: count('already-there'),
            failed: count('failed'),
          })}
        </strong>
        <IconButton icon={X} label={t('shelf.report.close')} size="small" onPress={closeReport} />
      </header>
      <ul>
        {report.files.map((file, at) => (
          <li key={`${at} ${file.fileName}`} className="merge-report-file">
            <Sign outcome={file.outcome} />
            <div>
              <bdi>
                <b>{file.fileName}</b>
              </bdi>
              <Outcome file={file} />
            </div>
            {file.entry ? (
              <Button size="small" onPress={() => onOpen(file.entry!.delegation)}>
                {t('merging.entry.open')}
              </Button>
            ) : null}
          </li>
        ))}
      </ul>
    </Card>
  );
}

function Sign({ outcome }: { readonly outcome: FileOutcome['outcome'] }) {
  if (outcome === 'failed') return <CircleAlert size={15} aria-hidden className="merge-sign-bad" />;
  if (outcome === 'already-there') return <CopyCheck size={15} aria-hidden />;
  return <CircleCheck size={15} aria-hidden className="merge-sign-good" />;
}

function Outcome({ file }: { readonly file: FileOutcome }) {
  const text = useText();
  const { t } = text;
  if (file.error) {
    const { code, message } = file.error;
    const known = errorCodes.find((one) => one === code);
    return <p>{known ? describeError(text, new WorkbenchError(known, message), file.fileName) : message}</p>;
  }
  if (!file.entry) return null;
  const { entry } = file;
  return (
    <>
      <p className="wb-quiet">
        <Facts
          items={[
            file.outcome === 'already-there' ? t('merging.collect.known') : null,
            entry.delegation,
            text.languageName(entry.language),
            t('merging.answers', { count: entry.answers.filter((one) => one.questions.length > 0).length }),
            t('merging.words', { count: entry.words }),
          ]}
        />
      </p>
      <Problems entry={entry} />
    </>
  );
}
