/** Who is in a circle, what they have received, and what an administrator can do about them. */
import { BadgeCheck, ChevronDown, ChevronUp, ShieldPlus } from 'lucide-react';
import { useState } from 'react';
import type { CircleView } from '../../shared/contract/circles.ts';
import { useClient } from '../app/client.ts';
import { useText } from '../app/i18n.tsx';
import { toast, toastError } from '../app/toasts.ts';
import { Button } from '../ui/Button.tsx';
import { Chip, Facts } from '../ui/Surface.tsx';
import { Devices, Newcomers } from './Devices.tsx';

type MemberView = CircleView['members'][number];

export function Members({ circle }: { readonly circle: CircleView }) {
  const { t } = useText();
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
            <Member circle={circle} member={member} />
          </li>
        ))}
      </ul>
      <Newcomers circle={circle} />
    </section>
  );
}

function Member({ circle, member }: { readonly circle: CircleView; readonly member: MemberView }) {
  const { t, moment } = useText();
  const client = useClient();
  const needsLook = member.deviceList.some((device) => device.state === 'not-admitted' || device.setAside !== null);
  // What an administrator has to decide about is in sight at once; otherwise it is theirs to open.
  const [opened, setOpened] = useState<boolean | null>(null);
  const isOpen = opened ?? (circle.mayConfirm && needsLook);
  const named = { name: member.name, delegation: member.delegation };
  const confirm = (): void => {
    client.circles
      .confirmDelegation({ circle: circle.id, person: member.person })
      .then(() => toast({ text: t('exchange.member.confirmed', named) }), toastError);
  };
  const makeAdministrator = (): void => {
    client.circles
      .grantAdministrator({ circle: circle.id, person: member.person })
      .then(() => toast({ text: t('exchange.member.granted', named) }), toastError);
  };
  return (
    <>
      <div className="exchange-member">
        <div className="exchange-member-text">
          <bdi className="exchange-member-name">{member.name}</bdi>
          {member.me ? <span className="wb-quiet"> ({t('exchange.member.me')})</span> : null}
          <p className="wb-hint">
            <Facts
              items={[
                member.delegation || t('exchange.member.nodelegation'),
                member.deviceList.some(({ forked, state }) => forked && state === 'takes-part')
                  ? t('exchange.member.forked')
                  : null,
                member.lastSeen && !member.me ? t('exchange.member.seen', { when: moment(member.lastSeen) }) : null,
                member.receipt
                  ? t(member.receipt.lacks === 0 ? 'exchange.member.hasall' : 'exchange.member.lacks', {
                      count: member.receipt.lacks,
                      when: member.receipt.at ? moment(member.receipt.at) : '_',
                    })
                  : member.me
                    ? null
                    : t('exchange.member.noreceipt'),
              ]}
            />
          </p>
        </div>
        {member.administrator ? <Chip>{t('exchange.member.admin')}</Chip> : null}
        {member.confirmed || member.delegation === '' ? null : circle.mayConfirm ? (
          <Button size="small" icon={BadgeCheck} onPress={confirm}>
            {t('exchange.member.confirm', { delegation: member.delegation })}
          </Button>
        ) : (
          <Chip tone="warn" label={t('app.unconfirmed.explained')}>
            {t('exchange.member.unconfirmed')}
          </Chip>
        )}
        <Button
          size="small"
          variant="quiet"
          icon={isOpen ? ChevronUp : ChevronDown}
          aria-expanded={isOpen}
          onPress={() => setOpened(!isOpen)}
        >
          {t('exchange.member.devices', { count: member.devices })}
        </Button>
      </div>
      {isOpen ? (
        <div className="exchange-member-more">
          <Devices circle={circle} member={member} />
          {circle.mayConfirm && !member.administrator ? (
            <div className="exchange-actions">
              <Button size="small" icon={ShieldPlus} onPress={makeAdministrator}>
                {t('exchange.member.grant')}
              </Button>
              <span className="wb-hint">{t('exchange.member.grant.explained')}</span>
            </div>
          ) : null}
        </div>
      ) : null}
    </>
  );
}
