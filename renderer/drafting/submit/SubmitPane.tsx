/**
 * Submitting the draft to a circle: whole, or chosen answers of it, as a snapshot that nobody changes afterwards. Below it,
 * what has been submitted, who has received it, and taking it back.
 */
import { Send, X } from 'lucide-react';
import { useEffect, useState } from 'react';
import type { SubmissionView } from '../../../shared/contract/merging/submissions.ts';
import type { CircleId } from '../../../shared/ids.ts';
import { useClient } from '../../app/client.ts';
import { useCommand } from '../../app/commands.ts';
import { ErrorNotice } from '../../app/ErrorNotice.tsx';
import { useText } from '../../app/i18n.tsx';
import { MarginPane } from '../../app/panes.tsx';
import { useProfile } from '../../app/profile.tsx';
import { toast, toastError } from '../../app/toasts.ts';
import { useLoaded } from '../../app/use-loaded.ts';
import { go } from '../../app/view-state.ts';
import { Button, IconButton } from '../../ui/Button.tsx';
import { Select } from '../../ui/Select.tsx';
import { Facts, Notice } from '../../ui/Surface.tsx';
import { useDraftState, useOpenDraft } from '../page/open-draft.ts';
import { SubmissionCard } from './SubmissionCard.tsx';
import './submit.css';

export function SubmitPane() {
  const { t } = useText();
  const { id, view, page } = useOpenDraft();
  const circles = useLoaded(
    async (service) => (await service.circles.list({})).circles,
    [],
    (service, reload) => service.circles.on('changed', reload),
  );
  const submissions = useLoaded(
    async (service) => (await service.merging.submissions({ draft: id })).submissions,
    [id],
    (service, reload) => [
      service.merging.on('submissionsChanged', reload),
      // A receipt that came says who has it.
      service.circles.on('changed', reload),
    ],
  );
  const wider = (circles.data ?? []).filter((circle) => !circle.personal && circle.id !== view.summary.circle);
  const own = (submissions.data ?? []).toSorted((a, b) => (a.at < b.at ? 1 : -1));
  const { settings } = useProfile();
  const [chosen, setChosen] = useState<CircleId | null>(null);
  // Where it went before, or where everything of this person goes. Among several others nothing is chosen for anybody:
  // what is submitted cannot be called back from those who have read it.
  const first = own[0]?.circle ?? settings.defaultCircle;
  const circle = wider.find(({ id: one }) => one === (chosen ?? first)) ?? (wider.length === 1 ? wider[0]! : null);
  return (
    <MarginPane label={t('drafting.submit')} leastWidth={360}>
      <section className="draft-margin draft-submit" aria-label={t('drafting.submit')}>
        <header>
          <h2>{t('drafting.submit')}</h2>
          <IconButton
            icon={X}
            label={t('app.close')}
            size="small"
            tipPlacement="bottom"
            onPress={() => page.setState({ margin: 'none' })}
          />
        </header>
        {circles.error ? <ErrorNotice error={circles.error} onRetry={circles.reload} /> : null}
        {circles.data !== null && wider.length === 0 ? (
          <Notice
            tone="neutral"
            actions={
              <Button size="small" onPress={() => go({ view: 'exchange' })}>
                {t('app.exchange')}
              </Button>
            }
          >
            {t('drafting.submit.noCircle')}
          </Notice>
        ) : null}
        {wider.length > 0 ? (
          <>
            <p className="draft-hint">{t('drafting.submit.explained')}</p>
            <Select
              label={t('drafting.submit.circle')}
              value={circle?.id ?? ''}
              onChange={(one) => setChosen(one as CircleId)}
              options={[
                ...(circle === null ? [{ id: '', label: t('drafting.submit.circle.choose') }] : []),
                ...wider.map((one) => ({ id: one.id as string, label: one.name })),
              ]}
            />
          </>
        ) : null}
        {circle === null ? null : <SubmitForm circle={circle} onSubmitted={submissions.reload} />}
        {submissions.error ? <ErrorNotice error={submissions.error} onRetry={submissions.reload} /> : null}
        {own.length > 0 ? <h2>{t('drafting.submitted')}</h2> : null}
        {own.map((submission) => (
          <SubmissionCard key={submission.id} submission={submission} onChanged={submissions.reload} />
        ))}
      </section>
    </MarginPane>
  );
}

function SubmitForm({
  circle,
  onSubmitted,
}: {
  readonly circle: { readonly id: CircleId; readonly name: string };
  readonly onSubmitted: () => void;
}) {
  const text = useText();
  const { t } = text;
  const client = useClient();
  const open = useOpenDraft();
  const revision = useDraftState((state) => state.revision);
  /** Answers left out by hand; every other one with words goes along. */
  const [left, setLeft] = useState<ReadonlySet<string>>(new Set());
  const [busy, setBusy] = useState(false);
  // What was typed is made a change of once, so that the preview is of it; submitting does so again.
  const [saved, setSaved] = useState(0);
  useEffect(() => {
    void open.binding.commit().then(() => setSaved((count) => count + 1), toastError);
  }, [open]);
  const preview = useLoaded(
    (service) => service.merging.previewSubmission({ draft: open.id, circle: circle.id }),
    [open.id, circle.id, saved, revision],
  );
  const shown = preview.data;
  const answered = (shown?.questions ?? []).filter(({ words }) => words > 0);
  const going = answered.filter(({ key }) => !left.has(key));
  const isWhole = left.size === 0;
  const mayGo = shown !== null && shown.unsettled === 0 && (answered.length === 0 ? shown.words > 0 : going.length > 0);
  const submit = (): void => {
    if (!mayGo || busy) return;
    setBusy(true);
    open.binding
      .commit()
      .then(() =>
        client.merging.submit({
          draft: open.id,
          circle: circle.id,
          ...(isWhole ? {} : { questions: going.map(({ key }) => key) }),
        }),
      )
      .then((submission: SubmissionView) => {
        onSubmitted();
        toast({ text: t('drafting.submit.done', { number: submission.number, circle: circle.name }) });
      }, toastError)
      .finally(() => setBusy(false));
  };
  useCommand({ id: 'drafting.submit.do', title: t('drafting.submit.do', { circle: circle.name }), run: submit });
  return (
    <div className="draft-submit-form">
      {preview.error ? <ErrorNotice error={preview.error} onRetry={preview.reload} /> : null}
      {answered.length > 0 ? (
        <fieldset className="draft-submit-answers">
          <legend>{t('drafting.submit.answers', { count: going.length, of: answered.length })}</legend>
          {answered.map(({ key, number, text: question, words }) => (
            <label key={key}>
              <input
                type="checkbox"
                checked={!left.has(key)}
                onChange={() => {
                  const next = new Set(left);
                  if (!next.delete(key)) next.add(key);
                  setLeft(next);
                }}
              />
              <span className="wb-ellipsis" dir="auto">
                {number === '' ? question : `${number}. ${question}`}
              </span>
              <span className="draft-hint">{text.number(words)}</span>
            </label>
          ))}
        </fieldset>
      ) : null}
      {shown && shown.unsettled > 0 ? (
        <Notice tone="warn">{t('drafting.submit.unsettled', { count: shown.unsettled })}</Notice>
      ) : null}
      {shown && shown.remarks.length > 0 ? (
        <ul className="draft-remarks">
          {shown.remarks.map((remark, at) => (
            <li key={at}>
              <bdi>{remark}</bdi>
            </li>
          ))}
        </ul>
      ) : null}
      {shown?.previous ? (
        <p className="draft-hint">
          <Facts
            items={[
              t('drafting.submit.previous', { number: shown.previous.number, at: text.moment(shown.previous.at) }),
              shown.changed ? t('drafting.submit.supersedes') : t('drafting.submit.same'),
            ]}
          />
        </p>
      ) : null}
      <div>
        <Button variant="primary" icon={Send} isDisabled={!mayGo || busy} onPress={submit}>
          {t('drafting.submit.do', { circle: circle.name })}
        </Button>
      </div>
    </div>
  );
}
