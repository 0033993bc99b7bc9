/** What was not taken in, each with what to do about it. */
import type { CircleView } from '../../shared/contract/circles.ts';
import { errorCodes, WorkbenchError } from '../../shared/contract/errors.ts';
import { isMessageId } from '../../shared/i18n/messages.ts';
import { describeError } from '../app/ErrorNotice.tsx';
import { useText } from '../app/i18n.tsx';

interface SetAsideProps {
  readonly items: CircleView['setAside'];
  /** To name whose object it is. */
  readonly members?: CircleView['members'];
}

/** Whose device an object of a channel is by its name, or a chain by the device's id. */
function ownerOf(object: string, members: CircleView['members']): string {
  const replica = /^(?:(?:heads|segments|receipts)\/)?([a-z2-7]{26})(?:-|$)/.exec(object)?.[1];
  const owner = members.find(({ deviceList }) => deviceList.some((device) => device.replica === replica));
  return owner?.name ?? '';
}

export function SetAsideList({ items, members = [] }: SetAsideProps) {
  const text = useText();
  const { t } = text;
  return (
    <ul>
      {items.map((one) => {
        const remedy = `exchange.remedy.${one.code}`;
        const known = errorCodes.find((code) => code === one.code);
        const advice = known
          ? describeError(text, new WorkbenchError(known, one.message), one.object)
          : isMessageId(remedy)
            ? t(remedy)
            : `${one.message} ${t('exchange.remedy.other')}`;
        const name = ownerOf(one.object, members);
        return (
          <li key={`${one.object} ${one.code}`}>
            {name ? <span className="exchange-aside-owner">{t('exchange.setaside.of', { name })} </span> : null}
            <code dir="ltr">{one.object}</code>
            <p>{advice}</p>
          </li>
        );
      })}
    </ul>
  );
}
