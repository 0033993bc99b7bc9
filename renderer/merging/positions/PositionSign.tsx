/** A position by sign and colour; dashed where a group's stands for the delegation. */
import {
  CircleHelp,
  CircleSlash,
  FileText,
  PencilLine,
  Shuffle,
  ThumbsDown,
  ThumbsUp,
  type LucideIcon,
} from 'lucide-react';
import type { PositionCell } from './PositionsTab.tsx';

const signs: Readonly<Record<PositionCell['position'], LucideIcon>> = {
  support: ThumbsUp,
  oppose: ThumbsDown,
  amend: PencilLine,
  reserve: CircleSlash,
  question: CircleHelp,
  text: FileText,
  mixed: Shuffle,
};

export function PositionSign({
  position,
  isThrough,
}: {
  readonly position: PositionCell['position'];
  readonly isThrough: boolean;
}) {
  const Icon = signs[position];
  return (
    <span className="positions-sign" data-position={position} data-through={isThrough || undefined}>
      <Icon size={13} aria-hidden />
    </span>
  );
}
