/** One note-taker's telling of an intervention, in a line. */
import type { EntryView } from '../../shared/contract/room/log.ts';
import { speakerKey } from '../../shared/room/timing.ts';
import { useText } from '../app/i18n.tsx';
import { useSessionTime } from './words.tsx';

export function Telling({ entry, timeZone }: { readonly entry: EntryView; readonly timeZone: string }) {
  const { t } = useText();
  const time = useSessionTime(timeZone);
  const said = [speakerKey(entry), entry.label, t(`room.position.${entry.position}`), entry.note].filter(Boolean);
  return (
    <p>
      <time>{time.full(entry.at)}</time> <b>{entry.takenBy || entry.author.name}</b>: {said.join(', ')}
    </p>
  );
}
