/**
 * One open draft of this window: its editor, its binding, and what listens to the page while it is open. Made by
 * `useOpenDraft`; everything under `page/` reads it from context.
 */
import { buildEditorFromExtensions } from '@lexical/extension';
import { mergeRegister } from '@lexical/utils';
import { $getNearestNodeFromDOMNode, defineExtension, type LexicalEditor } from 'lexical';
import { createContext, useContext } from 'react';
import { useStore } from 'zustand';
import { createStore, type StoreApi } from 'zustand/vanilla';
import { newRecordId, type RecordId, type ReplicaId } from '../../../shared/ids.ts';
import type { BlockBinding, UndoOutcome } from '../binding/binding-types.ts';
import { bindDraft } from '../binding/block-binding.ts';
import type { DraftState } from '../binding/draft-store.ts';
import type { DraftsClient, DraftView } from '../contract-types.ts';
import { $insertFootnote, selectBlock } from '../editor/block-commands.ts';
import { registerBlockKeys } from '../editor/block-keys.ts';
import { DraftExtension } from '../editor/draft-extension.ts';
import { registerKeepCaret } from '../editor/keep-caret.ts';
import { registerKeepQuestions } from '../editor/keep-questions.ts';
import { $targetOfNode, type LinkTarget } from '../editor/links.ts';
import { registerNumbering } from '../editor/numbering.ts';
import { registerPaste } from '../paste/register-paste.ts';

/** What only this window knows of an open draft. */
export interface PageState {
  readonly margin: 'none' | 'history' | 'removed' | 'submit';
  /** The footnote whose text is to be edited. */
  readonly openNote: RecordId | null;
  readonly inserting: boolean;
  /** A link is asked for, from the toolbar or by key. */
  readonly linking: boolean;
}

export interface OpenDraft {
  readonly id: RecordId;
  readonly view: DraftView;
  readonly editor: LexicalEditor;
  readonly binding: BlockBinding;
  readonly client: DraftsClient;
  readonly page: StoreApi<PageState>;
  undo(): Promise<UndoOutcome>;
  redo(): Promise<UndoOutcome>;
  addFootnote(): void;
  close(): Promise<void>;
}

const randomBytes = (lengthBytes: number): Uint8Array => crypto.getRandomValues(new Uint8Array(lengthBytes));

/** The line under a quotation's words that names its source. */
function isOnSourceLine({ target, clientY }: MouseEvent): boolean {
  if (!(target instanceof HTMLElement) || !target.matches('.draft-quotation[data-source]')) return false;
  const words = document.createRange();
  words.selectNodeContents(target);
  return clientY > words.getBoundingClientRect().bottom;
}

export interface OpenDraftOptions {
  readonly client: DraftsClient;
  readonly view: DraftView;
  /** After an undo or redo, done or refused. */
  readonly onStep: (which: 'undo' | 'redo', outcome: UndoOutcome) => void;
  readonly onError: (error: unknown) => void;
  /** A link, citation or quotation is to be followed. */
  readonly onFollow: (target: LinkTarget) => void;
  /** A selection over several answers was deleted; the questions stayed. */
  readonly onKept: () => void;
}

export function createOpenDraft({ client, view, onStep, onError, onFollow, onKept }: OpenDraftOptions): OpenDraft {
  const id = view.summary.id;
  const editor = buildEditorFromExtensions(
    defineExtension({
      name: 'delegate-workbench/open-draft',
      namespace: 'delegate-workbench-draft',
      dependencies: [DraftExtension],
      $initialEditorState: null,
      editable: view.mayEdit,
      onError,
    }),
  );
  const page = createStore<PageState>(() => ({ margin: 'none', openNote: null, inserting: false, linking: false }));
  const binding = bindDraft({
    editor,
    client,
    view,
    reopen: () => client.open({ draft: id }),
    hasFocus: () => {
      const root = editor.getRootElement();
      return root !== null && root.contains(document.activeElement);
    },
    newId: (prefix) => newRecordId(prefix as ReplicaId, randomBytes),
  });

  const step = async (which: 'undo' | 'redo'): Promise<UndoOutcome> => {
    const outcome = await binding[which]();
    if (outcome.done && outcome.block !== null) selectBlock(editor, outcome.block);
    onStep(which, outcome);
    return outcome;
  };
  const run = (work: Promise<unknown>): void => void work.catch(onError);

  const addFootnote = (): void => {
    const note = binding.newId();
    let inserted = false;
    editor.update(() => void (inserted = $insertFootnote(note)), {
      onUpdate: () => {
        if (!inserted) return;
        binding.setFootnote(note, []);
        page.setState({ openNote: note });
      },
    });
  };

  const save = (): void => run(binding.commit());
  const onVisibility = (): void => {
    if (document.visibilityState === 'hidden') save();
  };
  const onClick = (event: MouseEvent): void => {
    const target = event.target instanceof Element ? event.target.closest<HTMLElement>('[data-note]') : null;
    if (target?.dataset['note'] !== undefined) page.setState({ openNote: target.dataset['note'] as RecordId });
    if (!(event.target instanceof Node)) return;
    if (event.target instanceof Element && event.target.closest('a')) event.preventDefault();
    // In a text that cannot be changed a click has nothing else to mean.
    if (view.mayEdit && !event.ctrlKey && !event.metaKey && !isOnSourceLine(event)) return;
    const clicked = event.target;
    const led = editor.read(() => $targetOfNode($getNearestNodeFromDOMNode(clicked)));
    if (led !== null) onFollow(led);
  };
  // The browser asks before it closes a page with words that are on no disk.
  const onUnload = (event: BeforeUnloadEvent): void => {
    if (binding.store.getState().saving.kind === 'failed') event.preventDefault();
  };
  document.addEventListener('visibilitychange', onVisibility);
  window.addEventListener('beforeunload', onUnload);
  window.addEventListener('blur', save);
  window.addEventListener('pagehide', save);

  const stop = mergeRegister(
    registerBlockKeys(editor, {
      undo: () => run(step('undo')),
      redo: () => run(step('redo')),
      footnote: addFootnote,
    }),
    registerPaste(editor, { newRecordId: binding.newId, addFootnote: binding.setFootnote }),
    registerKeepQuestions(editor, onKept),
    registerKeepCaret(editor),
    registerNumbering(editor, (noteOrder) => binding.store.setState({ noteOrder })),
    editor.registerRootListener((root, previous) => {
      previous?.removeEventListener('click', onClick);
      previous?.removeEventListener('focusout', save);
      root?.addEventListener('click', onClick);
      root?.addEventListener('focusout', save);
    }),
    () => {
      document.removeEventListener('visibilitychange', onVisibility);
      window.removeEventListener('beforeunload', onUnload);
      window.removeEventListener('blur', save);
      window.removeEventListener('pagehide', save);
    },
  );

  return {
    id,
    view,
    editor,
    binding,
    client,
    page,
    undo: () => step('undo'),
    redo: () => step('redo'),
    addFootnote,
    async close() {
      stop();
      try {
        await binding.close();
      } finally {
        editor.setRootElement(null);
        editor.dispose();
      }
    },
  };
}

const Context = createContext<OpenDraft | null>(null);
export const OpenDraftProvider = Context.Provider;

export function useOpenDraft(): OpenDraft {
  const open = useContext(Context);
  if (open === null) throw new Error('no OpenDraftProvider above this component');
  return open;
}

export function useDraftState<T>(select: (state: DraftState) => T): T {
  return useStore(useOpenDraft().binding.store, select);
}

export function usePageState<T>(select: (state: PageState) => T): T {
  return useStore(useOpenDraft().page, select);
}
