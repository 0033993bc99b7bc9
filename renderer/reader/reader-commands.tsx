/** The reader's commands: in the palette, in the list of keys, and by their keys. */
import type { AnnotationKind } from '../../shared/contract/annotations.ts';
import { useCommand } from '../app/commands.ts';
import { useText } from '../app/i18n.tsx';
import { kindKeys, kindMessage } from './kinds.ts';
import { useReader } from './reader-state.ts';

export type Finding = 'no' | 'find' | 'jump';

export function useReaderCommands(options: {
  readonly finding: Finding;
  readonly setFinding: (finding: Finding) => void;
  readonly stepAnnotation: (step: 1 | -1) => boolean;
  readonly stepUnit: (step: 1 | -1) => void;
  readonly copy: () => void;
  readonly exportAnnotations: () => void;
  /** Null where the document is not this person's to erase. */
  readonly erase: (() => void) | null;
}): void {
  const { finding, setFinding, stepAnnotation, stepUnit, copy, exportAnnotations, erase } = options;
  const { t } = useText();
  useCommand({ id: 'reader.find', title: t('reader.find'), key: 'Ctrl+F', run: () => setFinding('find') });
  useCommand({ id: 'reader.jump', title: t('reader.jump'), key: 'g', run: () => setFinding('jump') });
  useCommand({ id: 'reader.next', title: t('reader.annotation.next'), key: ']', run: () => stepAnnotation(1) });
  useCommand({
    id: 'reader.previous',
    title: t('reader.annotation.previous'),
    key: '[',
    run: () => stepAnnotation(-1),
  });
  useCommand({ id: 'reader.unit.next', title: t('reader.unit.next'), key: 'j', run: () => stepUnit(1) });
  useCommand({ id: 'reader.unit.previous', title: t('reader.unit.previous'), key: 'k', run: () => stepUnit(-1) });
  useCommand({ id: 'reader.copy', title: t('reader.copy.cited'), key: 'c', run: copy });
  useCommand({ id: 'reader.export', title: t('reader.export'), run: exportAnnotations });
  useCommand(erase ? { id: 'reader.erase', title: t('reader.erase.document'), run: erase } : null);
  useCommand(
    finding === 'no' && useReader.getState().focused === null
      ? null
      : {
          id: 'reader.escape',
          title: t('app.close'),
          key: 'Escape',
          hidden: true,
          whileTyping: true,
          run: () => {
            if (finding !== 'no') setFinding('no');
            else if (useReader.getState().focused) useReader.setState({ focused: null, editing: null });
            else return false;
            return true;
          },
        },
  );
}

export function KindCommand({
  kind,
  onRun,
}: {
  readonly kind: AnnotationKind;
  readonly onRun: (kind: AnnotationKind) => void;
}) {
  const { t } = useText();
  useCommand({
    id: `reader.annotate.${kind}`,
    title: t('reader.annotate', { kind: t(kindMessage(kind)) }),
    key: kindKeys[kind],
    run: () => onRun(kind),
  });
  return null;
}
