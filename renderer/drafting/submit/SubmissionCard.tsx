/** One submission: its number, what it held, who has received it; it can be withdrawn, which is a record too. */
import { Check, CircleDashed, CircleHelp, RefreshCw, Undo2 } from 'lucide-react';
import { useState, type FormEvent } from 'react';
import type { SubmissionView } from '../../../shared/contract/merging/submissions.ts';
import { useClient } from '../../app/client.ts';
import { DifferenceText } from '../../app/InlineText.tsx';
import { useText } from '../../app/i18n.tsx';
import { toast, toastError } from '../../app/toasts.ts';
import { useLoaded } from '../../app/use-loaded.ts';
import { Button } from '../../ui/Button.tsx';
import { Chip, Facts } from '../../ui/Surface.tsx';
import { TextField } from '../../ui/TextField.tsx';

export function SubmissionCard({
  submission,
  onChanged,
}: {
  readonly submission: SubmissionView;
  readonly onChanged: () => void;
}) {
  const { t, moment } = useText();
  const client = useClient();
  const [withdrawing, setWithdrawing] = useState(false);
  const [open, setOpen] = useState(false);
  const { receivedBy } = submission;
  const has = receivedBy.filter((one) => one.has === true);
  const [asking, setAsking] = useState(false);
  const ask = (): void => {
    setAsking(true);
    client.circles
      .sync({ circle: submission.circle })
      .then(onChanged, toastError)
      .finally(() => setAsking(false));
  };
  const restore = (): void =>
    void client.merging.restoreSubmission({ submission: submission.id }).then(onChanged, toastError);
  return (
    <article className="draft-card" aria-label={t('drafting.submission', { number: submission.number })}>
      <h3>
        {t('drafting.submission', { number: submission.number })} · <bdi>{submission.circleName}</bdi>
      </h3>
      <p className="draft-hint">
        <Facts
          items={[
            moment(submission.at),
            t('drafting.words', { count: submission.words }),
            submission.questions.length > 0
              ? t('drafting.submission.answers', { count: submission.questions.length })
              : null,
            t('drafting.submission.fingerprint', { fingerprint: submission.fingerprint }),
          ]}
        />
      </p>
      <p className="draft-submit-chips">
        {submission.withdrawn ? (
          <Chip tone="warn">{t('drafting.submission.withdrawn', { reason: submission.withdrawn.reason || '_' })}</Chip>
        ) : null}
        {submission.supersededBy ? <Chip>{t('drafting.submission.superseded')}</Chip> : null}
        {submission.merges.length > 0 ? <Chip tone="good">{t('drafting.submission.taken')}</Chip> : null}
      </p>
      {receivedBy.length === 0 ? (
        <p className="draft-hint">{t('drafting.submission.alone')}</p>
      ) : (
        <details>
          <summary>{t('drafting.submission.received', { count: has.length, of: receivedBy.length })}</summary>
          <ul className="draft-submit-received">
            {receivedBy.map((one) => {
              const Sign = one.has === true ? Check : one.has === false ? CircleDashed : CircleHelp;
              return (
                <li key={one.person} data-has={one.has === true || undefined}>
                  <Sign size={13} aria-hidden />
                  <bdi>{one.delegation ? `${one.delegation} (${one.name})` : one.name}</bdi>
                  <span className="draft-hint">
                    {one.has === true
                      ? t('drafting.submission.has', { at: one.at ? moment(one.at) : '_' })
                      : one.has === false
                        ? t('drafting.submission.hasNot')
                        : t('drafting.submission.unknown')}
                  </span>
                </li>
              );
            })}
          </ul>
        </details>
      )}
      <div className="draft-card-actions">
        {has.length < receivedBy.length && !submission.withdrawn ? (
          <Button size="small" variant="quiet" icon={RefreshCw} isDisabled={asking} onPress={ask}>
            {t('drafting.submission.ask')}
          </Button>
        ) : null}
        {submission.supersedes ? (
          <Button size="small" variant="quiet" aria-expanded={open} onPress={() => setOpen(!open)}>
            {t('drafting.submission.difference')}
          </Button>
        ) : null}
        {submission.withdrawn ? (
          <Button size="small" onPress={restore}>
            {t('drafting.submission.restore')}
          </Button>
        ) : withdrawing ? null : (
          <Button size="small" icon={Undo2} onPress={() => setWithdrawing(true)}>
            {t('drafting.submission.withdraw')}
          </Button>
        )}
      </div>
      {withdrawing ? (
        <WithdrawForm
          submission={submission}
          onClose={() => setWithdrawing(false)}
          onDone={() => {
            setWithdrawing(false);
            onChanged();
            toast({ text: t('drafting.submission.didWithdraw', { number: submission.number }), undo: restore });
          }}
        />
      ) : null}
      {open ? <Differences submission={submission} /> : null}
    </article>
  );
}

function WithdrawForm({
  submission,
  onDone,
  onClose,
}: {
  readonly submission: SubmissionView;
  readonly onDone: () => void;
  readonly onClose: () => void;
}) {
  const { t } = useText();
  const client = useClient();
  const [reason, setReason] = useState('');
  const withdraw = (event: FormEvent): void => {
    event.preventDefault();
    client.merging.withdrawSubmission({ submission: submission.id, reason }).then(onDone, toastError);
  };
  return (
    <form className="draft-submit-form" onSubmit={withdraw}>
      <TextField
        label={t('drafting.submission.reason')}
        hint={t('drafting.submission.reason.hint')}
        value={reason}
        onChange={setReason}
        autoFocus
      />
      <div className="draft-card-actions">
        <Button type="submit" size="small" variant="primary">
          {t('drafting.submission.withdraw')}
        </Button>
        <Button size="small" onPress={onClose}>
          {t('app.cancel')}
        </Button>
      </div>
    </form>
  );
}

/** What is different from the submission before it, answer by answer. */
function Differences({ submission }: { readonly submission: SubmissionView }) {
  const { t } = useText();
  const read = useLoaded((client) => client.merging.readSubmission({ submission: submission.id }), [submission.id]);
  const changed = (read.data?.difference ?? []).filter(({ difference }) => difference.some(({ op }) => op !== 'same'));
  if (read.data !== null && changed.length === 0) return <p className="draft-hint">{t('drafting.submit.same')}</p>;
  return changed.map(({ question, difference }) => (
    <p key={question} className="draft-version-text" dir="auto">
      <b>{question}. </b>
      <DifferenceText difference={difference} />
    </p>
  ));
}
