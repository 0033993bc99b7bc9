/**
 * The one input line. It keeps the keyboard whatever happens around it, shows by colour how each word was read, and never
 * waits: what it needs for a stroke is in memory. Only this component is drawn anew at a stroke.
 */
import {
  useEffect,
  useId,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
  type KeyboardEvent,
  type RefObject,
} from 'react';
import { longestLine, type EntryView } from '../../shared/contract/room/log.ts';
import type { LineContext } from '../../shared/room/input-line.ts';
import { readLine } from '../../shared/room/input-line.ts';
import type { Part, ReadLine } from '../../shared/room/line-parts.ts';
import { useText } from '../app/i18n.tsx';
import { useView } from '../app/view-state.ts';
import { Kbd } from '../ui/Kbd.tsx';
import { ReadAs } from './ReadAs.tsx';

export interface InputLineProps {
  readonly inputRef: RefObject<HTMLInputElement | null>;
  readonly context: LineContext;
  readonly unfinished: { readonly line: string; readonly at: number } | null;
  /** The line that is corrected; null: a new one is typed. */
  readonly correcting: EntryView | null;
  readonly correctingTime: string;
  readonly onLog: (line: string, read: ReadLine, at: number) => void;
  readonly onCorrect: (line: string, read: ReadLine) => void;
  readonly onLeaveCorrection: () => void;
  readonly onBack: () => void;
  /** A line as far as it is read, and when its first key was struck; null of one that is corrected. */
  readonly onTyping: (line: string, read: ReadLine | null, at: number | null) => void;
  /** After a pause in typing, and with null once there is nothing to keep. */
  readonly onPause: (line: { readonly line: string; readonly at: number } | null) => void;
}

/** A crash in the middle of a line takes at most what was typed since. */
const pauseMs = 700;

export function InputLine(props: InputLineProps) {
  const { context, correcting, onTyping, onPause } = props;
  const { t } = useText();
  const listId = useId();
  const input = props.inputRef;
  const mirror = useRef<HTMLDivElement>(null);
  const [line, setLine] = useState(() => props.unfinished?.line ?? '');
  const firstStroke = useRef(props.unfinished?.at ?? 0);
  const stashed = useRef<{ line: string; at: number } | null>(null);
  const [chosen, setChosen] = useState(0);
  const read = useMemo(() => (line.trim() === '' ? null : readLine(line, context)), [line, context]);
  const suggestions = useMemo(() => {
    const typed = typedName(line, read);
    return typed === null ? [] : context.completer.suggest(typed, 6);
  }, [line, read, context.completer]);

  useEffect(
    () => onTyping(line, read, correcting === null ? firstStroke.current : null),
    [line, read, correcting, onTyping],
  );
  useEffect(() => {
    if (correcting !== null || line === '') return undefined;
    const timer = setTimeout(() => onPause({ line, at: firstStroke.current }), pauseMs);
    return () => clearTimeout(timer);
  }, [line, correcting, onPause]);

  // The line in the making steps aside for a correction and comes back after it.
  const correctingId = correcting?.id ?? null;
  const [shownCorrection, setShownCorrection] = useState<string | null>(null);
  if (correctingId !== shownCorrection) {
    setShownCorrection(correctingId);
    if (correcting !== null) {
      if (shownCorrection === null) stashed.current = { line, at: firstStroke.current };
      setLine(correcting.line);
    } else {
      setLine(stashed.current?.line ?? '');
      firstStroke.current = stashed.current?.at ?? 0;
      stashed.current = null;
    }
  }

  useKeepFocus(input);
  useLayoutEffect(() => {
    if (mirror.current && input.current) mirror.current.scrollLeft = input.current.scrollLeft;
  });

  function set(next: string): void {
    if (line === '' && next !== '' && correcting === null) firstStroke.current = now();
    setChosen(0);
    setLine(next);
    if (next === '' && correcting === null) onPause(null);
  }

  function take(index: number): void {
    const suggestion = suggestions[index];
    const typed = typedName(line, read);
    if (suggestion === undefined || typed === null) return;
    const start = line.indexOf(typed);
    set(`${line.slice(0, start)}${suggestion.delegation.id} ${line.slice(start + typed.length).trimStart()}`);
  }

  function enter(): void {
    if (read === null || line.length > longestLine) return;
    if (correcting !== null) props.onCorrect(line, read);
    else {
      props.onLog(line, read, firstStroke.current);
      setLine('');
      setChosen(0);
    }
  }

  function onKeyDown(event: KeyboardEvent<HTMLInputElement>): void {
    if (event.nativeEvent.isComposing) return;
    const isBack = event.key === 'ArrowLeft' && (event.ctrlKey || event.metaKey);
    if (event.key === 'Enter') enter();
    else if (event.key === 'Tab' && !event.shiftKey && suggestions.length > 0) take(chosen);
    else if (event.key === 'ArrowDown' && suggestions.length > 0) setChosen((chosen + 1) % suggestions.length);
    else if (event.key === 'ArrowUp' && suggestions.length > 0)
      setChosen((chosen + suggestions.length - 1) % suggestions.length);
    else if ((isBack || event.key === 'ArrowUp') && line === '') props.onBack();
    else if (event.key === 'Escape' && correcting !== null) props.onLeaveCorrection();
    else if (event.key === 'Escape' && line !== '') set('');
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  return (
    <div className="room-input" data-correcting={correcting !== null || undefined}>
      {suggestions.length > 0 ? (
        <div
          className="room-suggestions"
          role="listbox"
          tabIndex={-1}
          id={listId}
          aria-label={t('room.input.suggestions')}
        >
          {suggestions.map(({ delegation, text }, index) => (
            <div
              key={delegation.id}
              id={`${listId}-${index}`}
              role="option"
              tabIndex={-1}
              aria-selected={index === chosen}
              // The mouse must not take the keyboard away.
              onMouseDown={(event) => {
                event.preventDefault();
                take(index);
              }}
            >
              <b>{delegation.id}</b> <span dir="auto">{delegation.names.en ?? text}</span>
            </div>
          ))}
        </div>
      ) : null}
      <div className="room-line">
        <div className="room-mirror" ref={mirror} dir="auto" aria-hidden>
          {marked(line, read?.parts ?? [])}
        </div>
        <input
          ref={input}
          className="room-line-input"
          dir="auto"
          value={line}
          role="combobox"
          aria-label={correcting ? t('room.input.correct', { time: props.correctingTime }) : t('room.input.label')}
          placeholder={t('room.input.placeholder')}
          aria-autocomplete="list"
          aria-expanded={suggestions.length > 0}
          aria-controls={listId}
          aria-activedescendant={suggestions.length > 0 ? `${listId}-${chosen}` : undefined}
          autoComplete="off"
          autoCapitalize="off"
          spellCheck={false}
          onChange={(event) => set(event.target.value)}
          onKeyDown={onKeyDown}
          onScroll={(event) => {
            if (mirror.current) mirror.current.scrollLeft = event.currentTarget.scrollLeft;
          }}
        />
      </div>
      <div className="room-hint">
        {line.length > longestLine ? (
          <span data-tone="bad">{t('room.input.tooLong', { limit: longestLine })}</span>
        ) : read === null ? (
          <Hints />
        ) : (
          <ReadAs read={read} context={context} />
        )}
        {correcting ? <span>{t('room.hint.correct')}</span> : null}
      </div>
    </div>
  );
}

/** The note-taker's own clock, in ms since 1970. */
const now = (): number => Date.now();

/** The beginning of the line, while it is a name that is being typed. */
function typedName(line: string, read: ReadLine | null): string | null {
  const part = read?.parts.find(({ kind }) => kind === 'speaker');
  if (read === null || part === undefined || part.end < line.length) return null;
  const typed = line.slice(part.start, part.end);
  return typed === read.speaker.id ? null : typed.replace(/^@/, '');
}

function marked(line: string, parts: readonly Part[]) {
  const pieces = [];
  let at = 0;
  for (const part of parts) {
    if (part.start > at) pieces.push(line.slice(at, part.start));
    pieces.push(
      <span
        key={part.start}
        data-part={part.kind}
        data-value={part.kind === 'position' ? part.value : undefined}
        data-unknown={part.unknown || undefined}
      >
        {line.slice(part.start, part.end)}
      </span>,
    );
    at = part.end;
  }
  pieces.push(line.slice(at));
  return pieces;
}

function Hints() {
  const { t } = useText();
  return (
    <>
      <span>
        <Kbd keys="Enter" /> {t('room.hint.enter')}
      </span>
      <span>
        <Kbd keys="Tab" /> {t('room.hint.tab')}
      </span>
      <span>
        <Kbd keys=">" /> {t('room.hint.next')}
      </span>
      <span>
        <Kbd keys="!" /> {t('room.hint.check')}
      </span>
      <span>
        <Kbd keys="=" /> {t('room.hint.queue')}
      </span>
      <span>
        <Kbd keys="Ctrl+←" /> {t('room.hint.back')}
      </span>
    </>
  );
}

/** A click into nothing, a closed overlay, coming back to the window: the line has the keyboard again. */
function useKeepFocus(input: { readonly current: HTMLInputElement | null }): void {
  const overlay = useView((state) => state.overlay);
  useEffect(() => {
    if (overlay === 'none') input.current?.focus();
  }, [overlay, input]);
  useEffect(() => {
    const take = (): void => {
      const focused = document.activeElement;
      if (focused === null || focused === document.body) input.current?.focus();
    };
    const later = (): void => void requestAnimationFrame(take);
    document.addEventListener('focusout', later);
    document.addEventListener('mouseup', later);
    window.addEventListener('focus', take);
    return () => {
      document.removeEventListener('focusout', later);
      document.removeEventListener('mouseup', later);
      window.removeEventListener('focus', take);
    };
  }, [input]);
}
