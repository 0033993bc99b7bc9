/** The common text of one question: what has been put together so far, with sources, and where passages are dropped. */
import { ExternalLink, Plus } from 'lucide-react';
import { useState, type DragEvent } from 'react';
import type { BlockView } from '../../../shared/contract/drafts.ts';
import type { QuestionView } from '../../../shared/contract/merging/collection.ts';
import { inlineText } from '../../../shared/drafting/inline.ts';
import type { RecordId } from '../../../shared/ids.ts';
import { ErrorNotice } from '../../app/ErrorNotice.tsx';
import { useText } from '../../app/i18n.tsx';
import { MarginPane } from '../../app/panes.tsx';
import { go } from '../../app/view-state.ts';
import { Button, IconButton } from '../../ui/Button.tsx';
import { Facts } from '../../ui/Surface.tsx';
import { useMerge } from '../open-merge.ts';
import type { BoardRow } from './board-rows.ts';
import { held, useBoard } from './board-state.ts';
import { CommonParagraph, type Source } from './CommonParagraph.tsx';
import { Composer } from './Composer.tsx';
import type { CommonText } from './use-common-text.ts';
import { passagesType } from './use-row.ts';
import type { Treating } from './use-treating.ts';

/** Pixels: about 45 characters of the text. */
const leastWidth = 400;

export function CommonPane({
  question,
  answer,
  common,
  sourcesOf,
  rows,
  treating,
}: {
  readonly question: QuestionView;
  readonly answer: readonly BlockView[];
  readonly common: CommonText;
  readonly sourcesOf: ReadonlyMap<RecordId, readonly Source[]>;
  readonly rows: readonly BoardRow[];
  readonly treating: Treating;
}) {
  const { t } = useText();
  const { view } = useMerge();
  const { task, carrying, row, block } = useBoard();
  const here = rows.find((one) => one.key === row);
  const lit = new Set(here?.passages.flatMap(({ blocks }) => blocks) ?? []);
  const paragraphs = answer.filter(
    ({ style, content }) => style.kind !== 'question' && (content.length > 0 || style.kind === 'table'),
  );
  const take = (after: RecordId | null): void => {
    const passages = useBoard.getState().carrying;
    useBoard.setState({ carrying: null });
    if (passages) void treating.take(passages, after);
  };
  const combineInto = (into: BlockView): void => {
    const passages = useBoard.getState().carrying;
    if (!passages) return;
    useBoard.setState({
      carrying: null,
      task: {
        kind: 'combine',
        passages,
        into: { block: into.id, content: into.content, heads: [...into.heads.text] },
        after: undefined,
      },
    });
  };
  const addParagraph = (): void => {
    const id = common.newId();
    const last = answer.at(-1)?.id ?? question.block;
    void common
      .edit([
        {
          op: 'insert',
          block: id,
          after: last,
          style: { kind: 'paragraph' },
          content: inlineText(t('merging.common.new')),
        },
      ])
      .then(() => {
        common.commit();
        useBoard.setState({ block: id });
      });
  };
  return (
    <MarginPane label={t('merging.common')} leastWidth={leastWidth}>
      <section className="common" aria-label={t('merging.common')} data-carrying={carrying ? true : undefined}>
        <div className="common-scroll">
          <header className="common-head">
            <h2 dir="auto">
              {question.number}. {question.text}
            </h2>
            <IconButton
              icon={ExternalLink}
              size="small"
              label={t('merging.common.open')}
              keys="Ctrl+Alt+D"
              tipPlacement="bottom"
              onPress={() => go({ view: 'draft', draft: view.summary.draft, block: question.block })}
            />
          </header>
          {common.error ? <ErrorNotice error={common.error} /> : null}
          {question.block === null ? <p className="common-empty">{t('merging.common.noQuestion')}</p> : null}
          {common.blocks !== null && paragraphs.length === 0 && task.kind !== 'combine' ? (
            <p className="common-empty">{t('merging.common.empty')}</p>
          ) : null}
          <Gap after={question.block} isOpen={carrying !== null} onDrop={take} />
          {paragraphs.map((paragraph, at) => (
            <div key={paragraph.id} className="common-item">
              <CommonParagraph
                block={paragraph}
                sources={sourcesOf.get(paragraph.id) ?? []}
                common={common}
                isLit={lit.has(paragraph.id)}
                isStop={at === 0 && block === null}
                before={at === 0 ? undefined : at === 1 ? (question.block ?? undefined) : paragraphs[at - 2]?.id}
                after={paragraphs[at + 1]?.id}
                onDropPassages={() => combineInto(paragraph)}
              />
              <Gap after={paragraph.id} isOpen={carrying !== null} onDrop={take} />
            </div>
          ))}
          {task.kind === 'combine' ? (
            <Composer
              key={task.passages.map(({ entry, passage }) => entry + passage).join()}
              task={task}
              treating={treating}
            />
          ) : null}
          {common.mayEdit && task.kind !== 'combine' ? (
            <Button size="small" variant="quiet" icon={Plus} onPress={addParagraph}>
              {t('merging.common.add')}
            </Button>
          ) : null}
          <p className="common-summary">
            <Facts
              items={[
                question.wordLimit === null
                  ? t('merging.common.words', { count: question.words })
                  : t('merging.common.wordsOf', { count: question.words, limit: question.wordLimit }),
                question.openBrackets > 0 ? t('merging.common.brackets', { count: question.openBrackets }) : null,
              ]}
            />
          </p>
        </div>
        {carrying ? <Drops treating={treating} /> : null}
      </section>
    </MarginPane>
  );
}

const takes = (event: DragEvent): boolean => event.dataTransfer.types.includes(passagesType);

/** Between two paragraphs: what is dropped here becomes one of its own. */
function Gap({
  after,
  isOpen,
  onDrop,
}: {
  readonly after: RecordId | null;
  readonly isOpen: boolean;
  readonly onDrop: (after: RecordId | null) => void;
}) {
  const [over, setOver] = useState(false);
  return (
    <div
      className="common-gap"
      data-over={(over && isOpen) || undefined}
      onDragOver={(event) => {
        if (!takes(event)) return;
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        setOver(false);
        if (!takes(event)) return;
        event.preventDefault();
        onDrop(after);
      }}
    />
  );
}

/** What else can be done with what is in the hand; there only while something is. */
function Drops({ treating }: { readonly treating: Treating }) {
  const { t } = useText();
  const drops = [
    {
      id: 'bracket',
      text: t('merging.drop.bracket'),
      run: (passages: NonNullable<ReturnType<typeof useBoard.getState>['carrying']>) => void treating.bracket(passages),
    },
    {
      id: 'combine',
      text: t('merging.drop.combine'),
      run: (passages: NonNullable<ReturnType<typeof useBoard.getState>['carrying']>) =>
        useBoard.setState({ task: { kind: 'combine', passages, into: null, after: undefined } }),
    },
    {
      id: 'setAside',
      text: t('merging.drop.setAside'),
      run: (passages: NonNullable<ReturnType<typeof useBoard.getState>['carrying']>) =>
        useBoard.setState({ task: { kind: 'setAside', passages: held(passages) } }),
    },
  ];
  const [over, setOver] = useState<string | null>(null);
  return (
    <div className="common-drops">
      {drops.map(({ id, text, run }) => (
        <div
          key={id}
          className="common-drop"
          data-over={over === id || undefined}
          onDragOver={(event) => {
            if (!takes(event)) return;
            event.preventDefault();
            setOver(id);
          }}
          onDragLeave={() => setOver(null)}
          onDrop={(event) => {
            if (!takes(event)) return;
            event.preventDefault();
            const { carrying } = useBoard.getState();
            useBoard.setState({ carrying: null });
            if (carrying) run(carrying);
          }}
        >
          {text}
        </div>
      ))}
    </div>
  );
}
