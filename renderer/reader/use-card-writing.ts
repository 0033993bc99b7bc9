/**
 * What is written in a card goes to the services one edit after the other, each over the versions that were on screen
 * when it was written: the text over the one the field began with and one's own after it, so that a partner's text which
 * arrives meanwhile is never superseded unseen.
 */
import { useEffect, useRef, useState } from 'react';
import type { AnnotationView } from '../../shared/contract/annotations.ts';
import type { AnnotationActions, AnnotationFields } from './annotation-actions.ts';

/** A pause this long saves what is typed. */
const pauseMs = 1200;

/** The heads of the text just written: all there are, or its own where a partner's stand beside it. */
export function headsOfOwnText(after: AnnotationView, words: string): AnnotationView['allHeads'] {
  const versions = after.conflicts.find(({ field }) => field === 'body')?.versions;
  return versions?.find(({ value }) => value === words)?.heads ?? after.heads['body'] ?? [];
}

export interface CardWriting {
  readonly body: string;
  readonly setBody: (body: string) => void;
  readonly saveBody: () => void;
  /** Changes other fields, from what they are when its turn comes. */
  readonly change: (make: (now: AnnotationView) => AnnotationFields) => void;
}

export function useCardWriting(annotation: AnnotationView, actions: AnnotationActions): CardWriting {
  const [body, setBody] = useState(annotation.body);
  const latest = useRef({ annotation, body, actions });
  latest.current = { annotation, body, actions };
  const saved = useRef(annotation.body);
  // Null until the services have made the annotation: its first text stands alone.
  const over = useRef(annotation.heads['body'] ?? null);
  const queue = useRef<Promise<void>>(Promise.resolve());

  function enqueue(work: () => Promise<AnnotationView | null>): void {
    queue.current = queue.current.then(async () => {
      // A failure has been reported; the words stay in the field and the next pause tries again.
      const after = await work().catch(() => null);
      // The next edit in the queue may begin before this result is drawn.
      if (after) latest.current = { ...latest.current, annotation: after };
    });
  }
  function saveBody(): void {
    enqueue(async () => {
      const now = latest.current;
      const words = now.body;
      if (words === saved.current) return null;
      const after = await now.actions.edit(now.annotation, { body: words }, over.current);
      saved.current = words;
      over.current = headsOfOwnText(after, words);
      return after;
    });
  }
  function change(make: (now: AnnotationView) => AnnotationFields): void {
    enqueue(() => latest.current.actions.edit(latest.current.annotation, make(latest.current.annotation)));
  }

  const saveRef = useRef(saveBody);
  saveRef.current = saveBody;
  useEffect(() => {
    const timer = setTimeout(() => saveRef.current(), pauseMs);
    return () => clearTimeout(timer);
  }, [body]);
  useEffect(() => {
    const leave = (): void => saveRef.current();
    window.addEventListener('pagehide', leave);
    return () => {
      window.removeEventListener('pagehide', leave);
      leave();
    };
  }, []);
  return { body, setBody, saveBody, change };
}
