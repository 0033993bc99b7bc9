/** What owners have erased in a circle, and which devices have said that they dropped it. */
import { Eraser } from 'lucide-react';
import type { CircleView } from '../../shared/contract/circles.ts';
import type { ErasureView } from '../../shared/contract/devices.ts';
import { WorkbenchError } from '../../shared/contract/errors.ts';
import { describeError } from '../app/ErrorNotice.tsx';
import { useText } from '../app/i18n.tsx';
import { useLoaded } from '../app/use-loaded.ts';
import { Notice } from '../ui/Surface.tsx';

export function Erasures({ circle }: { readonly circle: CircleView }) {
  const text = useText();
  const { t } = text;
  const { erasingTrouble: trouble } = circle;
  const loaded = useLoaded(
    async (client) => (await client.circles.erasureStatus({ circle: circle.id })).erasures,
    [circle.id, circle.changes, circle.lastExchange],
  );
  if (!loaded.data || loaded.data.length === 0) return null;
  return (
    <section className="exchange-erasures">
      <h3>
        {t('exchange.erasures')} <span className="wb-count">{loaded.data.length}</span>
      </h3>
      <p className="wb-hint">{t('exchange.erasures.explained')}</p>
      {trouble ? (
        <Notice tone="bad" title={t('exchange.erasures.trouble')}>
          {describeError(text, new WorkbenchError(trouble.code, trouble.message), circle.name)}
        </Notice>
      ) : null}
      <ul>
        {loaded.data.map((each) => (
          <li key={each.erasure}>
            <Erasure erasure={each} mayRemove={circle.mayConfirm} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function Erasure({ erasure, mayRemove }: { readonly erasure: ErasureView; readonly mayRemove: boolean }) {
  const { t, moment, list } = useText();
  const waiting = erasure.devices.filter((device) => !device.confirmed);
  return (
    <div className="exchange-erasure">
      <Eraser size={15} aria-hidden />
      <div className="exchange-member-text">
        <p>
          {t('exchange.erasure', {
            by: erasure.by,
            mine: erasure.mine ? 'mine' : 'other',
            when: erasure.at ? moment(erasure.at) : '_',
            count: erasure.values,
            documents: erasure.documents,
          })}
          {erasure.reason ? <span className="wb-quiet"> {erasure.reason}</span> : null}
        </p>
        <p className="wb-hint">
          {waiting.length === 0
            ? t('exchange.erasure.all', { count: erasure.devices.length })
            : t('exchange.erasure.some', {
                confirmed: erasure.confirmed,
                count: erasure.devices.length,
                names: list(waiting.map((device) => device.name || device.replica.slice(0, 5))),
              })}
        </p>
        {waiting.length > 0 ? (
          <p className="wb-hint">{t(mayRemove ? 'exchange.erasure.lost' : 'exchange.erasure.lost.ask')}</p>
        ) : null}
      </div>
    </div>
  );
}
