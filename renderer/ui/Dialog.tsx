import { X } from 'lucide-react';
import type { ReactNode } from 'react';
import { Dialog as AriaDialog, Heading } from 'react-aria-components/Dialog';
import { Modal, ModalOverlay } from 'react-aria-components/Modal';
import { IconButton } from './Button.tsx';

/**
 * A dialog over the page. Only for choosing a file or folder, deleting for good, and the palette: everything else is a
 * card in its place or a `Pop`. Escape and a click outside close it.
 */
export function Dialog({
  title,
  closeLabel,
  isOpen,
  onClose,
  children,
  footer,
  width = 'normal',
}: {
  readonly title: string;
  readonly closeLabel: string;
  readonly isOpen: boolean;
  readonly onClose: () => void;
  readonly children: ReactNode;
  readonly footer?: ReactNode;
  readonly width?: 'normal' | 'wide';
}) {
  return (
    <ModalOverlay className="wb-veil" isOpen={isOpen} onOpenChange={(open) => !open && onClose()} isDismissable>
      <Modal className="wb-modal" data-width={width}>
        <AriaDialog className="wb-dialog">
          <header className="wb-dialog-head">
            <Heading slot="title">{title}</Heading>
            <IconButton icon={X} label={closeLabel} size="small" onPress={onClose} tipPlacement="bottom" />
          </header>
          <div className="wb-dialog-body">{children}</div>
          {footer ? <footer className="wb-dialog-foot">{footer}</footer> : null}
        </AriaDialog>
      </Modal>
    </ModalOverlay>
  );
}
