/** Icons of channels, and how a state is drawn and coloured. Its words say the same. */
import {
  Boxes,
  Check,
  CircleHelp,
  CloudOff,
  CloudUpload,
  Folder,
  Pause,
  RadioTower,
  RefreshCw,
  TriangleAlert,
  type LucideIcon,
} from 'lucide-react';
import type { ChannelKindName } from '../../shared/contract/channels.ts';
import type { CircleView } from '../../shared/contract/circles.ts';
import type { Tone } from '../ui/Surface.tsx';

export const channelIcons: Readonly<Record<ChannelKindName, LucideIcon>> = {
  folder: Folder,
  webdav: CloudUpload,
  s3: Boxes,
  hub: RadioTower,
};

export const stateLooks: Readonly<Record<CircleView['state'], { readonly icon: LucideIcon; readonly tone: Tone }>> = {
  local: { icon: Check, tone: 'neutral' },
  'in-step': { icon: Check, tone: 'good' },
  exchanging: { icon: RefreshCw, tone: 'accent' },
  unsent: { icon: RefreshCw, tone: 'accent' },
  away: { icon: CloudOff, tone: 'warn' },
  trouble: { icon: TriangleAlert, tone: 'bad' },
  'waiting-for-permission': { icon: CircleHelp, tone: 'warn' },
  paused: { icon: Pause, tone: 'neutral' },
};
