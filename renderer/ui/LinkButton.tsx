import type { ReactNode } from 'react';
import { Button as AriaButton } from 'react-aria-components/Button';

/** A button without a box: a row of a list, a word in a line. `isCurrent` marks where one is. */
export function LinkButton({
  children,
  onPress,
  className,
  isCurrent,
  label,
  lang,
  isDisabled,
  autoFocus,
}: {
  readonly children: ReactNode;
  readonly onPress: () => void;
  readonly className?: string;
  readonly isCurrent?: boolean;
  readonly label?: string;
  readonly lang?: string;
  readonly isDisabled?: boolean;
  readonly autoFocus?: boolean;
}) {
  return (
    <AriaButton
      className={`wb-link ${className ?? ''}`}
      onPress={onPress}
      {...(isCurrent ? { 'aria-current': 'true' as const } : {})}
      {...(label ? { 'aria-label': label } : {})}
      {...(lang ? { lang } : {})}
      {...(isDisabled ? { isDisabled } : {})}
      {...(autoFocus ? { autoFocus } : {})}
    >
      {children}
    </AriaButton>
  );
}
