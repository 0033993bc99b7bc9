/** Two fields for a passphrase that is being set; gives it once both are the same. */
import { useState } from 'react';
import { TextField } from '../ui/TextField.tsx';
import { useText } from './i18n.tsx';

export interface NewPassphrase {
  /** Null until both fields are the same and not empty. */
  readonly value: string | null;
  /** Shows what is wrong from now on. */
  readonly check: () => void;
  readonly fields: React.ReactNode;
}

export function useNewPassphrase(label?: string, hint?: string): NewPassphrase {
  const { t } = useText();
  const [first, setFirst] = useState('');
  const [second, setSecond] = useState('');
  const [checked, setChecked] = useState(false);
  const missing = first.trim() === '';
  const differ = first !== second;
  return {
    value: missing || differ ? null : first,
    check: () => setChecked(true),
    fields: (
      <>
        <TextField
          label={label ?? t('lock.new')}
          hint={hint ?? t('lock.new.hint')}
          type="password"
          autoComplete="new-password"
          value={first}
          onChange={setFirst}
          {...(checked && missing ? { error: t('lock.new.missing') } : {})}
        />
        <TextField
          label={t('lock.new.again')}
          type="password"
          autoComplete="new-password"
          value={second}
          onChange={setSecond}
          {...(checked && !missing && differ ? { error: t('lock.new.differ') } : {})}
        />
      </>
    ),
  };
}
