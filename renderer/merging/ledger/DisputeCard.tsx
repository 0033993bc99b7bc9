/** Two coordinators decided differently on one passage while apart: both decisions, who and when; a person closes it. */
import type { LedgerRow } from '../../../shared/contract/merging/ledger-row.ts';
import type { TreatmentView } from '../../../shared/contract/merging/passages.ts';
import { useClient } from '../../app/client.ts';
import { useText } from '../../app/i18n.tsx';
import { Button } from '../../ui/Button.tsx';
import { useMerge } from '../open-merge.ts';

export function DisputeCard({ row }: { readonly row: LedgerRow }) {
  const { t, moment } = useText();
  const { merging } = useClient();
  const { id, view, act } = useMerge();
  const say = (treatment: TreatmentView): string =>
    'setAside' in treatment
      ? t('merging.treatment.setAside', { reason: treatment.setAside })
      : t(`merging.treatment.${treatment.as}`);
  return (
    <section className="ledger-dispute" aria-label={t('merging.dispute')}>
      <strong>{t('merging.dispute')}</strong>
      <ul>
        {row.decisions.map(({ treatment, author, at, heads }) => (
          <li key={heads.join() || at}>
            <span dir="auto">
              <b>{author.me ? t('app.you') : author.name || author.delegation}</b>, {moment(at)}: {say(treatment)}
            </span>
            {view.summary.mayCoordinate ? (
              <Button
                size="small"
                onPress={() =>
                  void act(
                    merging.settle({
                      merge: id,
                      passage: { entry: row.entry, passage: row.passage, heads: row.heads },
                      treatment,
                    }),
                    t('merging.dispute.settled'),
                  )
                }
              >
                {t('merging.dispute.keep')}
              </Button>
            ) : null}
          </li>
        ))}
      </ul>
    </section>
  );
}
