/** Writing one paragraph out of several: the coordinator's words below, the sources beside them, attached for ever. */
import { ClipboardPaste, X } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { plainText, type InlineContent } from '../../../shared/drafting/inline.ts';
import { useCommand } from '../../app/commands.ts';
import { useText } from '../../app/i18n.tsx';
import { Button, IconButton } from '../../ui/Button.tsx';
import { useMerge } from '../open-merge.ts';
import { PassageText } from '../parts/PassageText.tsx';
import { refKey, type ClusterPassage } from './board-rows.ts';
import { endTask, held, type Task } from './board-state.ts';
import type { Treating } from './use-treating.ts';

export function Composer({
  task,
  treating,
}: {
  readonly task: Extract<Task, { kind: 'combine' }>;
  readonly treating: Treating;
}) {
  const { t } = useText();
  const { Editor } = useMerge();
  const first = task.into?.content ?? task.passages[0]!.content;
  const [content, setContent] = useState<InlineContent>(first);
  // A source that is put in replaces what the editor holds: it begins anew with it.
  const [begun, setBegun] = useState(0);
  const [sources, setSources] = useState(task.passages);
  const [busy, setBusy] = useState(false);
  const box = useRef<HTMLElement>(null);
  useEffect(() => {
    // Its answer, a promise in newer browsers, is no way to clean up.
    void box.current?.scrollIntoView({ block: 'nearest' });
  }, []);
  const put = (): void => {
    setBusy(true);
    const where = task.into
      ? { block: task.into.block, heads: task.into.heads }
      : task.after === undefined
        ? {}
        : { after: task.after };
    void treating.combine(held(sources), content, where).finally(() => setBusy(false));
  };
  useCommand({ id: 'merging.compose.put', title: t('merging.compose.put'), run: put });
  useCommand({
    id: 'merging.compose.close',
    title: t('merging.compose.close'),
    key: 'Escape',
    hidden: true,
    run: endTask,
  });
  const add = (words: InlineContent): void => {
    const before = plainText(content).trim();
    setContent(before === '' ? words : [...content, { t: 'text', s: ' ' }, ...words]);
    setBegun((count) => count + 1);
  };
  const isEmpty = plainText(content).trim() === '';
  return (
    <section
      className="composer"
      aria-label={t('merging.compose')}
      ref={box}
      // Before the editor, to which Enter means a new line whatever is held with it.
      onKeyDownCapture={(event) => {
        if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
        event.preventDefault();
        event.stopPropagation();
        if (!isEmpty && !busy) put();
      }}
    >
      <h3>{t(task.into ? 'merging.compose.into' : 'merging.compose')}</h3>
      <ul className="composer-sources" aria-label={t('merging.compose.sources')}>
        {byWording(sources).map(([source, ...others]) => (
          <li key={refKey(source)}>
            <span className="merge-ref">
              {[source, ...others].map((one) => (
                <span key={refKey(one)} className="composer-name">
                  <b>{one.delegation}</b> {one.passage}
                </span>
              ))}
            </span>
            <span className="merge-text" dir="auto">
              <PassageText content={source.content} difference={source.difference} />
            </span>
            <span>
              <IconButton
                icon={ClipboardPaste}
                size="small"
                label={t('merging.compose.add', { name: source.delegation })}
                onPress={() => add(source.content)}
              />
              {sources.length > others.length + 1 ? (
                <IconButton
                  icon={X}
                  size="small"
                  label={t('merging.compose.drop', { name: source.delegation })}
                  onPress={() => setSources(sources.filter((one) => one !== source && !others.includes(one)))}
                />
              ) : null}
            </span>
          </li>
        ))}
      </ul>
      <div className="composer-field">
        <Editor
          key={begun}
          label={t('merging.compose.text')}
          content={begun === 0 ? first : content}
          onChange={setContent}
          onLeave={() => box.current?.querySelector<HTMLElement>('.wb-button')?.focus()}
          onUndo={() => undefined}
        />
      </div>
      <div className="merge-actions">
        <Button variant="primary" size="small" isDisabled={busy || isEmpty} onPress={put}>
          {t('merging.compose.put')}
        </Button>
        <Button size="small" onPress={endTask}>
          {t('app.cancel')}
        </Button>
        <span className="wb-quiet">{t('merging.compose.hint')}</span>
      </div>
    </section>
  );
}

/** Sources of equal words stand together, the first for all of them. */
function byWording(sources: readonly ClusterPassage[]): readonly (readonly [ClusterPassage, ...ClusterPassage[]])[] {
  const wordings = new Map<string, [ClusterPassage, ...ClusterPassage[]]>();
  for (const source of sources) {
    const same = wordings.get(source.text.trim());
    if (same) same.push(source);
    else wordings.set(source.text.trim(), [source]);
  }
  return [...wordings.values()];
}
