import { Check, ChevronDown } from 'lucide-react';
import { Button as AriaButton } from 'react-aria-components/Button';
import { ListBox, ListBoxItem } from 'react-aria-components/ListBox';
import { Popover } from 'react-aria-components/Popover';
import { Label, Select as AriaSelect, SelectValue } from 'react-aria-components/Select';
import { Text } from 'react-aria-components/Text';

export interface SelectOption<K extends string> {
  readonly id: K;
  readonly label: string;
  readonly hint?: string;
  /** BCP 47 language of the label, where it is not the page's. */
  readonly lang?: string;
}

export function Select<K extends string>({
  label,
  hint,
  options,
  value,
  onChange,
  hideLabel,
  isDisabled,
}: {
  readonly label: string;
  readonly hint?: string;
  readonly options: readonly SelectOption<K>[];
  readonly value: K;
  readonly onChange: (value: K) => void;
  readonly hideLabel?: boolean;
  readonly isDisabled?: boolean;
}) {
  return (
    <AriaSelect
      className="wb-field"
      selectedKey={value}
      onSelectionChange={(key) => onChange(key as K)}
      {...(isDisabled ? { isDisabled } : {})}
    >
      <Label className={hideLabel ? 'visually-hidden' : 'wb-label'}>{label}</Label>
      <AriaButton className="wb-select-button">
        <SelectValue className="wb-select-value" />
        <ChevronDown size={14} aria-hidden />
      </AriaButton>
      {hint ? (
        <Text slot="description" className="wb-hint">
          {hint}
        </Text>
      ) : null}
      <Popover className="wb-popover wb-list-popover" offset={4}>
        <ListBox className="wb-listbox" items={options}>
          {(option) => (
            <ListBoxItem id={option.id} textValue={option.label} className="wb-option">
              {({ isSelected }) => (
                <>
                  <span className="wb-option-tick">{isSelected ? <Check size={14} aria-hidden /> : null}</span>
                  <span lang={option.lang} dir="auto">
                    {option.label}
                  </span>
                  {option.hint ? <span className="wb-option-hint">{option.hint}</span> : null}
                </>
              )}
            </ListBoxItem>
          )}
        </ListBox>
      </Popover>
    </AriaSelect>
  );
}
