/** One delegation of the room: its kind and name there, what else is typed for it, and of a group who is in it. */
import { useState } from 'react';
import type { RoomChange } from '../../../shared/contract/room/changes.ts';
import type { Seat } from '../../../shared/contract/room/session.ts';
import { delegationsIn } from '../../../shared/room/queue.ts';
import { useText } from '../../app/i18n.tsx';
import { Button } from '../../ui/Button.tsx';
import { Select } from '../../ui/Select.tsx';
import { TextField } from '../../ui/TextField.tsx';
import { useDone } from '../done.ts';
import type { SessionData } from '../session-data.ts';

const kinds = ['state', 'observer-state', 'territory', 'group', 'organisation', 'observer', 'officer'] as const;
type Kind = (typeof kinds)[number];

const namesIn = (text: string): string[] =>
  text
    .split(/[,;\n،、，]/)
    .map((name) => name.trim())
    .filter((name) => name !== '');

export function SeatForm({
  delegation,
  seat,
  data,
  onClose,
}: {
  readonly delegation: string;
  readonly seat: Seat;
  readonly data: SessionData;
  readonly onClose: () => void;
}) {
  const { t } = useText();
  const done = useDone(data);
  const known = data.directory.get(delegation);
  const [kind, setKind] = useState<Kind>(() => kinds.find((each) => each === seat.kind) ?? 'observer');
  const [name, setName] = useState(seat.name);
  const [aliases, setAliases] = useState(seat.aliases.join(', '));
  const [members, setMembers] = useState((seat.members ?? known?.members?.ids ?? []).join(', '));
  // Members are separated by commas, and one of them alone is no list: `delegationsIn` reads both.
  const listed = delegationsIn(members, data.completer);

  function keep(next: Seat | null, words: string): void {
    onClose();
    const change = (value: Seat | null, heads: RoomHeads): RoomChange => {
      return { op: 'setSeat', delegation, seat: value, heads: heads[`seat:${delegation}`] ?? [] };
    };
    void done(words, [change(next, data.view.head.heads)], (now) => [change(seat, now.head.heads)]);
  }

  const keepForm = (): void => {
    const all = [...listed.known];
    // What the directory lists already is not said again: it follows the directory.
    const isKnown = JSON.stringify(all) === JSON.stringify(known?.members?.ids ?? []) && seat.members === undefined;
    keep(
      {
        kind,
        name: name.trim(),
        aliases: namesIn(aliases),
        ...(kind !== 'group' || isKnown ? {} : { members: all }),
      },
      t('room.prepare.seats.kept', { name: delegation }),
    );
  };

  return (
    <form
      className="room-form"
      aria-label={delegation}
      onSubmit={(event) => {
        event.preventDefault();
        keepForm();
      }}
      onKeyDownCapture={(event) => {
        if (event.key !== 'Escape') return;
        event.preventDefault();
        event.stopPropagation();
        onClose();
      }}
    >
      <TextField
        label={t('room.prepare.seats.name')}
        value={name}
        placeholder={data.directory.nameOf(delegation, data.view.head.summary.language)}
        onChange={setName}
        autoFocus
      />
      <Select<Kind>
        label={t('room.prepare.seats.kind')}
        value={kind}
        onChange={setKind}
        options={kinds.map((id) => ({ id, label: t(`room.kind.${id}`) }))}
      />
      <TextField label={t('room.prepare.seats.aliases')} value={aliases} onChange={setAliases} />
      {kind === 'group' ? (
        <TextField
          label={t('room.prepare.seats.members')}
          lines={2}
          value={members}
          onChange={setMembers}
          {...(listed.unknown.length > 0
            ? { hint: t('room.prepare.seats.members.unknown', { who: listed.unknown.join(', ') }) }
            : {})}
        />
      ) : null}
      <div className="room-buttons">
        <Button type="submit" size="small" variant="primary">
          {t('room.prepare.keep')}
        </Button>
        <Button
          size="small"
          variant="danger"
          onPress={() => keep(null, t('room.prepare.seats.left', { name: delegation }))}
        >
          {t('room.prepare.seats.leave')}
        </Button>
        <Button size="small" variant="quiet" onPress={onClose}>
          {t('app.cancel')}
        </Button>
      </div>
    </form>
  );
}

type RoomHeads = SessionData['view']['head']['heads'];
