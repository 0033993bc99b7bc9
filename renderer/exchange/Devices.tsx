/** The devices of a member: what each is, and removing, admitting and accepting by an administrator. */
import { Check, Laptop, LaptopMinimalCheck, Trash2 } from 'lucide-react';
import { useState } from 'react';
import type { CircleView } from '../../shared/contract/circles.ts';
import type { DeviceView } from '../../shared/contract/devices.ts';
import { useClient } from '../app/client.ts';
import { ErrorNotice } from '../app/ErrorNotice.tsx';
import { useText, type TextTools } from '../app/i18n.tsx';
import { toast, toastError } from '../app/toasts.ts';
import { Button } from '../ui/Button.tsx';
import { Dialog } from '../ui/Dialog.tsx';
import { Chip, Facts, Notice } from '../ui/Surface.tsx';
import { TextField } from '../ui/TextField.tsx';

type MemberView = CircleView['members'][number];

/** What a device is called: the name its person gave it, else the beginning of its id. */
function deviceName({ t }: TextTools, device: DeviceView): string {
  return device.name || t('exchange.device.unnamed', { id: device.replica.slice(0, 5) });
}

export function Devices({ circle, member }: { readonly circle: CircleView; readonly member: MemberView }) {
  const { t } = useText();
  const [removing, setRemoving] = useState<DeviceView | null>(null);
  return (
    <>
      <ul className="exchange-devices" aria-label={t('exchange.devices.of', { name: member.name })}>
        {member.deviceList.map((device) => (
          <li key={device.replica}>
            <Device circle={circle} device={device} onRemove={() => setRemoving(device)} />
          </li>
        ))}
      </ul>
      {removing ? (
        <RemoveDevice circle={circle} member={member} device={removing} onClose={() => setRemoving(null)} />
      ) : null}
    </>
  );
}

interface DeviceProps {
  readonly circle: CircleView;
  readonly device: DeviceView;
  readonly onRemove: () => void;
}

function Device({ circle, device, onRemove }: DeviceProps) {
  const text = useText();
  const { t, moment } = text;
  const client = useClient();
  const named = { device: deviceName(text, device) };
  const admit = (): void => {
    client.circles
      .admitDevice({ circle: circle.id, device: device.replica })
      .then(() => toast({ text: t('exchange.device.admitted', named) }), toastError);
  };
  const accept = (last: NonNullable<DeviceView['setAside']>['last']): void => {
    client.circles
      .acceptLater({ circle: circle.id, device: device.replica, last })
      .then(() => toast({ text: t('exchange.device.accepted', named) }), toastError);
  };
  const { removal, setAside } = device;
  return (
    <div className="exchange-device" data-state={device.state}>
      <Laptop size={15} aria-hidden />
      <div className="exchange-member-text">
        <bdi>{named.device}</bdi>
        {device.current ? <span className="wb-quiet"> ({t('exchange.device.this')})</span> : null}
        <p className="wb-hint">
          <Facts
            items={[
              device.since ? t('exchange.device.since', { when: moment(device.since) }) : null,
              device.lastSeen && !device.current ? t('exchange.member.seen', { when: moment(device.lastSeen) }) : null,
              device.state === 'takes-part' && !device.hasKey ? t('exchange.device.nokey') : null,
            ]}
          />
        </p>
        {removal ? (
          <p className="wb-hint">
            {t('exchange.device.removedby', {
              by: removal.by,
              when: removal.at ? moment(removal.at) : '_',
              reason: removal.reason || '_',
            })}
          </p>
        ) : null}
        {setAside ? <p className="wb-hint">{t('exchange.device.setaside', { count: setAside.changes })}</p> : null}
        {device.forked && device.state === 'takes-part' ? (
          <p className="wb-hint">
            {t(circle.mayConfirm && !device.current ? 'exchange.device.forked.remove' : 'exchange.device.forked')}
          </p>
        ) : null}
      </div>
      {device.state === 'takes-part' ? null : (
        <Chip tone={device.state === 'removed' ? 'neutral' : 'warn'}>{t(`exchange.device.${device.state}`)}</Chip>
      )}
      {circle.mayConfirm && device.state === 'not-admitted' ? (
        <Button size="small" icon={LaptopMinimalCheck} onPress={admit}>
          {t('exchange.device.admit')}
        </Button>
      ) : null}
      {circle.mayConfirm && setAside && device.state === 'removed' ? (
        <Button size="small" icon={Check} onPress={() => accept(setAside.last)}>
          {t('exchange.device.accept')}
        </Button>
      ) : null}
      {circle.mayConfirm && device.state !== 'removed' && !device.current ? (
        <Button size="small" variant="quiet" icon={Trash2} onPress={onRemove}>
          {t('exchange.device.remove')}
        </Button>
      ) : null}
    </div>
  );
}

/** Devices that joined with an older key: what they say of themselves does not count before they are admitted. */
export function Newcomers({ circle }: { readonly circle: CircleView }) {
  const { t, moment } = useText();
  const client = useClient();
  if (circle.newcomers.length === 0) return null;
  return (
    <div className="exchange-newcomers">
      <Notice tone="warn" title={t('exchange.newcomers')}>
        <p>{t('exchange.newcomers.explained')}</p>
        <ul>
          {circle.newcomers.map(({ replica, name, delegation, at }) => (
            <li key={replica} className="exchange-device">
              <div className="exchange-member-text">
                <bdi>{name || t('exchange.device.unnamed', { id: replica.slice(0, 5) })}</bdi>
                <p className="wb-hint">
                  <Facts items={[delegation, at ? t('exchange.device.since', { when: moment(at) }) : null]} />
                </p>
              </div>
              {circle.mayConfirm ? (
                <Button
                  size="small"
                  icon={LaptopMinimalCheck}
                  onPress={() => {
                    client.circles
                      .admitDevice({ circle: circle.id, device: replica })
                      .then(() => toast({ text: t('exchange.device.admitted', { device: name }) }), toastError);
                  }}
                >
                  {t('exchange.device.admit')}
                </Button>
              ) : null}
            </li>
          ))}
        </ul>
      </Notice>
    </div>
  );
}

/** Removing ends what the device may read from now on, so it is asked for twice. */
function RemoveDevice({
  circle,
  member,
  device,
  onClose,
}: {
  readonly circle: CircleView;
  readonly member: MemberView;
  readonly device: DeviceView;
  readonly onClose: () => void;
}) {
  const text = useText();
  const { t } = text;
  const client = useClient();
  const [reason, setReason] = useState('');
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const named = { device: deviceName(text, device), name: member.name, circle: circle.name };
  const remove = (): void => {
    setBusy(true);
    client.circles
      .removeDevice({ circle: circle.id, device: device.replica, reason })
      .then(() => {
        toast({ text: t('exchange.device.removed.done', named) });
        onClose();
      }, setError)
      .finally(() => setBusy(false));
  };
  return (
    <Dialog
      title={t('exchange.device.remove.title', named)}
      closeLabel={t('app.close')}
      isOpen
      onClose={onClose}
      footer={
        <>
          <Button onPress={onClose}>{t('app.cancel')}</Button>
          <Button variant="danger" onPress={remove} isDisabled={busy}>
            {t('exchange.device.remove.do')}
          </Button>
        </>
      }
    >
      <p>{t('exchange.device.remove.explained', named)}</p>
      <TextField
        label={t('exchange.device.reason')}
        hint={t('exchange.device.reason.hint')}
        value={reason}
        onChange={setReason}
        lines={2}
      />
      {error ? <ErrorNotice error={error} /> : null}
    </Dialog>
  );
}
