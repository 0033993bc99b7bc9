/**
 * The registry of everything that can be done: the palette lists it, the key listener runs it. A component registers with
 * `useCommand` while it is mounted and takes its command away with itself.
 */
import { useEffect, useLayoutEffect, useRef } from 'react';
import { create } from 'zustand';

export interface Command {
  /** Stable, e.g. `reader.annotate.question`. */
  readonly id: string;
  /** As shown in the palette, translated. */
  readonly title: string;
  /** `Ctrl+K`, `Ctrl+Shift+P`, `F6`, `?`, `n`, `Escape`. Ctrl means the command key on a Mac. */
  readonly key?: string;
  /** More words to find it by. */
  readonly words?: string;
  /** `frame` commands are always there; the others belong to the view that is open. */
  readonly group?: 'frame' | 'view';
  /** Not shown in the palette (moving around in a list). */
  readonly hidden?: boolean;
  /** Also while typing in a field; default only for keys with Ctrl or Alt and function keys. */
  readonly whileTyping?: boolean;
  /** Returning `false` passes the key on to the command registered before, then to the page. */
  readonly run: () => unknown;
}

interface Registry {
  readonly commands: readonly Command[];
  readonly register: (command: Command) => () => void;
}

export const useCommands = create<Registry>((set) => ({
  commands: [],
  register: (command) => {
    set((state) => ({ commands: [...state.commands, command] }));
    return () => set((state) => ({ commands: state.commands.filter((one) => one !== command) }));
  },
}));

/** Registers a command while the component is mounted. `run` may close over changing state: the newest one is called. */
export function useCommand(command: Command | null): void {
  const { id, title, key, words, group, hidden, whileTyping } = command ?? {};
  const run = useRef<() => unknown>(() => undefined);
  // Before the drawing is seen: a key pressed at what is on screen must not run what was meant before it.
  useLayoutEffect(() => {
    if (command) run.current = command.run;
  });
  const present = command !== null;
  useEffect(() => {
    if (!present || id === undefined || title === undefined) return undefined;
    return useCommands.getState().register({
      id,
      title,
      ...(key === undefined ? {} : { key }),
      ...(words === undefined ? {} : { words }),
      ...(group === undefined ? {} : { group }),
      ...(hidden === undefined ? {} : { hidden }),
      ...(whileTyping === undefined ? {} : { whileTyping }),
      run: () => run.current(),
    });
  }, [present, id, title, key, words, group, hidden, whileTyping]);
}

/** What of a key event decides; a KeyboardEvent fits. */
export interface KeyPress {
  readonly key: string;
  readonly code: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
  readonly shiftKey: boolean;
}

/** Whether a key press is the chord. Letters are also matched by their place, so that Cyrillic and Arabic layouts work. */
export function matchesChord(event: KeyPress, chord: string, isMac: boolean): boolean {
  const parts = chord.split('+');
  const key = parts.pop() ?? '';
  const control = isMac ? event.metaKey : event.ctrlKey;
  const otherControl = isMac ? event.ctrlKey : event.metaKey;
  if (control !== parts.includes('Ctrl') || otherControl || event.altKey !== parts.includes('Alt')) return false;
  const isLetter = /^[a-z]$/i.test(key);
  // `?` already says Shift on most layouts and needs none on others; only letters and named keys state it.
  const statesShift = isLetter || key.length > 1;
  if (statesShift && event.shiftKey !== parts.includes('Shift')) return false;
  if (event.key.toLowerCase() === key.toLowerCase()) return true;
  return isLetter && !/^[a-z]$/i.test(event.key) && event.code === `Key${key.toUpperCase()}`;
}

/** Whether typing goes into `target`. */
export function isTypingTarget(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable || target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement)
    return true;
  const typed = ['checkbox', 'radio', 'button', 'range', 'submit', 'reset', 'color', 'file'];
  return target instanceof HTMLInputElement && !typed.includes(target.type);
}

const worksWhileTyping = (command: Command): boolean =>
  command.whileTyping ?? /^(?:(?:Ctrl|Alt)\+.*|F\d+)$/.test(command.key ?? '');

/** Runs the newest command with this key; returns whether one took it. */
export function runByKey(event: KeyPress & { readonly target: EventTarget | null }, isMac: boolean): boolean {
  const typing = isTypingTarget(event.target);
  for (const command of useCommands.getState().commands.toReversed()) {
    if (!command.key || !matchesChord(event, command.key, isMac)) continue;
    if (typing && !worksWhileTyping(command)) continue;
    if (command.run() !== false) return true;
  }
  return false;
}
