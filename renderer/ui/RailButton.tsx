import type { LucideIcon } from 'lucide-react';
import { Button as AriaButton } from 'react-aria-components/Button';

/** An entry of the rail. */
export function RailButton({
  label,
  icon: Icon,
  isCurrent,
  onPress,
}: {
  readonly label: string;
  readonly icon: LucideIcon;
  readonly isCurrent: boolean;
  readonly onPress: () => void;
}) {
  return (
    <AriaButton
      className="app-rail-button"
      aria-label={label}
      {...(isCurrent ? { 'aria-current': 'page' as const } : {})}
      onPress={onPress}
    >
      <Icon size={19} strokeWidth={1.75} aria-hidden />
    </AriaButton>
  );
}
