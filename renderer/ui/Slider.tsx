import { Slider as AriaSlider, SliderThumb, SliderTrack } from 'react-aria-components/Slider';
import { Label } from 'react-aria-components/TextField';

/**
 * A number between two ends, set by dragging or by the arrow keys. `onChange` follows the hand, `onChangeEnd` comes when it
 * lets go. `valueText` is what is shown and spoken for the value.
 */
export function Slider({
  label,
  value,
  min,
  max,
  step,
  valueText,
  onChange,
  onChangeEnd,
}: {
  readonly label: string;
  readonly value: number;
  readonly min: number;
  readonly max: number;
  readonly step: number;
  readonly valueText: string;
  readonly onChange: (value: number) => void;
  readonly onChangeEnd?: (value: number) => void;
}) {
  return (
    <AriaSlider
      className="wb-slider"
      value={value}
      minValue={min}
      maxValue={max}
      step={step}
      onChange={(next) => onChange(next as number)}
      {...(onChangeEnd ? { onChangeEnd: (next: number | number[]) => onChangeEnd(next as number) } : {})}
    >
      <Label className="wb-slider-label">{label}</Label>
      <SliderTrack className="wb-slider-track">
        {({ state }) => (
          <>
            <div className="wb-slider-fill" style={{ inlineSize: `${state.getThumbPercent(0) * 100}%` }} />
            <SliderThumb className="wb-slider-thumb" />
          </>
        )}
      </SliderTrack>
      <span className="wb-slider-value">{valueText}</span>
    </AriaSlider>
  );
}
