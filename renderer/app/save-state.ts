/** What the status line says of the editor that is open. Editors call `showSaveState` and, when they close, `clearEditor`. */
import { create } from 'zustand';

export type SaveState =
  | { readonly kind: 'none' }
  | { readonly kind: 'saving' }
  /** Fsynced; `at` as the service reported it, null while nothing has been written since the text was opened. */
  | { readonly kind: 'saved'; readonly at: string | null }
  /** The text on screen is not on the disk; `error` as caught. */
  | { readonly kind: 'failed'; readonly error: unknown };

interface EditorStatus {
  readonly save: SaveState;
  /** Words of the open draft or document; null = none open. */
  readonly words: number | null;
  /** Language of the open draft or document. */
  readonly language: string | null;
}

const idle: EditorStatus = { save: { kind: 'none' }, words: null, language: null };

export const useEditorStatus = create<EditorStatus>(() => idle);

export function showSaveState(save: SaveState): void {
  useEditorStatus.setState({ save });
}

export function showWords(words: number | null): void {
  useEditorStatus.setState({ words });
}

export function showTextLanguage(language: string | null): void {
  useEditorStatus.setState({ language });
}

export function clearEditor(): void {
  useEditorStatus.setState(idle);
}
