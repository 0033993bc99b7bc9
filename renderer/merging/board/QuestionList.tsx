/** The list pane of the board: every question with how far it is. */
import { Fragment } from 'react';
import { useText } from '../../app/i18n.tsx';
import { ListPane } from '../../app/panes.tsx';
import { LinkButton } from '../../ui/LinkButton.tsx';
import { useMerge } from '../open-merge.ts';
import { ProgressLine } from '../parts/ProgressLine.tsx';

export function QuestionList({
  current,
  onChoose,
}: {
  readonly current: string;
  readonly onChoose: (question: string) => void;
}) {
  const { t } = useText();
  const { view } = useMerge();
  const { questions, grid } = view;
  const answered = questions.filter((question) => question.answered > 0).length;
  return (
    <ListPane label={t('merging.questions')}>
      <nav aria-label={t('merging.questions')}>
        <div className="app-list-head">
          {t('merging.questions.head', { answered, questions: questions.length, delegations: grid.length })}
        </div>
        {questions.map((question, at) => {
          const toGo = question.untreated + question.disputed;
          const isNewSection = question.section !== '' && question.section !== questions[at - 1]?.section;
          return (
            <Fragment key={question.key}>
              {isNewSection ? (
                <div className="board-section" dir="auto">
                  {question.section}
                </div>
              ) : null}
              <LinkButton
                className="board-question"
                isCurrent={question.key === current}
                onPress={() => onChoose(question.key)}
              >
                <span className="board-question-title" dir="auto">
                  <b>{question.number}</b>
                  {question.text}
                </span>
                <ProgressLine passages={question.passages} untreated={toGo} fresh={question.disputed} />
                <span className="board-question-counts">
                  <span>{t('merging.passages', { count: question.passages })}</span>
                  {question.passages === 0 ? null : (
                    <span data-tone={toGo > 0 ? 'warn' : 'good'}>{t('merging.untreated', { count: toGo })}</span>
                  )}
                </span>
              </LinkButton>
            </Fragment>
          );
        })}
      </nav>
    </ListPane>
  );
}
