/**
 * Reading an outcome document: the text with its labels in the margin, annotations beside it, outline and filters, finding
 * and jumping. `renderer/reader/` knows documents and annotations; drafts are another part of the page.
 */
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { Download, Eraser } from 'lucide-react';
import { flushSync } from 'react-dom';
import type { AnnotationKind } from '../../shared/contract/annotations.ts';
import type { DocumentView, UnitView } from '../../shared/contract/library.ts';
import { printCitation } from '../../shared/document/citation.ts';
import type { DocumentId, RecordId, UnitId } from '../../shared/ids.ts';
import { matchesLabel, parseLabelQuery } from '../../shared/text/labels.ts';
import { useClient } from '../app/client.ts';
import { askEraseDocument, mayErase } from '../app/EraseDocumentDialog.tsx';
import { ErrorNotice } from '../app/ErrorNotice.tsx';
import { useText } from '../app/i18n.tsx';
import { clearEditor, showTextLanguage, showWords } from '../app/save-state.ts';
import { toast, toastError } from '../app/toasts.ts';
import { useLoaded } from '../app/use-loaded.ts';
import { go, useView } from '../app/view-state.ts';
import { WorkBar } from '../app/WorkBar.tsx';
import { IconButton } from '../ui/Button.tsx';
import { MoreMenu } from '../ui/Menu.tsx';
import { useAnnotationActions } from './annotation-actions.ts';
import { fitsFilter } from './filter.ts';
import { FindField, JumpField } from './FindBar.tsx';
import { annotationKinds } from './kinds.ts';
import { focusCard } from './focus-card.ts';
import { ErasedDocument, isErased } from './ErasedDocument.tsx';
import { earlyAnnotation } from './early-annotation.ts';
import { MarginCards } from './MarginCards.tsx';
import { openDocument } from './open-document.ts';
import { OutlinePane } from './OutlinePane.tsx';
import './reader.css';
import { KindCommand, useReaderCommands, type Finding } from './reader-commands.tsx';
import { Languages, Report } from './ReaderBar.tsx';
import { ReaderText } from './ReaderText.tsx';
import { resetReader, useReader } from './reader-state.ts';
import { ScrollStrip } from './ScrollStrip.tsx';
import { SelectionBar, useSelection } from './SelectionBar.tsx';
import { useAnnotations } from './use-annotations.ts';
import { useAnnotationExport } from './use-annotation-export.ts';
import { useFinding } from './use-finding.ts';
import { useReadingPosition } from './use-reading-position.ts';

export function ReaderView({ document: id, unit }: { readonly document: DocumentId; readonly unit: UnitId | null }) {
  const { t } = useText();
  const [fetching, setFetching] = useState(false);
  const opened = useLoaded(
    (client) => openDocument(client, id, () => setFetching(true)).finally(() => setFetching(false)),
    [id],
  );
  useEffect(() => {
    resetReader();
    return clearEditor;
  }, [id]);
  useErasedNews(id, isErased(opened.error), opened.reload);
  if (isErased(opened.error)) return <ErasedDocument key={id} document={id} error={opened.error} />;
  if (opened.data && opened.data.summary.id === id) return <Reader view={opened.data} target={unit} />;
  return (
    <>
      <WorkBar title={t('reader.title')} />
      <div className="rd-waiting">
        {opened.error && !opened.loading ? (
          <ErrorNotice error={opened.error} onRetry={opened.reload} />
        ) : (
          <p role="status">{t(fetching ? 'reader.fetching' : 'app.loading')}</p>
        )}
      </div>
    </>
  );
}

/** Looks again when the document is erased while it is open, and when one that was erased is brought in again. */
function useErasedNews(document: DocumentId, isGone: boolean, reload: () => void): void {
  const client = useClient();
  useEffect(
    () => client.library.on('documentsGone', ({ documents }) => (documents.includes(document) ? reload() : undefined)),
    [client, document, reload],
  );
  useEffect(() => (isGone ? client.library.on('shelfChanged', reload) : undefined), [client, isGone, reload]);
}

function Reader({ view, target }: { readonly view: DocumentView; readonly target: UnitId | null }) {
  const { t } = useText();
  const client = useClient();
  const { summary, units } = view;
  const annotations = useAnnotations(summary.id);
  const { putEarly } = annotations;
  const circles = useLoaded(
    async (service) => (await service.circles.list({})).circles,
    [],
    (service, reload) => service.circles.on('changed', reload),
  );
  const scroller = useRef<HTMLDivElement>(null);
  const text = useRef<HTMLElement>(null);
  const selection = useSelection(text);
  const filter = useReader((state) => state.filter);
  const [finding, setFinding] = useState<Finding>('no');
  const find = useFinding(units, finding === 'find');

  useEffect(() => {
    showWords(summary.words);
    showTextLanguage(summary.language);
  }, [summary]);

  const show = useCallback((to: UnitId) => {
    const element = document.getElementById(to);
    element?.scrollIntoView({ block: 'start', behavior: 'instant' });
    useReader.setState({ current: to });
  }, []);
  useReadingPosition({ document: summary.id, remembered: view.readingPosition, target, scroller, units, show });

  const shownAnnotations = useMemo(
    () => annotations.all.filter((annotation) => fitsFilter(annotation, filter)),
    [annotations.all, filter],
  );
  const actions = useAnnotationActions({ put: annotations.put, show });
  const annotate = useCallback(
    (kind: AnnotationKind) => {
      const current = useReader.getState().current;
      const unit = selection?.from.unit ?? current;
      if (!unit) {
        toast({ text: t('reader.select.first') });
        return;
      }
      const place = units.find((one) => one.id === unit)!;
      const shown = earlyAnnotation({ document: summary.id, unit: place, selection, kind });
      const making = client.annotations.create({
        document: summary.id,
        unit,
        from: selection?.from ?? null,
        to: selection?.to ?? null,
        kind,
      });
      // Drawn before this key press ends, so that the next one is typed into the card.
      flushSync(() => {
        document.getSelection()?.removeAllRanges();
        void putEarly(shown, making).then((made) => {
          const { focused, editing } = useReader.getState();
          if (focused === shown.id) useReader.setState({ focused: made.id });
          if (editing === shown.id) useReader.setState({ editing: made.id });
        }, toastError);
        useReader.setState({ focused: shown.id, editing: shown.id, margin: 'beside' });
      });
      useView.setState({ marginOpen: true });
    },
    [client, summary.id, units, selection, putEarly, t],
  );

  const cite = useCallback(
    (unit: UnitView) => {
      const citation = printCitation(summary, unit);
      navigator.clipboard.writeText(citation).then(() => toast({ text: t('reader.cited', { citation }) }), toastError);
      useReader.setState({ current: unit.id });
    },
    [summary, t],
  );
  const copy = useCallback(() => {
    const current = useReader.getState().current;
    const unit = units.find((one) => one.id === (selection?.from.unit ?? current));
    if (!unit) return;
    const quoted = `“${selection?.words ?? unit.text}” ${printCitation(summary, unit)}`;
    navigator.clipboard.writeText(quoted).then(() => toast({ text: t('reader.copied') }), toastError);
  }, [selection, summary, units, t]);
  const onMark = useCallback((annotation: RecordId) => {
    useReader.setState({ focused: annotation, margin: 'beside' });
    useView.setState({ marginOpen: true });
    focusCard(annotation);
  }, []);

  const jump = useCallback(
    (query: string): boolean => {
      const { label } = parseLabelQuery(query);
      const unit = units.find((one) => one.label !== '' && matchesLabel(label || query, one.label));
      if (unit) show(unit.id);
      return unit !== undefined;
    },
    [units, show],
  );
  const stepAnnotation = useCallback(
    (step: 1 | -1) => {
      const placed = shownAnnotations.filter((annotation) => annotation.placement.unit);
      if (placed.length === 0) return false;
      const at = placed.findIndex((annotation) => annotation.id === useReader.getState().focused);
      const next = placed[at < 0 ? (step > 0 ? 0 : placed.length - 1) : (at + step + placed.length) % placed.length]!;
      useReader.setState({ focused: next.id });
      // Where the margin is a drawer, the card that gets the keyboard must be seen.
      useView.setState({ marginOpen: true });
      actions.reveal(next);
      focusCard(next.id);
      return true;
    },
    [shownAnnotations, actions],
  );
  const stepUnit = useCallback(
    (step: 1 | -1) => {
      const readable = units.filter((unit) => unit.kind !== 'footnote');
      const at = readable.findIndex((unit) => unit.id === useReader.getState().current);
      const next = readable[Math.min(Math.max(at + step, 0), readable.length - 1)];
      if (next) show(next.id);
    },
    [units, show],
  );
  const openSibling = useCallback(
    async (sibling: DocumentId) => {
      const here = units.find((unit) => unit.id === useReader.getState().current);
      const place = here?.label
        ? await client.library.findLabel({ query: here.label, document: sibling, limit: 1 })
        : { hits: [] };
      go({ view: 'document', document: sibling, unit: place.hits[0]?.unit ?? null });
    },
    [client, units],
  );
  const exportAnnotations = useAnnotationExport({
    document: summary.id,
    annotations: annotations.all,
    circle: filter.circle ?? null,
  });
  const erase = mayErase(summary) ? () => askEraseDocument(summary) : null;

  useReaderCommands({ finding, setFinding, stepAnnotation, stepUnit, copy, exportAnnotations, erase });

  const meta = [
    summary.symbol,
    t('reader.meta.paragraphs', { count: summary.numberedParagraphs }),
    ...(annotations.all.length > 0 ? [t('reader.count', { count: annotations.all.length })] : []),
  ].filter(Boolean);
  return (
    <>
      {annotationKinds.map((kind) => (
        <KindCommand key={kind} kind={kind} onRun={annotate} />
      ))}
      <OutlinePane units={units} language={summary.language} annotations={annotations.all} onGo={show} />
      <MarginCards
        annotations={shownAnnotations}
        total={annotations.all.length}
        actions={actions}
        circles={circles.data ?? []}
        scroller={scroller}
      />
      <WorkBar
        title={summary.title || summary.fileName}
        lang={summary.language}
        meta={meta.join(' · ')}
        actions={
          <>
            <Languages view={view} onOpen={(sibling) => void openSibling(sibling).catch(toastError)} />
            <Report view={view} onShow={show} />
            {annotations.all.length > 0 ? (
              <IconButton
                icon={Download}
                size="small"
                label={t('reader.export')}
                tipPlacement="bottom"
                onPress={exportAnnotations}
              />
            ) : null}
            {erase ? (
              <MoreMenu
                label={t('reader.more.document')}
                actions={[{ id: 'erase', label: t('reader.erase.document'), icon: Eraser, danger: true, run: erase }]}
              />
            ) : null}
          </>
        }
      />
      {finding === 'find' ? (
        <FindField
          words={find.words}
          onWords={find.setWords}
          at={find.at}
          count={find.found.length}
          onStep={find.step}
          onClose={() => setFinding('no')}
        />
      ) : null}
      {finding === 'jump' ? <JumpField onJump={jump} onClose={() => setFinding('no')} /> : null}
      {annotations.error ? <ErrorNotice error={annotations.error} /> : null}
      <div className="rd-frame">
        <div className="rd-scroller" ref={scroller} tabIndex={-1}>
          <ReaderText
            view={view}
            annotations={shownAnnotations}
            found={find.byUnit}
            onCite={cite}
            onMark={onMark}
            ref={text}
          />
          {selection ? (
            <SelectionBar selection={selection} scroller={scroller} onAnnotate={annotate} onCopy={copy} />
          ) : null}
        </div>
        <ScrollStrip annotations={shownAnnotations} found={find.found} scroller={scroller} />
      </div>
    </>
  );
}
