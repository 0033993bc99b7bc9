/** The bar that reports what was done and offers to take it back. */
import { create } from 'zustand';

export interface Toast {
  readonly id: number;
  readonly tone: 'good' | 'bad';
  readonly text: string;
  /** Shown as a button; `toast({ text, undo })` makes one named Undo. */
  readonly action: { readonly label: string | null; readonly run: () => void } | null;
  /** Something thrown, presented by its code. */
  readonly error: unknown;
}

export const useToasts = create<{ readonly toasts: readonly Toast[] }>(() => ({ toasts: [] }));

let nextId = 1;
const shownMs = 8000;
const most = 3;

export function dismissToast(id: number): void {
  useToasts.setState((state) => ({ toasts: state.toasts.filter((toast) => toast.id !== id) }));
}

/** Reports something done. With `undo` the bar stays longer and offers to take it back. Returns its id, to close it by. */
export function toast(options: {
  readonly text: string;
  readonly undo?: () => void;
  readonly action?: { readonly label: string; readonly run: () => void };
}): number {
  const id = nextId++;
  const close = (run: () => void) => () => {
    dismissToast(id);
    run();
  };
  const action = options.undo
    ? { label: null, run: close(options.undo) }
    : options.action
      ? { label: options.action.label, run: close(options.action.run) }
      : null;
  useToasts.setState((state) => ({
    toasts: [...state.toasts, { id, tone: 'good' as const, text: options.text, action, error: null }].slice(-most),
  }));
  setTimeout(() => dismissToast(id), action ? shownMs * 2 : shownMs);
  return id;
}

/** Reports something that failed; it stays until it is closed. */
export function toastError(error: unknown): void {
  const id = nextId++;
  useToasts.setState((state) => ({
    toasts: [...state.toasts, { id, tone: 'bad' as const, text: '', action: null, error }].slice(-most),
  }));
}
