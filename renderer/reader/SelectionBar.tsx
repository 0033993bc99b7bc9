/** The small bar at the end of a selection: one press marks the words. The same by keys, also for a whole paragraph. */
import { Copy } from 'lucide-react';
import { useEffect, useRef, useState, type RefObject } from 'react';
import type { AnnotationKind } from '../../shared/contract/annotations.ts';
import { useText } from '../app/i18n.tsx';
import { IconButton } from '../ui/Button.tsx';
import { annotationKinds, kindIcons, kindKeys, kindMessage } from './kinds.ts';
import { readSelection, type TextSelection } from './selection.ts';

/** Follows the browser's selection inside `root`; null while nothing is selected. */
export function useSelection(root: RefObject<HTMLElement | null>): TextSelection | null {
  const [selection, setSelection] = useState<TextSelection | null>(null);
  useEffect(() => {
    let pointerDown = false;
    const read = (): void => setSelection(root.current ? readSelection(root.current) : null);
    const onChange = (): void => {
      // While the pointer drags, the bar would run after it.
      if (!pointerDown) read();
      else if (document.getSelection()?.isCollapsed) setSelection(null);
    };
    const onDown = (event: PointerEvent): void => {
      pointerDown = root.current?.contains(event.target as Node) ?? false;
    };
    const onUp = (): void => {
      if (!pointerDown) return;
      pointerDown = false;
      read();
    };
    document.addEventListener('selectionchange', onChange);
    document.addEventListener('pointerdown', onDown);
    document.addEventListener('pointerup', onUp);
    return () => {
      document.removeEventListener('selectionchange', onChange);
      document.removeEventListener('pointerdown', onDown);
      document.removeEventListener('pointerup', onUp);
    };
  }, [root]);
  return selection;
}

export function SelectionBar({
  selection,
  scroller,
  onAnnotate,
  onCopy,
}: {
  readonly selection: TextSelection;
  readonly scroller: RefObject<HTMLElement | null>;
  readonly onAnnotate: (kind: AnnotationKind) => void;
  readonly onCopy: () => void;
}) {
  const { t } = useText();
  const bar = useRef<HTMLDivElement>(null);
  const [place, setPlace] = useState({ top: -1000, left: 0 });
  useEffect(() => {
    const frame = scroller.current?.getBoundingClientRect();
    const box = bar.current?.getBoundingClientRect();
    if (!frame || !box || !scroller.current) return;
    const below = selection.rect.bottom + 8;
    const top = below + box.height < frame.bottom ? below : selection.rect.top - box.height - 8;
    const left = Math.min(Math.max(selection.rect.right - box.width / 2, frame.left + 8), frame.right - box.width - 8);
    setPlace({
      top: top - frame.top + scroller.current.scrollTop,
      left: left - frame.left,
    });
  }, [selection, scroller]);
  return (
    <div
      ref={bar}
      className="rd-selection-bar no-print"
      role="toolbar"
      aria-label={t('reader.selection.bar')}
      style={{ top: place.top, left: place.left }}
      // Pressing a button must not empty the selection that it is about.
      onPointerDown={(event) => event.preventDefault()}
    >
      {annotationKinds.map((kind) => (
        <span key={kind} className="rd-kind" data-kind={kind}>
          <IconButton
            icon={kindIcons[kind]}
            label={t(kindMessage(kind))}
            keys={kindKeys[kind]}
            size="small"
            onPress={() => onAnnotate(kind)}
          />
        </span>
      ))}
      <IconButton icon={Copy} label={t('reader.copy.cited')} keys="c" size="small" onPress={onCopy} />
    </div>
  );
}
