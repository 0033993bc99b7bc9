/** The six kinds of annotations: each has a word, an icon, a colour and a line, so that none is told by colour alone. */
import { Check, CircleQuestionMark, Hand, PencilLine, StickyNote, X, type LucideIcon } from 'lucide-react';
import { annotationKinds, type AnnotationKind } from '../../shared/contract/annotations.ts';
import type { MessageId } from '../app/i18n.tsx';

export { annotationKinds };

export const kindIcons: Readonly<Record<AnnotationKind, LucideIcon>> = {
  note: StickyNote,
  question: CircleQuestionMark,
  support: Check,
  oppose: X,
  amend: PencilLine,
  reserve: Hand,
};

/** One letter marks the selection or the current paragraph. */
export const kindKeys: Readonly<Record<AnnotationKind, string>> = {
  note: 'n',
  question: 'q',
  support: 's',
  oppose: 'o',
  amend: 'a',
  reserve: 'r',
};

export const kindMessage = (kind: AnnotationKind): MessageId => `reader.kind.${kind}`;
