import type { LucideIcon } from 'lucide-react';
import { X } from 'lucide-react';
import type { ReactNode, Ref } from 'react';
import { Button as AriaButton } from 'react-aria-components/Button';
import { FieldError } from 'react-aria-components/FieldError';
import {
  Input,
  TextArea,
  TextField as AriaTextField,
  Label,
  type TextFieldProps as AriaProps,
} from 'react-aria-components/TextField';
import {
  SearchField as AriaSearchField,
  type SearchFieldProps as AriaSearchProps,
} from 'react-aria-components/SearchField';
import { Text } from 'react-aria-components/Text';

export interface TextFieldProps extends Omit<AriaProps, 'className' | 'style' | 'children' | 'dir'> {
  readonly label: string;
  readonly hint?: ReactNode;
  readonly error?: string;
  readonly placeholder?: string;
  /** More than 0 makes it a text area of that many lines. */
  readonly lines?: number;
  readonly hideLabel?: boolean;
  readonly mono?: boolean;
  /** Of what is typed; label, hint and error go as the frame goes. */
  readonly dir?: 'ltr' | 'rtl' | 'auto';
  readonly inputRef?: Ref<HTMLInputElement & HTMLTextAreaElement>;
}

export function TextField({
  label,
  hint,
  error,
  placeholder,
  lines = 0,
  hideLabel,
  mono,
  dir,
  inputRef,
  ...rest
}: TextFieldProps) {
  return (
    <AriaTextField {...rest} className="wb-field" isInvalid={Boolean(error)} data-mono={mono || undefined}>
      <Label className={hideLabel ? 'visually-hidden' : 'wb-label'}>{label}</Label>
      {lines > 0 ? (
        <TextArea
          className="wb-input"
          dir={dir}
          rows={lines}
          placeholder={placeholder}
          {...(inputRef ? { ref: inputRef } : {})}
        />
      ) : (
        <Input className="wb-input" dir={dir} placeholder={placeholder} {...(inputRef ? { ref: inputRef } : {})} />
      )}
      {hint ? (
        <Text slot="description" className="wb-hint">
          {hint}
        </Text>
      ) : null}
      <FieldError className="wb-field-error">{error}</FieldError>
    </AriaTextField>
  );
}

export interface SearchFieldProps extends Omit<AriaSearchProps, 'className' | 'style' | 'children'> {
  readonly label: string;
  readonly placeholder?: string;
  readonly clearLabel: string;
  readonly icon?: LucideIcon;
  readonly inputRef?: Ref<HTMLInputElement>;
}

/** A search field; Escape empties it first and goes back only when it is empty. */
export function SearchField({ label, placeholder, clearLabel, icon: Icon, inputRef, ...rest }: SearchFieldProps) {
  return (
    <AriaSearchField {...rest} aria-label={label} className="wb-search">
      {Icon ? <Icon size={15} aria-hidden /> : null}
      <Input className="wb-search-input" placeholder={placeholder} {...(inputRef ? { ref: inputRef } : {})} />
      <AriaButton className="wb-search-clear" aria-label={clearLabel}>
        <X size={13} aria-hidden />
      </AriaButton>
    </AriaSearchField>
  );
}
