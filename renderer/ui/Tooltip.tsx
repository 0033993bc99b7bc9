import type { ReactElement } from 'react';
import { Tooltip as AriaTooltip, TooltipTrigger } from 'react-aria-components/Tooltip';
import { Kbd } from './Kbd.tsx';

/** A tooltip on a focusable control of the kit: what it does and its key. */
export function Tip({
  text,
  keys,
  placement = 'top',
  children,
}: {
  readonly text: string;
  readonly keys?: string;
  readonly placement?: 'top' | 'bottom' | 'start' | 'end';
  readonly children: ReactElement;
}) {
  return (
    <TooltipTrigger delay={500} closeDelay={80}>
      {children}
      <AriaTooltip className="wb-tooltip" placement={placement} offset={6}>
        {text}
        {keys ? <Kbd keys={keys} /> : null}
      </AriaTooltip>
    </TooltipTrigger>
  );
}
