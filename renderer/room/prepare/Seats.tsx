/** Who is in the room: whoever is seated comes first at the line, own groups with their aliases and members. */
import { useState } from 'react';
import type { RoomChange } from '../../../shared/contract/room/changes.ts';
import { useText } from '../../app/i18n.tsx';
import { toastError } from '../../app/toasts.ts';
import { Button } from '../../ui/Button.tsx';
import { Chip } from '../../ui/Surface.tsx';
import { TextField } from '../../ui/TextField.tsx';
import type { SessionData } from '../session-data.ts';
import { SeatForm } from './SeatForm.tsx';
import { seatsOf } from './typed-seats.ts';

export function Seats({ data }: { readonly data: SessionData }) {
  const { t } = useText();
  const { seats, heads, summary } = data.view.head;
  const [typed, setTyped] = useState('');
  const [working, setWorking] = useState<string | null>(null);
  const add = (): void => {
    const changes = seatsOf(typed, data).map(({ delegation, seat }): RoomChange => {
      return { op: 'setSeat', delegation, seat, heads: heads[`seat:${delegation}`] ?? [] };
    });
    if (changes.length > 0) data.change(...changes).then(() => setTyped(''), toastError);
  };
  const seat = working === null ? undefined : seats[working];
  return (
    <section>
      <h2>{t('room.prepare.seats')}</h2>
      <p className="room-quiet">{t('room.prepare.seats.lead')}</p>
      <div className="room-chips">
        {Object.keys(seats).map((id) => {
          const name = data.directory.nameOf(id, summary.language);
          return (
            <Chip
              key={id}
              isOn={working === id}
              label={t('room.prepare.seats.work', { name: `${id} ${name}` })}
              onPress={() => setWorking(working === id ? null : id)}
            >
              {id} {name}
            </Chip>
          );
        })}
      </div>
      {working !== null && seat !== undefined ? (
        <SeatForm key={working} delegation={working} seat={seat} data={data} onClose={() => setWorking(null)} />
      ) : null}
      <TextField label={t('room.prepare.seats.paste')} lines={3} value={typed} onChange={setTyped} />
      <div className="room-buttons">
        <Button isDisabled={typed.trim() === ''} onPress={add}>
          {t('room.prepare.seats.add')}
        </Button>
      </div>
    </section>
  );
}
