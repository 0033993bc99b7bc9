/** One circle: where it stands, its folder, its members, its invitation, what was set aside. */
import {
  BadgeCheck,
  Check,
  CircleHelp,
  CloudOff,
  Copy,
  FolderPen,
  Pause,
  RefreshCw,
  TriangleAlert,
  UserPlus,
} from 'lucide-react';
import { useState } from 'react';
import type { CircleView } from '../../shared/contract/circles.ts';
import { useClient } from '../app/client.ts';
import { useFolderPicker } from '../app/FolderPicker.tsx';
import { useText } from '../app/i18n.tsx';
import { toast, toastError } from '../app/toasts.ts';
import { Button } from '../ui/Button.tsx';
import { Chip, Facts, Notice } from '../ui/Surface.tsx';
import { BundleForm } from './BundleForm.tsx';
import { SetAsideList } from './SetAside.tsx';

const icons = {
  local: Check,
  'in-step': Check,
  exchanging: RefreshCw,
  unsent: RefreshCw,
  away: CloudOff,
  trouble: TriangleAlert,
  'waiting-for-permission': CircleHelp,
  paused: Pause,
} as const;

const tones = {
  local: 'neutral',
  'in-step': 'good',
  exchanging: 'accent',
  unsent: 'accent',
  away: 'warn',
  trouble: 'bad',
  'waiting-for-permission': 'warn',
  paused: 'neutral',
} as const;

export function CircleCard({ circle, isFresh }: { readonly circle: CircleView; readonly isFresh: boolean }) {
  const { t, moment, bytes } = useText();
  const client = useClient();
  const [busy, setBusy] = useState(false);
  const { pick, dialog } = useFolderPicker((folder) => {
    client.circles
      .changeFolder({ circle: circle.id, folder: folder.grant })
      .then(() => toast({ text: t('exchange.folderchanged', { folder: folder.name }) }), toastError);
  });
  const sync = (): void => {
    setBusy(true);
    client.circles
      .sync({ circle: circle.id })
      .then(undefined, toastError)
      .finally(() => setBusy(false));
  };
  const Icon = icons[circle.state];
  return (
    <section className="wb-card exchange-circle" aria-label={circle.name}>
      <header className="exchange-circle-head">
        <h2>
          <bdi>{circle.name}</bdi>
        </h2>
        {circle.remote === '' ? null : (
          <Button size="small" icon={RefreshCw} onPress={sync} isDisabled={busy || circle.state === 'exchanging'}>
            {t('exchange.sync')}
          </Button>
        )}
      </header>
      <p className="exchange-state" data-tone={tones[circle.state]} role="status">
        <Icon size={15} aria-hidden />
        <span>
          {t(`exchange.state.${circle.state}`, {
            count: circle.unsentChanges,
            size: bytes(circle.unsentBytes),
            since: circle.awaySince ? moment(circle.awaySince) : '',
          })}
        </span>
      </p>
      <dl className="exchange-facts">
        <dt>{t('exchange.folder.at')}</dt>
        <dd>
          <bdi className="exchange-remote">{circle.remote || t('exchange.folder.none')}</bdi>
          <Button size="small" variant="quiet" icon={FolderPen} onPress={pick}>
            {circle.remote === '' ? t('exchange.folder.choose') : t('exchange.changefolder')}
          </Button>
        </dd>
        <dt>{t('exchange.last')}</dt>
        <dd>{circle.lastExchange ? moment(circle.lastExchange) : t('exchange.last.never')}</dd>
        <dt>{t('exchange.log')}</dt>
        <dd>{t('exchange.changes', { count: circle.changes })}</dd>
      </dl>
      <SetAside circle={circle} />
      <Members circle={circle} />
      <BundleForm circle={circle} />
      {circle.mayInvite ? <Invitation circle={circle} isOpenAtFirst={isFresh} /> : null}
      {dialog}
    </section>
  );
}

function Members({ circle }: { readonly circle: CircleView }) {
  const { t, moment } = useText();
  const client = useClient();
  const confirm = (person: CircleView['members'][number]): void => {
    client.circles
      .confirmDelegation({ circle: circle.id, person: person.person })
      .then(
        () => toast({ text: t('exchange.member.confirmed', { name: person.name, delegation: person.delegation }) }),
        toastError,
      );
  };
  const mayConfirmSome = circle.mayConfirm && circle.members.some((one) => !one.confirmed && one.delegation !== '');
  return (
    <section className="exchange-members">
      <h3>
        {t('exchange.members')} <span className="wb-count">{circle.members.length}</span>
      </h3>
      {mayConfirmSome ? <p className="wb-hint">{t('exchange.member.confirm.explained')}</p> : null}
      <ul>
        {circle.members.map((member) => (
          <li key={member.person}>
            <div>
              <bdi className="exchange-member-name">{member.name}</bdi>
              {member.me ? <span className="wb-quiet"> ({t('exchange.member.me')})</span> : null}
              <p className="wb-hint">
                <Facts
                  items={[
                    member.delegation || t('exchange.member.nodelegation'),
                    t('exchange.member.devices', { count: member.devices }),
                    member.lastSeen && !member.me ? t('exchange.member.seen', { when: moment(member.lastSeen) }) : null,
                    member.receipt
                      ? t(member.receipt.lacks === 0 ? 'exchange.member.hasall' : 'exchange.member.lacks', {
                          count: member.receipt.lacks,
                          when: member.receipt.at ? moment(member.receipt.at) : '_',
                        })
                      : null,
                  ]}
                />
              </p>
            </div>
            {member.administrator ? <Chip>{t('exchange.member.admin')}</Chip> : null}
            {member.confirmed || member.delegation === '' ? null : circle.mayConfirm ? (
              <Button size="small" icon={BadgeCheck} onPress={() => confirm(member)}>
                {t('exchange.member.confirm', { delegation: member.delegation })}
              </Button>
            ) : (
              <Chip tone="warn" label={t('app.unconfirmed.explained')}>
                {t('exchange.member.unconfirmed')}
              </Chip>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}

function Invitation({ circle, isOpenAtFirst }: { readonly circle: CircleView; readonly isOpenAtFirst: boolean }) {
  const { t } = useText();
  const client = useClient();
  const [asked, setAsked] = useState(false);
  const [invitation, setInvitation] = useState<string | null>(null);
  const ask = (): void => {
    setAsked(true);
    client.circles.invite({ circle: circle.id }).then((answer) => setInvitation(answer.invitation), toastError);
  };
  if (isOpenAtFirst && !asked) ask();
  if (invitation === null)
    return (
      <div>
        <Button icon={UserPlus} onPress={ask}>
          {t('exchange.invite')}
        </Button>
      </div>
    );
  const copy = (): void => {
    navigator.clipboard.writeText(invitation).then(() => toast({ text: t('exchange.invite.copied') }), toastError);
  };
  return (
    <section className="exchange-invitation">
      <h3>{t('exchange.invitation')}</h3>
      <Notice tone="warn">{t('exchange.invite.warning')}</Notice>
      <textarea
        className="exchange-invitation-text"
        readOnly
        value={invitation}
        rows={Math.max(3, invitation.split('\n').length)}
        dir="ltr"
        spellCheck={false}
        aria-label={t('exchange.invitation')}
        onFocus={(event) => event.currentTarget.select()}
      />
      <div className="exchange-actions">
        <Button variant="primary" icon={Copy} onPress={copy}>
          {t('exchange.invite.copy')}
        </Button>
        <Button onPress={() => setInvitation(null)}>{t('app.close')}</Button>
      </div>
    </section>
  );
}

function SetAside({ circle }: { readonly circle: CircleView }) {
  const { t } = useText();
  if (circle.setAside.length === 0) return null;
  return (
    <section className="exchange-aside">
      <Notice tone="warn" title={t('exchange.setaside')}>
        {t('exchange.setaside.lead', { count: circle.setAside.length })}
        <SetAsideList items={circle.setAside} />
      </Notice>
    </section>
  );
}
