/** Finding words in the document, and jumping to a paragraph by typing its label. */
import { ChevronDown, ChevronUp, Search, X } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { useText } from '../app/i18n.tsx';
import { IconButton } from '../ui/Button.tsx';
import { SearchField } from '../ui/TextField.tsx';

export function FindField({
  words,
  onWords,
  at,
  count,
  onStep,
  onClose,
}: {
  readonly words: string;
  readonly onWords: (words: string) => void;
  readonly at: number;
  readonly count: number;
  readonly onStep: (step: 1 | -1) => void;
  readonly onClose: () => void;
}) {
  const { t } = useText();
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => input.current?.select(), []);
  return (
    <div
      className="rd-find no-print"
      role="search"
      onKeyDown={(event) => {
        if (event.key === 'Enter') {
          event.preventDefault();
          onStep(event.shiftKey ? -1 : 1);
        }
      }}
    >
      <SearchField
        label={t('reader.find')}
        placeholder={t('reader.find')}
        clearLabel={t('app.clear')}
        icon={Search}
        value={words}
        onChange={onWords}
        inputRef={input}
        autoFocus
      />
      <span role="status">
        {words.trim() === '' ? '' : t('reader.find.count', { at: count === 0 ? 0 : at + 1, count })}
      </span>
      <IconButton
        icon={ChevronUp}
        size="small"
        label={t('reader.find.previous')}
        keys="Shift+Enter"
        onPress={() => onStep(-1)}
      />
      <IconButton
        icon={ChevronDown}
        size="small"
        label={t('reader.find.next')}
        keys="Enter"
        onPress={() => onStep(1)}
      />
      <IconButton icon={X} size="small" label={t('app.close')} keys="Escape" onPress={onClose} />
    </div>
  );
}

/** `onJump` returns whether there is such a paragraph. */
export function JumpField({
  onJump,
  onClose,
}: {
  readonly onJump: (query: string) => boolean;
  readonly onClose: () => void;
}) {
  const { t } = useText();
  const [typed, setTyped] = useState('');
  const [missing, setMissing] = useState(false);
  return (
    <div
      className="rd-find no-print"
      onKeyDown={(event) => {
        if (event.key !== 'Enter') return;
        event.preventDefault();
        if (onJump(typed)) onClose();
        else setMissing(true);
      }}
    >
      <SearchField
        label={t('reader.jump')}
        placeholder={t('reader.jump.placeholder')}
        clearLabel={t('app.clear')}
        value={typed}
        onChange={(next) => {
          setTyped(next);
          setMissing(false);
        }}
        autoFocus
      />
      <span role="status">{missing ? t('reader.jump.missing', { label: typed }) : ''}</span>
      <IconButton icon={X} size="small" label={t('app.close')} keys="Escape" onPress={onClose} />
    </div>
  );
}
