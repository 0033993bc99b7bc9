/** Submissions of the circle that are not taken in yet: one by one, or all. */
import { Inbox } from 'lucide-react';
import type { SubmissionView } from '../../../shared/contract/merging/submissions.ts';
import { useClient } from '../../app/client.ts';
import { useText } from '../../app/i18n.tsx';
import { toast, toastError } from '../../app/toasts.ts';
import { Button } from '../../ui/Button.tsx';
import { Card, Facts } from '../../ui/Surface.tsx';
import { useMerge } from '../open-merge.ts';

export function Waiting({ onTakeAll }: { readonly onTakeAll: () => void }) {
  const { t, moment, languageName } = useText();
  const client = useClient();
  const { id, view } = useMerge();
  const { waiting, summary } = view;
  if (waiting.length === 0 || !summary.mayCoordinate) return null;
  const take = (submission: SubmissionView): void => {
    client.merging
      .addSubmissions({ merge: id, submissions: [submission.id] })
      .then(() => toast({ text: t('merging.waiting.taken', { count: 1 }) }), toastError);
  };
  return (
    <Card label={t('merging.waiting', { count: waiting.length })} tone="accent">
      <details open={waiting.length <= 4}>
        <summary className="merge-actions">
          <Inbox size={15} aria-hidden />
          <strong>{t('merging.waiting', { count: waiting.length })}</strong>
        </summary>
        <ul>
          {waiting.map((submission) => (
            <li key={submission.id} className="merge-actions">
              <bdi>
                <b>{submission.delegation || submission.author.name}</b>
              </bdi>
              <span className="wb-quiet">
                <Facts
                  items={[
                    t('merging.submission.number', { number: submission.number }),
                    submission.title,
                    languageName(submission.language),
                    t('merging.words', { count: submission.words }),
                    moment(submission.at),
                    submission.author.confirmed ? null : t('app.unconfirmed'),
                  ]}
                />
              </span>
              <Button size="small" onPress={() => take(submission)}>
                {t('merging.waiting.take')}
              </Button>
            </li>
          ))}
        </ul>
      </details>
      <Button size="small" variant="primary" onPress={onTakeAll}>
        {t('merging.waiting.takeAll')}
      </Button>
    </Card>
  );
}
