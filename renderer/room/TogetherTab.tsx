/** Several logs as one: clocks set against each other, and what was logged twice joined or kept apart. */
import { useState } from 'react';
import type { DuplicateOffer } from '../../shared/contract/room.ts';
import { differencesOf } from '../../shared/room/session-time.ts';
import { useClient } from '../app/client.ts';
import { useText } from '../app/i18n.tsx';
import { toastError } from '../app/toasts.ts';
import { useLoaded } from '../app/use-loaded.ts';
import { Button } from '../ui/Button.tsx';
import { TextField } from '../ui/TextField.tsx';
import { useDone } from './done.ts';
import { Joins } from './Joins.tsx';
import { saveFile } from './save-file.ts';
import type { SessionData } from './session-data.ts';
import { takeInLog } from './take-in.ts';
import { Telling } from './Telling.tsx';
import { Widen } from './Widen.tsx';

export function TogetherTab({ data }: { readonly data: SessionData }) {
  const { t } = useText();
  const client = useClient();
  const { head, entries, joins } = data.view;
  const session = head.summary.id;
  const compared = useLoaded(
    (service) => service.room.compare({ session }),
    [session, entries.length, joins, head.clocks],
  ).data;
  const done = useDone(data);
  const byId = new Map(entries.map((entry) => [entry.id, entry]));
  const offers = (compared?.offers ?? []).flatMap((offer) => {
    const told = offer.entries.map((id) => byId.get(id)).filter((entry) => entry !== undefined);
    return told.length === offer.entries.length ? [{ offer, told }] : [];
  });
  const agreeing = offers.filter(({ told }) => differencesOf(told).length === 0);
  const join = (apart: boolean, ...chosen: readonly DuplicateOffer[]): void => {
    void done(
      t(apart ? 'room.together.keptApart' : 'room.together.joined'),
      chosen.map((offer) => ({ op: 'join' as const, entries: [...offer.entries], apart })),
      (now) => {
        const made = new Set(chosen.map(({ entries: told }) => told.toSorted().join(' ')));
        return now.joins
          .filter((each) => !each.removed && each.apart === apart && made.has(each.entries.toSorted().join(' ')))
          .map(({ id, allHeads }) => ({ op: 'remove', record: id, allHeads }));
      },
    );
  };
  return (
    <div className="app-scroll">
      <div className="app-column room-together">
        <p>{t('room.together.lead')}</p>
        <div className="room-buttons">
          <Button onPress={() => void takeInLog(client, t, session)}>{t('room.import')}</Button>
          <Button
            onPress={() =>
              void client.room
                .exportLog({ session })
                .then((made) => saveFile(client, t, made))
                .catch(toastError)
            }
          >
            {t('room.together.export')}
          </Button>
        </div>
        {head.clocks.length < 2 ? <p className="room-quiet">{t('room.together.alone')}</p> : null}
        {head.clocks.length < 2 ? null : (
          <section>
            <h2>{t('room.together.clocks')}</h2>
            {head.clocks.map((clock) => (
              <Clock
                key={clock.device}
                clock={clock}
                data={data}
                estimate={compared?.clocks.find(({ device }) => device === clock.device)}
              />
            ))}
          </section>
        )}
        {head.clocks.length < 2 ? null : (
          <section>
            <h2>{t('room.together.offers')}</h2>
            {offers.length === 0 ? <p className="room-quiet">{t('room.together.offers.none')}</p> : null}
            {agreeing.length > 1 ? (
              <Button variant="primary" onPress={() => join(false, ...agreeing.map(({ offer }) => offer))}>
                {t('room.together.joinAll', { count: agreeing.length })}
              </Button>
            ) : null}
            <ul className="room-offers">
              {offers.map(({ offer, told }) => (
                <li key={offer.entries.join(' ')}>
                  {told.map((entry) => (
                    <Telling key={entry.id} entry={entry} timeZone={head.summary.timeZone} />
                  ))}
                  <div className="room-buttons">
                    <Button size="small" onPress={() => join(false, offer)}>
                      {t('room.together.join')}
                    </Button>
                    <Button size="small" variant="quiet" onPress={() => join(true, offer)}>
                      {t('room.together.apart')}
                    </Button>
                  </div>
                </li>
              ))}
            </ul>
          </section>
        )}
        <Joins data={data} />
        <Widen data={data} />
      </div>
    </div>
  );
}

function Clock({
  clock,
  data,
  estimate,
}: {
  readonly clock: SessionData['view']['head']['clocks'][number];
  readonly data: SessionData;
  readonly estimate: { readonly offsetMs: number; readonly spreadMs: number; readonly shared: number } | undefined;
}) {
  const { t } = useText();
  const { device, mine, offsetMs } = clock;
  const name = clock.name || device.slice(0, 6);
  const shown = offsetMs === null ? '' : String(Math.round(offsetMs / 1000));
  const [typed, setTyped] = useState(shown);
  const [before, setBefore] = useState(shown);
  if (before !== shown) {
    setBefore(shown);
    setTyped(shown);
  }
  const set = (next: number | null): void => {
    const heads = data.view.head.heads[`clock:${device}`] ?? [];
    data.change({ op: 'setClock', device, offsetMs: next, heads }).catch(toastError);
  };
  const keep = (): void => {
    const seconds = Number(typed.replace(',', '.').replace('−', '-'));
    if (typed.trim() === '') set(null);
    else if (Number.isFinite(seconds)) set(Math.round(seconds * 1000));
    else setTyped(shown);
  };
  return (
    <div className="room-clock-row">
      <b>{mine ? t('room.together.mine', { name }) : t('room.together.clock', { name })}</b>
      <TextField
        label={t('room.together.offset', { name })}
        value={typed}
        placeholder={t('room.together.unset')}
        onChange={setTyped}
        onBlur={keep}
        onKeyDown={(event) => {
          if (event.key === 'Enter') keep();
        }}
      />
      {estimate ? (
        <p className="room-quiet">
          {t('room.together.estimate', {
            shared: estimate.shared,
            seconds: Math.round(estimate.offsetMs / 1000),
            spread: Math.round(estimate.spreadMs / 1000),
          })}{' '}
          {estimate.offsetMs === offsetMs ? null : (
            <Button size="small" onPress={() => set(estimate.offsetMs)}>
              {t('room.together.take')}
            </Button>
          )}
        </p>
      ) : null}
    </div>
  );
}
