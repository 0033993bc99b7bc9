import type { ReactElement, ReactNode, RefObject } from 'react';
import { Dialog as AriaDialog, DialogTrigger } from 'react-aria-components/Dialog';
import { Popover as AriaPopover } from 'react-aria-components/Popover';

type Placement = 'top' | 'bottom' | 'start' | 'end' | 'bottom start' | 'bottom end' | 'top start' | 'top end';

/** A small panel beside the button that opens it. Content may be a function that gets `close`. */
export function Pop({
  label,
  trigger,
  children,
  placement = 'bottom start',
}: {
  readonly label: string;
  readonly trigger: ReactElement;
  readonly children: ReactNode | ((close: () => void) => ReactNode);
  readonly placement?: Placement;
}) {
  return (
    <DialogTrigger>
      {trigger}
      <AriaPopover className="wb-popover" placement={placement} offset={6}>
        <AriaDialog className="wb-pop" aria-label={label}>
          {({ close }) => (typeof children === 'function' ? children(close) : children)}
        </AriaDialog>
      </AriaPopover>
    </DialogTrigger>
  );
}

/** The same at an element of the page (a selection's end, a mark), without taking focus away from the text. */
export function FloatingPanel({
  label,
  anchor,
  isOpen,
  onClose,
  children,
  placement = 'top',
}: {
  readonly label: string;
  readonly anchor: RefObject<Element | null>;
  readonly isOpen: boolean;
  readonly onClose: () => void;
  readonly children: ReactNode;
  readonly placement?: Placement;
}) {
  return (
    <AriaPopover
      className="wb-popover"
      triggerRef={anchor}
      isOpen={isOpen}
      onOpenChange={(open) => !open && onClose()}
      isNonModal
      placement={placement}
      offset={6}
      aria-label={label}
    >
      {children}
    </AriaPopover>
  );
}
