import { Ellipsis, type LucideIcon } from 'lucide-react';
import type { ReactElement } from 'react';
import { Menu as AriaMenu, MenuItem, MenuTrigger, Separator } from 'react-aria-components/Menu';
import { Popover } from 'react-aria-components/Popover';
import { IconButton } from './Button.tsx';
import { Kbd } from './Kbd.tsx';

export interface MenuAction {
  readonly id: string;
  readonly label: string;
  readonly icon?: LucideIcon;
  readonly keys?: string;
  readonly danger?: boolean;
  readonly isDisabled?: boolean;
  /** A line above it. */
  readonly separated?: boolean;
  readonly run: () => void;
}

/** A button (the child, from this kit) that opens a menu of actions. */
export function Menu({
  label,
  actions,
  children,
}: {
  readonly label: string;
  readonly actions: readonly MenuAction[];
  readonly children: ReactElement;
}) {
  return (
    <MenuTrigger>
      {children}
      <Popover className="wb-popover wb-list-popover" placement="bottom end" offset={4}>
        <AriaMenu className="wb-listbox" aria-label={label}>
          {actions.flatMap((action) => [
            ...(action.separated ? [<Separator key={`${action.id}-line`} className="wb-menu-line" />] : []),
            <MenuItem
              key={action.id}
              id={action.id}
              textValue={action.label}
              className="wb-option"
              data-danger={action.danger || undefined}
              isDisabled={action.isDisabled ?? false}
              onAction={action.run}
            >
              <span className="wb-option-tick">{action.icon ? <action.icon size={14} aria-hidden /> : null}</span>
              <span>{action.label}</span>
              {action.keys ? <Kbd keys={action.keys} /> : null}
            </MenuItem>,
          ])}
        </AriaMenu>
      </Popover>
    </MenuTrigger>
  );
}

/** The three dots after one thing (a row, a card, what is open): everything rarer that can be done with it. */
export function MoreMenu({ label, actions }: { readonly label: string; readonly actions: readonly MenuAction[] }) {
  return (
    <Menu label={label} actions={actions}>
      <IconButton icon={Ellipsis} label={label} size="small" tipPlacement="bottom" />
    </Menu>
  );
}
