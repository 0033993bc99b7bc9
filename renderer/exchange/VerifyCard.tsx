/** Checks every log and object on demand and names the place of each finding. */
import { ShieldCheck } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import type { circlesContract } from '../../shared/contract/circles.ts';
import type { z } from '../../shared/contract/schema.ts';
import { useClient } from '../app/client.ts';
import { useCommand } from '../app/commands.ts';
import { useText } from '../app/i18n.tsx';
import { toastError } from '../app/toasts.ts';
import { Button } from '../ui/Button.tsx';
import { Notice } from '../ui/Surface.tsx';

type Result = z.output<typeof circlesContract.operations.verify.output>;

export function VerifyCard() {
  const { t } = useText();
  const client = useClient();
  const [running, setRunning] = useState(false);
  const [result, setResult] = useState<Result | null>(null);
  const verify = (): void => {
    setRunning(true);
    setResult(null);
    client.circles
      .verify({})
      .then(setResult, toastError)
      .finally(() => setRunning(false));
  };
  // The answer stands at the end of the view, perhaps out of sight of whoever asked from the palette.
  const card = useRef<HTMLElement>(null);
  useEffect(() => {
    if (result) card.current?.scrollIntoView({ block: 'nearest' });
  }, [result]);
  useCommand({ id: 'exchange.verify', title: t('exchange.verify'), run: verify });
  return (
    <section className="exchange-verify" ref={card}>
      <div className="exchange-actions">
        <Button icon={ShieldCheck} onPress={verify} isDisabled={running}>
          {running ? t('exchange.verify.running') : t('exchange.verify')}
        </Button>
        <span className="wb-hint">{t('exchange.verify.explained')}</span>
      </div>
      {result ? (
        <Notice
          tone={result.findings.length === 0 ? 'good' : 'bad'}
          title={
            result.findings.length === 0
              ? t('exchange.verify.good')
              : t('exchange.verify.bad', { count: result.findings.length })
          }
        >
          {t('exchange.verify.checked', result.checked)}
          {result.findings.length > 0 ? (
            <ul>
              {result.findings.map((finding, index) => (
                <li key={`${index} ${finding.file}`}>
                  <code dir="ltr">{t('exchange.verify.place', { file: finding.file, place: finding.place })}</code>
                  <p>{finding.message}</p>
                </li>
              ))}
            </ul>
          ) : null}
        </Notice>
      ) : null}
    </section>
  );
}
