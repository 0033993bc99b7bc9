/** The title, and the cover block of a contribution: one line each, saved as they are typed. */
import { useEffect, useRef, useState } from 'react';
import { isMessageId } from '../../../shared/i18n/messages.ts';
import { templateOf } from '../../../shared/drafting/templates.ts';
import { useText, type TextTools } from '../../app/i18n.tsx';
import { Button } from '../../ui/Button.tsx';
import { authorLine } from '../cards/VersionsCard.tsx';
import type { CoverField, DraftView } from '../contract-types.ts';
import { selectBeginning } from '../editor/block-commands.ts';
import { useDraftState, useOpenDraft } from './open-draft.ts';

function coverLabel({ t }: TextTools, template: DraftView['summary']['template'], key: string): string {
  const id = `drafting.cover.${key}`;
  if (isMessageId(id)) return t(id);
  return templateOf(template).cover.find((field) => field.key === key)?.label ?? key;
}

export function CoverBlock() {
  const text = useText();
  const { binding, view } = useOpenDraft();
  const title = useDraftState((state) => state.title);
  const cover = useDraftState((state) => state.cover);
  return (
    <header className="draft-cover">
      {cover.length === 0 ? null : (
        <dl className="draft-cover-fields">
          {cover.map(({ key, field }) => (
            <div key={key}>
              <dt id={`cover-${key}`}>{coverLabel(text, view.summary.template, key)}</dt>
              <dd>
                <Line
                  labelledBy={`cover-${key}`}
                  placeholder=" "
                  value={field.value}
                  isReadOnly={!view.mayEdit}
                  onChange={(value) => binding.setCover(key, value)}
                />
                <OtherValues field={field} settleKey={key} />
              </dd>
            </div>
          ))}
        </dl>
      )}
      <Line
        className="draft-title"
        label={text.t('drafting.title')}
        placeholder={text.t('drafting.title.empty')}
        value={title.value}
        isReadOnly={!view.mayEdit}
        onChange={binding.setTitle}
      />
      <OtherValues field={title} settleKey={null} />
    </header>
  );
}

/** A line that grows with its text. Enter goes on to the text instead of breaking it. */
function Line({
  value,
  onChange,
  label,
  labelledBy,
  placeholder,
  className,
  isReadOnly,
}: {
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly label?: string;
  readonly labelledBy?: string;
  readonly placeholder?: string;
  readonly className?: string;
  readonly isReadOnly: boolean;
}) {
  const { editor, binding } = useOpenDraft();
  const [typed, setTyped] = useState(value);
  const shown = useRef(value);
  useEffect(() => {
    // Only what came from elsewhere: what was typed here is already in the field.
    if (value === shown.current) return;
    shown.current = value;
    setTyped(value);
  }, [value]);
  return (
    <textarea
      className={`draft-line ${className ?? ''}`}
      rows={1}
      dir="auto"
      value={typed}
      readOnly={isReadOnly}
      placeholder={placeholder}
      aria-label={label}
      aria-labelledby={labelledBy}
      onChange={(event) => {
        const next = event.target.value.replaceAll(/\s*\n\s*/g, ' ');
        shown.current = next;
        setTyped(next);
        onChange(next);
      }}
      onBlur={() => void binding.commit()}
      onKeyDown={(event) => {
        if (event.key !== 'Enter' || event.nativeEvent.isComposing) return;
        event.preventDefault();
        selectBeginning(editor);
      }}
    />
  );
}

/** Values written apart from each other; taking one closes it over all of them. */
function OtherValues({ field, settleKey }: { readonly field: CoverField; readonly settleKey: string | null }) {
  const text = useText();
  const { binding } = useOpenDraft();
  if (field.versions.length < 2) return null;
  const heads = field.versions.flatMap((version) => version.heads);
  const take = (value: string): void => {
    const edit =
      settleKey === null
        ? ({ op: 'setTitle', value, heads } as const)
        : ({ op: 'setCover', key: settleKey, value, heads } as const);
    void binding.post([edit]).then(() => binding.commit());
  };
  return (
    <div className="draft-card" data-tone="warn">
      <p>{text.t('drafting.cover.versions')}</p>
      <div className="draft-card-actions">
        {field.versions.map((version) => (
          <Button key={version.heads.join()} size="small" onPress={() => take(version.value)}>
            {text.t('drafting.cover.keep', { value: version.value, name: authorLine(text, version.author) })}
          </Button>
        ))}
      </div>
    </div>
  );
}
