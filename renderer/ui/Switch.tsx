import { Switch as AriaSwitch } from 'react-aria-components/Switch';
import { Label, Radio, RadioGroup } from 'react-aria-components/RadioGroup';
import type { LucideIcon } from 'lucide-react';

export function Switch({
  label,
  hint,
  isSelected,
  onChange,
}: {
  readonly label: string;
  readonly hint?: string;
  readonly isSelected: boolean;
  readonly onChange: (on: boolean) => void;
}) {
  return (
    <AriaSwitch className="wb-switch" isSelected={isSelected} onChange={onChange}>
      <span className="wb-switch-track" aria-hidden>
        <span className="wb-switch-knob" />
      </span>
      <span>
        {label}
        {hint ? <span className="wb-hint">{hint}</span> : null}
      </span>
    </AriaSwitch>
  );
}

export interface SegmentOption<K extends string> {
  readonly id: K;
  readonly label: string;
  readonly icon?: LucideIcon;
  readonly lang?: string;
}

/** One of a few, all visible: theme, kind, filter. */
export function Segments<K extends string>({
  label,
  hideLabel,
  options,
  value,
  onChange,
}: {
  readonly label: string;
  readonly hideLabel?: boolean;
  readonly options: readonly SegmentOption<K>[];
  readonly value: K;
  readonly onChange: (value: K) => void;
}) {
  return (
    <RadioGroup className="wb-field" value={value} onChange={(next) => onChange(next as K)} orientation="horizontal">
      <Label className={hideLabel ? 'visually-hidden' : 'wb-label'}>{label}</Label>
      <div className="wb-segments">
        {options.map((option) => (
          <Radio key={option.id} value={option.id} className="wb-segment">
            {option.icon ? <option.icon size={14} aria-hidden /> : null}
            <span lang={option.lang} dir={option.lang ? 'auto' : undefined}>
              {option.label}
            </span>
          </Radio>
        ))}
      </div>
    </RadioGroup>
  );
}
