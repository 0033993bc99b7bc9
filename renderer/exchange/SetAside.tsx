/** What was not taken in, each with what to do about it. */
import type { CircleView } from '../../shared/contract/circles.ts';
import { errorCodes, WorkbenchError } from '../../shared/contract/errors.ts';
import { isMessageId } from '../../shared/i18n/messages.ts';
import { describeError } from '../app/ErrorNotice.tsx';
import { useText } from '../app/i18n.tsx';

export function SetAsideList({ items }: { readonly items: CircleView['setAside'] }) {
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
        return (
          <li key={`${one.object} ${one.code}`}>
            <code dir="ltr">{one.object}</code>
            <p>{advice}</p>
          </li>
        );
      })}
    </ul>
  );
}
