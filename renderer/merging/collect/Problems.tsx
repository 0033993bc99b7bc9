/** What a person should look at in an entry, each in a sentence of the page's language. */
import { TriangleAlert } from 'lucide-react';
import type { EntryView } from '../../../shared/contract/merging/collection.ts';
import { isMessageId } from '../../../shared/i18n/messages.ts';
import { useText } from '../../app/i18n.tsx';

export function Problems({ entry }: { readonly entry: EntryView }) {
  const { t, languageName } = useText();
  if (entry.problems.length === 0) return null;
  return (
    <ul>
      {entry.problems.map((problem, at) => {
        const id = `merging.problem.${problem.code}`;
        const language = problem.data['language'];
        return (
          <li key={`${at} ${problem.code}`} className="merge-state merge-problem" data-tone="warn">
            <TriangleAlert size={13} aria-hidden />
            <span>
              {isMessageId(id) && problem.code !== 'import-warning'
                ? t(id, { ...problem.data, ...(language ? { language: languageName(language) } : {}) })
                : problem.message}
            </span>
          </li>
        );
      })}
    </ul>
  );
}
