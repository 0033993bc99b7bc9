/** How the line that is being typed is read: what Enter will log, in words. */
import type { LineContext } from '../../shared/room/input-line.ts';
import type { ReadLine } from '../../shared/room/line-parts.ts';
import { useText } from '../app/i18n.tsx';
import { positionIcon, usePlaceName } from './words.tsx';

export function ReadAs({ read, context }: { readonly read: ReadLine; readonly context: LineContext }) {
  const { t, list } = useText();
  const placeName = usePlaceName({ agenda: context.items });
  const { speaker, behalf, capacity, position, place, towards, mark, promise, proposal, toCheck } = read;
  return (
    <span className="room-read" aria-live="off">
      {speaker.typed === '' ? null : speaker.id === '' ? (
        <b data-tone="warn">{t('room.read.unknown', { typed: speaker.typed })}</b>
      ) : (
        <b>{context.completer.exact(speaker.id)?.names.en ?? speaker.id}</b>
      )}
      {speaker.typed === '' ? null : (
        <span>
          {behalf.length > 0 ? t('room.capacity.for', { groups: list([...behalf]) }) : t(`room.capacity.${capacity}`)}
        </span>
      )}
      <span>{placeName(place)}</span>
      {position === 'statement' ? null : (
        <span data-position={position}>
          {positionIcon(position)} {t(`room.position.${position}`)}
          {towards === '' ? '' : ` ${t('room.towards', { who: towards })}`}
        </span>
      )}
      {proposal ? <span>{proposal.kind}</span> : null}
      {mark ? (
        <span data-tone="good">
          {[t(`room.mark.${mark.mark}`), mark.facilitator, mark.until].filter(Boolean).join(', ')}
        </span>
      ) : null}
      {promise ? <span>→ {[promise.what, promise.until].filter(Boolean).join(', ')}</span> : null}
      {toCheck ? <span data-tone="warn">{t('room.toCheck')}</span> : null}
    </span>
  );
}
