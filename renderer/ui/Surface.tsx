/** Things that only show: chips, cards, notices, empty views, progress. */
import { CircleAlert, CircleCheck, Info, TriangleAlert, X, type LucideIcon } from 'lucide-react';
import { Fragment, type ReactNode } from 'react';
import { Button as AriaButton } from 'react-aria-components/Button';
import { ProgressBar } from 'react-aria-components/ProgressBar';
import { Label } from 'react-aria-components/TextField';
import { Button } from './Button.tsx';

export type Tone = 'neutral' | 'accent' | 'good' | 'warn' | 'bad';

/** Short facts in a line, each keeping its own direction: `A · B · C`. Empty ones are left out. */
export function Facts({ items }: { readonly items: readonly (string | null | undefined)[] }) {
  const shown = items.filter((item): item is string => Boolean(item));
  return (
    <>
      {shown.map((item, index) => (
        <Fragment key={`${index} ${item}`}>
          {index > 0 ? ' · ' : null}
          <bdi>{item}</bdi>
        </Fragment>
      ))}
    </>
  );
}

/** A small label; with `onPress` a button, with `onRemove` it can be taken away. */
export function Chip({
  children,
  tone = 'neutral',
  icon: Icon,
  onPress,
  onRemove,
  removeLabel,
  label,
  isOn,
  lang,
}: {
  readonly children: ReactNode;
  readonly tone?: Tone;
  readonly icon?: LucideIcon;
  readonly onPress?: () => void;
  readonly onRemove?: () => void;
  readonly removeLabel?: string;
  /** Accessible name when the text is an abbreviation. */
  readonly label?: string;
  readonly isOn?: boolean;
  readonly lang?: string;
}) {
  const inside = (
    <>
      {Icon ? <Icon size={12} aria-hidden /> : null}
      <span lang={lang}>{children}</span>
    </>
  );
  const name = label ? { 'aria-label': label } : {};
  if (onPress)
    return (
      <AriaButton
        className="wb-chip"
        data-tone={tone}
        data-on={isOn || undefined}
        {...(isOn === undefined ? {} : { 'aria-pressed': isOn })}
        onPress={onPress}
        {...name}
      >
        {inside}
      </AriaButton>
    );
  return (
    <span className="wb-chip" data-tone={tone} title={label}>
      {inside}
      {onRemove ? (
        <AriaButton className="wb-chip-remove" aria-label={removeLabel ?? ''} onPress={onRemove}>
          <X size={11} aria-hidden />
        </AriaButton>
      ) : null}
    </span>
  );
}

/** `tone` is a colour token's name: `note`, `support`, `warn`, ... and draws the edge. */
export function Card({
  children,
  tone,
  className,
  label,
}: {
  readonly children: ReactNode;
  readonly tone?: 'note' | 'question' | 'support' | 'oppose' | 'amend' | 'reserve' | 'warn' | 'bad' | 'good' | 'accent';
  readonly className?: string;
  readonly label?: string;
}) {
  return (
    <section className={`wb-card ${className ?? ''}`} data-tone={tone} aria-label={label}>
      {children}
    </section>
  );
}

const noticeIcons = { neutral: Info, accent: Info, good: CircleCheck, warn: TriangleAlert, bad: CircleAlert } as const;

/** A message in its place, with what can be done. `bad` is announced at once. */
export function Notice({
  tone,
  title,
  children,
  actions,
}: {
  readonly tone: Tone;
  readonly title?: ReactNode;
  readonly children?: ReactNode;
  readonly actions?: ReactNode;
}) {
  const Icon = noticeIcons[tone];
  return (
    <div className="wb-notice" data-tone={tone} role={tone === 'bad' ? 'alert' : 'note'}>
      <Icon size={16} aria-hidden className="wb-notice-icon" />
      <div className="wb-notice-text">
        {title ? <strong>{title}</strong> : null}
        {children ? <div>{children}</div> : null}
      </div>
      {actions ? <div className="wb-notice-actions">{actions}</div> : null}
    </div>
  );
}

/** An empty view says what it is for and offers the one next step. */
export function EmptyState({
  icon: Icon,
  title,
  children,
  actions,
}: {
  readonly icon: LucideIcon;
  readonly title: string;
  readonly children: ReactNode;
  readonly actions?: ReactNode;
}) {
  return (
    <div className="wb-empty">
      <span className="wb-empty-icon">
        <Icon size={26} strokeWidth={1.5} aria-hidden />
      </span>
      <h2>{title}</h2>
      <p>{children}</p>
      {actions ? <div className="wb-empty-actions">{actions}</div> : null}
    </div>
  );
}

/** Long work: what is being done, how far, and a way to stop it. `total` 0 = not known. */
export function Progress({
  label,
  done,
  total,
  detail,
  onCancel,
  cancelLabel,
}: {
  readonly label: string;
  readonly done: number;
  readonly total: number;
  readonly detail?: string;
  readonly onCancel?: () => void;
  readonly cancelLabel?: string;
}) {
  const share = total > 0 ? Math.min(100, Math.round((100 * done) / total)) : 0;
  return (
    <ProgressBar className="wb-progress" value={share} isIndeterminate={total <= 0}>
      {({ valueText }) => (
        <>
          <div className="wb-progress-line">
            <Label>{label}</Label>
            {total > 0 ? <span className="wb-quiet">{valueText}</span> : null}
            {onCancel && cancelLabel ? (
              <Button size="small" onPress={onCancel}>
                {cancelLabel}
              </Button>
            ) : null}
          </div>
          <div className="wb-progress-track">
            <div
              className="wb-progress-fill"
              data-unknown={total <= 0 || undefined}
              style={total > 0 ? { inlineSize: `${share}%` } : undefined}
            />
          </div>
          {detail ? <div className="wb-hint wb-ellipsis">{detail}</div> : null}
        </>
      )}
    </ProgressBar>
  );
}
