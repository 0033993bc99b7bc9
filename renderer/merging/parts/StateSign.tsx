/** What became of a passage, by sign, word and colour. */
import {
  Ban,
  Brackets,
  Check,
  CircleDashed,
  Combine,
  History,
  PencilLine,
  Swords,
  Undo2,
  type LucideIcon,
} from 'lucide-react';
import type { PassageState } from '../../../shared/contract/merging/passages.ts';
import { useText } from '../../app/i18n.tsx';

const signs: Readonly<Record<PassageState, { readonly icon: LucideIcon; readonly tone: string }>> = {
  untreated: { icon: CircleDashed, tone: 'warn' },
  disputed: { icon: Swords, tone: 'bad' },
  'used-unchanged': { icon: Check, tone: 'good' },
  'used-with-changes': { icon: PencilLine, tone: 'good' },
  combined: { icon: Combine, tone: 'good' },
  bracketed: { icon: Brackets, tone: 'accent' },
  'set-aside': { icon: Ban, tone: 'neutral' },
  superseded: { icon: History, tone: 'neutral' },
  withdrawn: { icon: Undo2, tone: 'neutral' },
};

export function StateSign({ state }: { readonly state: PassageState }) {
  const { t } = useText();
  const { icon: Icon, tone } = signs[state];
  return (
    <span className="merge-state" data-tone={tone}>
      <Icon size={13} aria-hidden />
      {t(`merging.state.${state}`)}
    </span>
  );
}
