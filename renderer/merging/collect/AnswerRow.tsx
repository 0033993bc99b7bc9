/** One answer of an entry: which question it was matched to and how; by menu or by key it is given to another. */
import { ChevronDown } from 'lucide-react';
import { useState, type KeyboardEvent } from 'react';
import type { EntryView } from '../../../shared/contract/merging/collection.ts';
import { isMessageId } from '../../../shared/i18n/messages.ts';
import { useClient } from '../../app/client.ts';
import { ErrorNotice } from '../../app/ErrorNotice.tsx';
import { DifferenceText } from '../../app/InlineText.tsx';
import { useText } from '../../app/i18n.tsx';
import { toast, toastError } from '../../app/toasts.ts';
import { useLoaded } from '../../app/use-loaded.ts';
import { Button } from '../../ui/Button.tsx';
import { Menu, type MenuAction } from '../../ui/Menu.tsx';
import { useMerge } from '../open-merge.ts';
import { WholeText } from '../parts/PassageText.tsx';
import { StateSign } from '../parts/StateSign.tsx';

type Answer = EntryView['answers'][number];

export function AnswerRow({
  entry,
  answer,
  isOpen: isOpenAtFirst,
}: {
  readonly entry: EntryView;
  readonly answer: Answer;
  readonly isOpen: boolean;
}) {
  const { t, list } = useText();
  const client = useClient();
  const { view, reload } = useMerge();
  const waits = answer.questions.length === 0;
  const [open, setOpen] = useState(isOpenAtFirst || waits);
  const before = answer.questions;
  const assign = (questions: string[] | null): void => {
    client.merging.assign({ entry: entry.id, part: answer.key, questions }).then(() => {
      reload();
      toast({
        text: t('merging.assign.done', {
          question: questions === null || questions.length === 0 ? '_' : list(questions),
        }),
        undo: () =>
          void client.merging
            .assign({ entry: entry.id, part: answer.key, questions: answer.byHand ? [...before] : null })
            .then(reload, toastError),
      });
    }, toastError);
  };
  const { questions } = view;
  // Likely ones first, then all in their order.
  const ordered = [
    ...answer.candidates.flatMap((key) => questions.find((one) => one.key === key) ?? []),
    ...questions.filter((one) => !answer.candidates.includes(one.key)),
  ];
  const actions: MenuAction[] = [
    ...ordered.map((question, at) => ({
      id: question.key,
      label: `${question.number}. ${question.text}`,
      ...(question.number.length === 1 ? { keys: question.number } : {}),
      separated: at === answer.candidates.length && at > 0,
      run: () => assign([question.key]),
    })),
    ...(answer.byHand
      ? [{ id: 'again', label: t('merging.assign.again'), separated: true, run: () => assign(null) }]
      : []),
  ];
  /** The digit of a question gives the answer to it; those with two digits are in the menu. */
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey || !view.summary.mayCoordinate) return;
    const question = questions.find((one) => one.number === event.key);
    if (!question) return;
    event.preventDefault();
    event.stopPropagation();
    assign([question.key]);
  };
  const how = `merging.match.${answer.how}`;
  const title = answer.heading || answer.excerpt;
  return (
    <li className="entry-answer" data-waits={waits || undefined} onKeyDown={onKeyDown}>
      <div className="entry-answer-head">
        <b dir="auto" className="wb-ellipsis" title={title}>
          {answer.number ? `${answer.number} ` : ''}
          {title}
        </b>
        {view.summary.mayCoordinate ? (
          <Menu label={t('merging.assign')} actions={actions}>
            <Button size="small" variant={waits ? 'primary' : 'plain'} icon={ChevronDown}>
              {waits ? t('merging.assign') : t('merging.assign.to', { question: list([...answer.questions]) })}
            </Button>
          </Menu>
        ) : null}
      </div>
      <p className="entry-facts">
        {answer.byHand ? t('merging.match.byHand') : isMessageId(how) ? t(how) : answer.how}
        {' · '}
        {t('merging.words', { count: answer.words })}
        {waits ? ` · ${t('merging.assign.key')}` : ''}{' '}
        <Button size="small" variant="quiet" aria-expanded={open} onPress={() => setOpen(!open)}>
          {t(open ? 'merging.answer.hide' : 'merging.answer.show')}
        </Button>
      </p>
      {open ? <Passages entry={entry} answer={answer} /> : <p className="entry-excerpt">{answer.excerpt}</p>}
    </li>
  );
}

function Passages({ entry, answer }: { readonly entry: EntryView; readonly answer: Answer }) {
  const { t } = useText();
  const { revision } = useMerge();
  const read = useLoaded((client) => client.merging.readEntry({ entry: entry.id }), [entry.id, revision]);
  if (read.error) return <ErrorNotice error={read.error} onRetry={read.reload} />;
  const rows = (read.data?.rows ?? []).filter((row) => row.passage.split('.')[0] === answer.key);
  return (
    <ul className="entry-passages">
      {rows.map((row) => (
        <li key={row.passage}>
          <p className="merge-text" dir="auto" lang={row.language}>
            {row.marker ? `${row.marker} ` : ''}
            {row.earlier && !row.earlier.isSame ? (
              <DifferenceText difference={row.earlier.difference} />
            ) : (
              <WholeText content={row.content} />
            )}
          </p>
          <p className="merge-actions">
            <span className="merge-ref">{row.passage}</span>
            <StateSign state={row.state} />
            {row.earlier && !row.earlier.isSame ? (
              <span className="merge-state" data-tone="accent">
                {t('merging.earlier.changed')}
              </span>
            ) : null}
          </p>
        </li>
      ))}
    </ul>
  );
}
