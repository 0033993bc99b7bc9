import { Search, type LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';
import { Autocomplete } from 'react-aria-components/Autocomplete';
import { Dialog as AriaDialog } from 'react-aria-components/Dialog';
import { Collection, Header, Menu, MenuItem, MenuSection } from 'react-aria-components/Menu';
import { Modal, ModalOverlay } from 'react-aria-components/Modal';
import { Input, TextField } from 'react-aria-components/TextField';
import { Kbd } from './Kbd.tsx';

export interface PickItem {
  readonly id: string;
  readonly title: string;
  readonly detail?: ReactNode;
  /** Plain text of the detail, for screen readers. */
  readonly textValue?: string;
  readonly icon?: LucideIcon;
  readonly keys?: string;
  readonly run: () => void;
}
export interface PickSection {
  readonly id: string;
  readonly title: string;
  readonly items: readonly PickItem[];
}

/**
 * The palette's form: one line to type into, the answers under it, arrow keys and Enter. Filtering is the caller's.
 * Closes itself before running what was picked, so that focus is back where it was.
 */
export function PickList({
  label,
  placeholder,
  query,
  onQuery,
  sections,
  nothing,
  onClose,
}: {
  readonly label: string;
  readonly placeholder: string;
  readonly query: string;
  readonly onQuery: (query: string) => void;
  readonly sections: readonly PickSection[];
  /** Shown when there is no answer. */
  readonly nothing: ReactNode;
  readonly onClose: () => void;
}) {
  const shown = sections.filter((section) => section.items.length > 0);
  return (
    <ModalOverlay className="wb-veil" isOpen onOpenChange={(open) => !open && onClose()} isDismissable>
      <Modal className="wb-modal" data-width="wide">
        <AriaDialog className="wb-dialog" aria-label={label}>
          <Autocomplete inputValue={query} onInputChange={onQuery}>
            <TextField className="wb-pick-field" aria-label={label} autoFocus>
              <Search size={17} aria-hidden />
              <Input className="wb-pick-input" placeholder={placeholder} />
            </TextField>
            <Menu
              className="wb-pick-list"
              aria-label={label}
              items={shown}
              dependencies={[shown]}
              renderEmptyState={() => <div className="wb-pick-empty">{nothing}</div>}
            >
              {(section) => (
                <MenuSection id={section.id} className="wb-pick-section">
                  <Header className="wb-pick-head">{section.title}</Header>
                  <Collection items={section.items} dependencies={[section.items]}>
                    {(item) => (
                      <MenuItem
                        id={item.id}
                        textValue={item.textValue ?? item.title}
                        className="wb-option wb-pick-option"
                        onAction={() => {
                          onClose();
                          item.run();
                        }}
                      >
                        <span className="wb-option-tick">{item.icon ? <item.icon size={15} aria-hidden /> : null}</span>
                        <span className="wb-pick-title" dir="auto">
                          {item.title}
                        </span>
                        {item.detail ? (
                          <span className="wb-pick-detail" dir="auto">
                            {item.detail}
                          </span>
                        ) : null}
                        {item.keys ? <Kbd keys={item.keys} /> : null}
                      </MenuItem>
                    )}
                  </Collection>
                </MenuSection>
              )}
            </Menu>
          </Autocomplete>
        </AriaDialog>
      </Modal>
    </ModalOverlay>
  );
}
