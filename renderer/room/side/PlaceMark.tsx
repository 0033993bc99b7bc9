/**
 * Where the paragraph under discussion stands, and setting it by hand: agreed, ad ref, left to a small group, open again.
 * From the line it is set by words (`11 parked XF until Thursday`); this is for whoever sits beside the note-taker.
 */
import { useRef, useState, type KeyboardEvent } from 'react';
import { agreementMarks, type AgreementMark } from '../../../shared/contract/room/log.ts';
import type { DiscussedPlace } from '../../../shared/room/places.ts';
import { markAt } from '../../../shared/room/standings.ts';
import { useText } from '../../app/i18n.tsx';
import { Button } from '../../ui/Button.tsx';
import { Chip } from '../../ui/Surface.tsx';
import { TextField } from '../../ui/TextField.tsx';
import { useDone } from '../done.ts';
import type { SessionData } from '../session-data.ts';
import { usePlaceName } from '../words.tsx';

export function PlaceMark({
  data,
  place,
  isOpen,
  onOpen,
}: {
  readonly data: SessionData;
  readonly place: DiscussedPlace;
  readonly isOpen: boolean;
  readonly onOpen: (open: boolean) => void;
}) {
  const { t } = useText();
  const { view, interventions } = data;
  const mark = markAt(view.marks, place, interventions);
  const said =
    mark === null ? '' : [t(`room.mark.${mark.mark}`), mark.facilitator, mark.until].filter(Boolean).join(', ');
  if (isOpen) return <MarkForm data={data} place={place} onClose={() => onOpen(false)} />;
  return (
    <p className="room-chips">
      {mark === null ? null : <Chip tone={mark.mark === 'agreed' ? 'good' : 'warn'}>{said}</Chip>}
      <Button size="small" onPress={() => onOpen(true)}>
        {t('room.mark.set')}
      </Button>
    </p>
  );
}

function MarkForm({
  data,
  place,
  onClose,
}: {
  readonly data: SessionData;
  readonly place: DiscussedPlace;
  readonly onClose: () => void;
}) {
  const { t } = useText();
  const done = useDone(data);
  const placeName = usePlaceName(data.view.head);
  const [facilitator, setFacilitator] = useState('');
  const [until, setUntil] = useState('');
  const buttons = useRef<HTMLDivElement>(null);
  const set = (mark: AgreementMark): void => {
    const id = data.newId();
    const { item, document, label } = place;
    const who = data.completer.resolve(facilitator)?.id ?? facilitator.trim();
    const fields = { entry: null, item, document, label, mark, facilitator: who, until: until.trim(), heads: {} };
    void done(
      t('room.mark.done', { place: placeName(place), mark: t(`room.mark.${mark}`) }),
      [{ op: 'setMark', id, ...fields }],
      (now) => {
        const made = now.marks.find((each) => each.id === id);
        return made === undefined ? [] : [{ op: 'remove', record: id, allHeads: made.allHeads }];
      },
    );
    onClose();
  };
  /** Arrow keys between the marks, as between radio buttons. */
  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>): void => {
    if (event.key === 'Escape') onClose();
    else if (event.key === 'ArrowLeft' || event.key === 'ArrowRight') {
      const all = [...(buttons.current?.querySelectorAll('button') ?? [])];
      const at = all.indexOf(document.activeElement as HTMLButtonElement);
      if (at < 0) return;
      const isForward = (event.key === 'ArrowRight') !== (getComputedStyle(event.currentTarget).direction === 'rtl');
      all[(at + (isForward ? 1 : all.length - 1)) % all.length]?.focus();
    } else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    // The keys are those of the controls inside.
    <div className="room-form" role="group" aria-label={t('room.mark.set')} onKeyDownCapture={onKeyDown}>
      <div className="room-chips" ref={buttons}>
        {agreementMarks.map((mark, index) => (
          <Button key={mark} size="small" autoFocus={index === 0} onPress={() => set(mark)}>
            {t(`room.mark.${mark}`)}
          </Button>
        ))}
      </div>
      <TextField label={t('room.mark.facilitator')} value={facilitator} onChange={setFacilitator} />
      <TextField
        label={t('room.mark.until')}
        value={until}
        onChange={setUntil}
        onKeyDown={(event) => {
          // Who is left with it and until when is only asked of what is parked.
          if (event.key === 'Enter') set('parked');
        }}
      />
    </div>
  );
}
