/** What two coordinators set apart of the merge itself: both are shown, one is chosen by a person. */
import { useClient } from '../app/client.ts';
import { useText } from '../app/i18n.tsx';
import { toastError } from '../app/toasts.ts';
import { Button } from '../ui/Button.tsx';
import { Notice } from '../ui/Surface.tsx';
import { useMerge } from './open-merge.ts';

type Settable = 'title' | 'threshold' | 'ruleSet';
const settable: readonly string[] = ['title', 'threshold', 'ruleSet'];

export function MergeConflicts() {
  const { t, moment } = useText();
  const client = useClient();
  const { id, view } = useMerge();
  const choose = (field: Settable, value: string): void => {
    const change = field === 'threshold' ? { threshold: Number(value) } : { [field]: value };
    client.merging.change({ merge: id, ...change }).catch(toastError);
  };
  return view.conflicts.map(({ field, versions }) => (
    <div key={field} className="app-banner">
      <Notice tone="warn" title={t('merging.conflict', { field: t(`merging.field.${field}`) })}>
        <ul>
          {versions.map(({ value, author, at }) => (
            <li key={`${value} ${at}`} className="merge-actions">
              <bdi>{value}</bdi>
              <span className="wb-quiet">
                {author.name || author.delegation}, {moment(at)}
              </span>
              {settable.includes(field) && view.summary.mayCoordinate ? (
                <Button size="small" onPress={() => choose(field as Settable, value)}>
                  {t('merging.conflict.keep')}
                </Button>
              ) : null}
            </li>
          ))}
        </ul>
      </Notice>
    </div>
  ));
}
