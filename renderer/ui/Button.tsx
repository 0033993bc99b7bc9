/**
 * The kit: every control of the page, on react-aria-components, in our tokens. Features import their controls from
 * `renderer/ui` and never from react-aria-components. Texts come in as props: the kit knows no catalogue.
 */
import type { LucideIcon } from 'lucide-react';
import type { ReactNode, Ref } from 'react';
import { Button as AriaButton, type ButtonProps as AriaButtonProps } from 'react-aria-components/Button';
import { Tip } from './Tooltip.tsx';

export interface ButtonProps extends Omit<AriaButtonProps, 'className' | 'style' | 'children'> {
  readonly variant?: 'plain' | 'primary' | 'quiet' | 'danger';
  readonly size?: 'normal' | 'small';
  readonly icon?: LucideIcon;
  readonly children: ReactNode;
  readonly className?: string;
  readonly ref?: Ref<HTMLButtonElement>;
}

export function Button({ variant = 'plain', size = 'normal', icon: Icon, children, className, ...rest }: ButtonProps) {
  return (
    <AriaButton {...rest} className={`wb-button ${className ?? ''}`} data-variant={variant} data-size={size}>
      {Icon ? <Icon size={size === 'small' ? 13 : 15} aria-hidden /> : null}
      <span>{children}</span>
    </AriaButton>
  );
}

export interface IconButtonProps extends Omit<AriaButtonProps, 'className' | 'style' | 'children' | 'aria-label'> {
  readonly icon: LucideIcon;
  /** What it does; its accessible name and its tooltip. */
  readonly label: string;
  /** The key that does the same, shown in the tooltip. */
  readonly keys?: string;
  readonly size?: 'normal' | 'small';
  readonly isPressedIn?: boolean;
  readonly className?: string;
  readonly tipPlacement?: 'top' | 'bottom' | 'start' | 'end';
  readonly ref?: Ref<HTMLButtonElement>;
}

export function IconButton({
  icon: Icon,
  label,
  keys,
  size = 'normal',
  isPressedIn,
  className,
  tipPlacement = 'top',
  ...rest
}: IconButtonProps) {
  return (
    <Tip text={label} placement={tipPlacement} {...(keys ? { keys } : {})}>
      <AriaButton
        {...rest}
        aria-label={label}
        {...(isPressedIn === undefined ? {} : { 'aria-pressed': isPressedIn })}
        className={`wb-icon-button ${className ?? ''}`}
        data-size={size}
        data-on={isPressedIn || undefined}
      >
        <Icon size={size === 'small' ? 14 : 17} aria-hidden />
      </AriaButton>
    </Tip>
  );
}
