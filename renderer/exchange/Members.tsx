/** Who is in a circle, what they have received, and what an administrator can do about them. */
import { BadgeCheck } from 'lucide-react';
import type { CircleView } from '../../shared/contract/circles.ts';
import { useClient } from '../app/client.ts';
import { useText } from '../app/i18n.tsx';
import { toast, toastError } from '../app/toasts.ts';
import { Button } from '../ui/Button.tsx';
import { Chip, Facts } from '../ui/Surface.tsx';

export function Members({ circle }: { readonly circle: CircleView }) {
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
