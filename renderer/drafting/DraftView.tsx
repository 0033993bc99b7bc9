/**
 * The drafting table: one draft in a Lexical editor that is a view of its blocks. `editor/` is what Lexical is given
 * (nodes, keys, numbers), `binding/` keeps it and the drafts service in step, `paste/` reads the clipboard, `cards/` stand
 * under blocks that ask something, `submit/` sends snapshots to a wider circle, `page/` is everything around the text. The list of drafts is `DraftList.tsx`.
 */
import { History, Send, Trash2 } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { useClient, useConnection } from '../app/client.ts';
import { useCommand } from '../app/commands.ts';
import { ErrorNotice } from '../app/ErrorNotice.tsx';
import { useText } from '../app/i18n.tsx';
import { clearEditor, showSaveState, showTextLanguage, showWords } from '../app/save-state.ts';
import { toast, toastError } from '../app/toasts.ts';
import { useView } from '../app/view-state.ts';
import { WorkBar } from '../app/WorkBar.tsx';
import { Button, IconButton } from '../ui/Button.tsx';
import { Notice } from '../ui/Surface.tsx';
import { WorkbenchError } from '../../shared/contract/errors.ts';
import type { RecordId } from '../../shared/ids.ts';
import '../app/inline-text.css';
import './drafting.css';
import { AnswerBar } from './page/AnswerBar.tsx';
import { CoverBlock } from './page/CoverBlock.tsx';
import { ExportMenu } from './page/ExportMenu.tsx';
import { FootnotesArea } from './page/FootnotesArea.tsx';
import { follow } from './page/follow.ts';
import { HistoryPane } from './page/HistoryPane.tsx';
import { InsertFromDocument } from './page/InsertFromDocument.tsx';
import {
  createOpenDraft,
  OpenDraftProvider,
  useDraftState,
  useOpenDraft,
  usePageState,
  type OpenDraft,
  type PageState,
} from './page/open-draft.ts';
import { LinkBar } from './page/LinkBar.tsx';
import { Outline } from './page/Outline.tsx';
import { useQuestionCounts } from './page/question-counts.ts';
import { RemovedPane } from './page/RemovedPane.tsx';
import { Surface } from './page/Surface.tsx';
import { Toolbar } from './page/Toolbar.tsx';
import { useParts } from './page/use-parts.ts';
import { SubmitPane } from './submit/SubmitPane.tsx';

export interface DraftViewProps {
  readonly draft: RecordId;
  /** A block to go to. */
  readonly block: RecordId | null;
}

export function DraftView({ draft, block }: DraftViewProps) {
  const { t } = useText();
  const { open, error, retry } = useOpening(draft);
  if (open === null) {
    return (
      <>
        <WorkBar title={t('drafting.title')} />
        {error === null ? (
          <p className="app-waiting" role="status">
            {t('app.loading')}
          </p>
        ) : (
          <ErrorNotice error={error} onRetry={retry} />
        )}
      </>
    );
  }
  return (
    <OpenDraftProvider value={open}>
      <Page block={block} />
    </OpenDraftProvider>
  );
}

/** Opens the draft when the services can be reached, and again after a lost connection; closes it with the view. */
function useOpening(draft: RecordId) {
  const { t } = useText();
  const { drafts: client, library } = useClient();
  const { generation } = useConnection();
  const [open, setOpen] = useState<OpenDraft | null>(null);
  const [error, setError] = useState<unknown>(null);
  const [attempt, setAttempt] = useState(0);
  const translate = useRef(t);
  translate.current = t;
  const isReached = generation > 0;
  useEffect(() => {
    if (!isReached) return undefined;
    let isGone = false;
    let made: OpenDraft | null = null;
    client.open({ draft }).then(
      (view) => {
        if (isGone) {
          void client.close({ session: view.session }).catch(toastError);
          return;
        }
        made = createOpenDraft({
          client,
          view,
          onStep: (which, { refused }) => {
            if (refused !== null) toast({ text: translate.current(`drafting.${which}.${refused}`) });
          },
          onError: toastError,
          onFollow: (target) => void follow(library, target).catch(toastError),
          onKept: () =>
            toast({ text: translate.current('drafting.kept'), undo: () => void made?.undo().catch(toastError) }),
        });
        setError(null);
        setOpen(made);
      },
      (thrown: unknown) => {
        if (!isGone) setError(thrown);
      },
    );
    return () => {
      isGone = true;
      setOpen(null);
      made?.close().catch(toastError);
    };
  }, [client, library, draft, isReached, attempt]);

  const seen = useRef(generation);
  useEffect(() => {
    if (generation === seen.current) return;
    const again = seen.current > 0;
    seen.current = generation;
    if (again) open?.binding.resume().catch(toastError);
  }, [generation, open]);
  return { open, error, retry: () => setAttempt(attempt + 1) };
}

function Page({ block }: { readonly block: RecordId | null }) {
  const { t, languageName } = useText();
  const open = useOpenDraft();
  const { summary, mayEdit, direction } = open.view;
  const title = useDraftState((state) => state.title.value);
  const conflicts = useDraftState((state) => state.summary.conflicts);
  const margin = usePageState((state) => state.margin);
  const scroller = useRef<HTMLDivElement>(null);
  const { parts, words } = useParts();
  useStatusLine(words);
  useQuestionCounts(parts);
  const marginOpen = useView((state) => state.marginOpen);

  const show = (which: PageState['margin']) => (): void => {
    // A margin that was folded away hides what it holds: the same key then brings it out.
    const isSeen = margin === which && marginOpen;
    open.page.setState({ margin: isSeen ? 'none' : which });
    if (!isSeen) useView.setState({ marginOpen: true });
  };
  useCommand({
    id: 'drafting.history',
    title: t('drafting.history.show'),
    key: 'Ctrl+Alt+H',
    group: 'view',
    run: show('history'),
  });
  useCommand({ id: 'drafting.removed', title: t('drafting.removed.show'), group: 'view', run: show('removed') });
  useCommand({
    id: 'drafting.submit',
    title: t('drafting.submit.open'),
    key: 'Ctrl+Alt+S',
    group: 'view',
    run: show('submit'),
  });
  useCommand(
    margin === 'none'
      ? null
      : {
          id: 'drafting.margin.close',
          title: t('app.close'),
          key: 'Escape',
          hidden: true,
          run: () => open.page.setState({ margin: 'none' }),
        },
  );
  const facts = [
    summary.circleName,
    languageName(summary.language),
    ...(conflicts > 0 ? [t('drafting.conflicts', { count: conflicts })] : []),
  ];
  return (
    <>
      <WorkBar
        title={title === '' ? t('drafting.title.empty') : title}
        lang={summary.language}
        meta={facts.join(' · ')}
        actions={
          <>
            <IconButton
              icon={History}
              label={t('drafting.history.show')}
              keys="Ctrl+Alt+H"
              size="small"
              tipPlacement="bottom"
              isPressedIn={margin === 'history' && marginOpen}
              onPress={show('history')}
            />
            <IconButton
              icon={Trash2}
              label={t('drafting.removed.show')}
              size="small"
              tipPlacement="bottom"
              isPressedIn={margin === 'removed' && marginOpen}
              onPress={show('removed')}
            />
            <Button size="small" icon={Send} onPress={show('submit')}>
              {t('drafting.submit.open')}
            </Button>
            <ExportMenu />
          </>
        }
      />
      {mayEdit ? <Toolbar /> : <Notice tone="neutral">{t('drafting.readOnly')}</Notice>}
      <div className="app-scroll draft-scroll" ref={scroller} tabIndex={-1}>
        <AnswerBar parts={parts} scroller={scroller} />
        <article className="draft-page" lang={summary.language} dir={direction}>
          <CoverBlock />
          <Surface block={block} />
          <LinkBar />
          <FootnotesArea />
        </article>
      </div>
      <Outline parts={parts} />
      {margin === 'history' ? <HistoryPane /> : null}
      {margin === 'removed' ? <RemovedPane /> : null}
      {margin === 'submit' ? <SubmitPane /> : null}
      <InsertFromDocument />
    </>
  );
}

function useStatusLine(words: number): void {
  const open = useOpenDraft();
  const { summary } = open.view;
  useEffect(() => {
    const { store } = open.binding;
    const show = (): void => {
      const { saving } = store.getState();
      if (saving.kind === 'failed') {
        const { code, message, data } = saving.error;
        showSaveState({ kind: 'failed', error: new WorkbenchError(code, message, data) });
      } else showSaveState(saving);
    };
    let shown = store.getState().saving;
    const stop = store.subscribe(({ saving }) => {
      if (saving === shown) return;
      shown = saving;
      show();
    });
    show();
    showTextLanguage(summary.language);
    return () => {
      stop();
      clearEditor();
    };
  }, [open, summary]);
  useEffect(() => showWords(words), [words]);
}
