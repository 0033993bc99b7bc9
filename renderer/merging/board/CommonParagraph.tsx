/** A paragraph of the common text with its sources; edited in its place, moved, opened in the draft, dropped upon. */
import { ArrowDown, ArrowUp, ExternalLink, PencilLine, Trash2 } from 'lucide-react';
import { useEffect, useRef, useState, type DragEvent, type KeyboardEvent } from 'react';
import type { z } from '../../../shared/contract/schema.ts';
import type { BlockView } from '../../../shared/contract/drafts.ts';
import type { sourceView } from '../../../shared/contract/merging/ledger.ts';
import type { InlineContent } from '../../../shared/drafting/inline.ts';
import { useText } from '../../app/i18n.tsx';
import { go } from '../../app/view-state.ts';
import { IconButton } from '../../ui/Button.tsx';
import { useMerge } from '../open-merge.ts';
import { WholeText } from '../parts/PassageText.tsx';
import { useBoard } from './board-state.ts';
import { passagesType } from './use-row.ts';
import type { CommonText } from './use-common-text.ts';

export type Source = z.output<typeof sourceView>;

/** `Arcadia 3.2 + 6 · 2 differ`: the first source, how many more, and how many of them in other words. */
function SourceLine({ sources }: { readonly sources: readonly Source[] }) {
  const { t } = useText();
  const [first, ...others] = sources;
  if (!first) return <span className="common-sources">{t('merging.source.none')}</span>;
  const differ = sources.filter(({ state }) => state !== 'used-unchanged' && state !== 'bracketed').length;
  const brackets = sources.filter(({ state }) => state === 'bracketed').length;
  return (
    <span className="common-sources" title={sources.map((one) => `${one.delegation} ${one.passage}`).join('\n')}>
      {others.length < 3
        ? sources.map((one) => `${one.delegation} ${one.passage}`).join(', ')
        : t('merging.source.more', { name: `${first.delegation} ${first.passage}`, count: others.length })}
      {' · '}
      {brackets === sources.length
        ? t('merging.source.bracketed')
        : differ === 0
          ? t('merging.source.unchanged')
          : t('merging.source.differ', { count: differ })}
    </span>
  );
}

const pauseMs = 400;

export function CommonParagraph({
  block,
  sources,
  common,
  isLit,
  isStop,
  before,
  after,
  onDropPassages,
  stances,
}: {
  readonly block: BlockView;
  readonly sources: readonly Source[];
  readonly common: CommonText;
  readonly isLit: boolean;
  readonly isStop: boolean;
  /** The block after which it goes when it moves up: undefined when it is the first. Null never: a question stands first. */
  readonly before: BlockView['id'] | undefined;
  /** The block after which it goes when it moves down. */
  readonly after: BlockView['id'] | undefined;
  readonly onDropPassages: () => void;
  readonly stances?: string;
}) {
  const { t } = useText();
  const { view, Editor } = useMerge();
  const current = useBoard((state) => state.block === block.id);
  const [editing, setEditing] = useState(false);
  const [over, setOver] = useState(false);
  const root = useRef<HTMLElement>(null);
  const pending = useRef<{ content: InlineContent; timer: number } | null>(null);
  const heads = useRef(block.heads.text);
  if (!editing) heads.current = block.heads.text;

  const save = (): void => {
    const waiting = pending.current;
    if (waiting === null) return;
    window.clearTimeout(waiting.timer);
    pending.current = null;
    void common.edit([{ op: 'setText', block: block.id, content: waiting.content, heads: heads.current }]);
  };
  const latest = useRef(save);
  latest.current = save;
  // Leaving the page loses nothing of what was typed.
  useEffect(() => () => latest.current(), []);
  const leave = (): void => {
    save();
    common.commit();
    setEditing(false);
    requestAnimationFrame(() => root.current?.focus());
  };
  const onChange = (content: InlineContent): void => {
    if (pending.current) window.clearTimeout(pending.current.timer);
    pending.current = { content, timer: window.setTimeout(() => latest.current(), pauseMs) };
  };
  const remove = (): void => {
    void common.edit([{ op: 'remove', block: block.id, heads: block.heads.all }]).then(() => common.commit());
  };
  const moveTo = (target: BlockView['id'] | undefined): void => {
    if (target === undefined) return;
    void common
      .edit([{ op: 'move', block: block.id, after: target, heads: block.heads.place }])
      .then(() => common.commit());
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (editing || event.target !== event.currentTarget || event.ctrlKey || event.metaKey) return;
    const keys: Readonly<Record<string, () => void>> = event.altKey
      ? { ArrowUp: () => moveTo(before), ArrowDown: () => moveTo(after) }
      : {
          Enter: () => common.mayEdit && setEditing(true),
          F2: () => common.mayEdit && setEditing(true),
          Delete: remove,
          ArrowDown: () => step(1),
          ArrowUp: () => step(-1),
        };
    const run = keys[event.key];
    if (!run) return;
    event.preventDefault();
    event.stopPropagation();
    run();
  };
  const step = (by: number): void => {
    const all = [...(root.current?.parentElement?.querySelectorAll<HTMLElement>('.common-paragraph') ?? [])];
    all[all.indexOf(root.current!) + by]?.focus();
  };
  const takes = (event: DragEvent): boolean => event.dataTransfer.types.includes(passagesType);
  return (
    <article
      ref={root}
      className="common-paragraph"
      data-kind={block.style.kind}
      data-linked={isLit || undefined}
      data-over={over || undefined}
      aria-current={current || undefined}
      aria-label={t('merging.common.paragraph')}
      tabIndex={isStop || current ? 0 : -1}
      onFocus={() => {
        if (!current) useBoard.setState({ block: block.id });
      }}
      onDoubleClick={() => common.mayEdit && setEditing(true)}
      onKeyDown={onKeyDown}
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
        onDropPassages();
      }}
    >
      {editing ? (
        <div
          className="composer-field"
          onBlur={(event) => {
            if (!event.currentTarget.contains(event.relatedTarget)) leave();
          }}
        >
          <Editor
            label={t('merging.common.edit')}
            content={block.content}
            onChange={onChange}
            onLeave={leave}
            onUndo={(which) => {
              save();
              common.undo(which);
            }}
          />
        </div>
      ) : (
        <span dir="auto">
          <WholeText content={block.content} />
        </span>
      )}{' '}
      <SourceLine sources={sources} />
      {stances ? <span className="common-sources"> · {stances}</span> : null}
      {block.textConflict === null ? null : (
        <span className="merge-state" data-tone="bad">
          {t('merging.common.versions')}
        </span>
      )}
      {current && !editing ? (
        <div className="common-tools">
          {common.mayEdit ? (
            <>
              <IconButton
                icon={PencilLine}
                size="small"
                label={t('merging.common.edit')}
                keys="Enter"
                onPress={() => setEditing(true)}
              />
              <IconButton
                icon={ArrowUp}
                size="small"
                label={t('merging.common.up')}
                keys="Alt+ArrowUp"
                isDisabled={before === undefined}
                onPress={() => moveTo(before)}
              />
              <IconButton
                icon={ArrowDown}
                size="small"
                label={t('merging.common.down')}
                keys="Alt+ArrowDown"
                isDisabled={after === undefined}
                onPress={() => moveTo(after)}
              />
              <IconButton
                icon={Trash2}
                size="small"
                label={t('merging.common.remove')}
                keys="Delete"
                onPress={remove}
              />
            </>
          ) : null}
          <IconButton
            icon={ExternalLink}
            size="small"
            label={t('merging.common.open')}
            onPress={() => go({ view: 'draft', draft: view.summary.draft, block: block.id })}
          />
        </div>
      ) : null}
    </article>
  );
}
