/** A paragraph with who signs on, supports, objects; and whether the rules are met on it. */
import { CircleCheck, CircleDashed } from 'lucide-react';
import type { KeyboardEvent } from 'react';
import type { StanceView } from '../../../shared/contract/merging/agreement.ts';
import { useText } from '../../app/i18n.tsx';
import type { AgreedBlock } from './AgreeTab.tsx';

const order = ['sign-on', 'support', 'object', 'reserve'] as const satisfies readonly StanceView['stance'][];

export function ParagraphRow({
  block,
  number,
  isCurrent,
  isStop,
  onSelect,
  onStep,
}: {
  readonly block: AgreedBlock;
  readonly number: string;
  readonly isCurrent: boolean;
  readonly isStop: boolean;
  readonly onSelect: () => void;
  readonly onStep: (by: number) => void;
}) {
  const { t, list } = useText();
  const counted = block.stances.filter(({ counts }) => counts);
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target !== event.currentTarget) return;
    const keys: Readonly<Record<string, () => void>> = {
      ArrowDown: () => onStep(1),
      ArrowUp: () => onStep(-1),
      Enter: onSelect,
      ' ': onSelect,
    };
    const run = keys[event.key];
    if (!run) return;
    event.preventDefault();
    run();
  };
  const Sign = block.met ? CircleCheck : CircleDashed;
  const missing = block.checks.filter(({ met }) => !met);
  return (
    <article
      className="agree-paragraph"
      tabIndex={isStop ? 0 : -1}
      aria-current={isCurrent || undefined}
      {...(isStop ? { 'data-pane-focus': true } : {})}
      aria-label={block.block === null ? t('merging.agree.whole') : block.text.slice(0, 120)}
      onClick={onSelect}
      onKeyDown={onKeyDown}
    >
      <p className="merge-text" dir="auto">
        {block.block === null ? <b>{t('merging.agree.whole')}</b> : block.text}
      </p>
      <p className="agree-stances">
        {number ? <span>{t('merging.ledger.of', { questions: number })}</span> : null}
        <span className="merge-state" data-tone={block.met ? 'good' : 'warn'}>
          <Sign size={13} aria-hidden />
          {block.met
            ? t('merging.rules.met')
            : t('merging.rules.missing', {
                checks: list(
                  missing.map((check) =>
                    t('merging.rules.figure', {
                      found: check.found,
                      needed: check.needed,
                      requirement: check.requirement,
                    }),
                  ),
                ),
              })}
        </span>
        {order.map((stance) => {
          const names = counted.filter((one) => one.stance === stance).map((one) => one.delegation);
          return names.length === 0 ? null : (
            <span key={stance} data-stance={stance}>
              {t(`merging.stance.${stance}`)} {names.length}: <bdi>{names.slice(0, 8).join(', ')}</bdi>
              {names.length > 8 ? ` +${names.length - 8}` : ''}
            </span>
          );
        })}
        {block.changedSince.length > 0 ? (
          <span className="merge-state" data-tone="warn">
            {t('merging.stance.changedSince', { names: list([...block.changedSince]) })}
          </span>
        ) : null}
      </p>
    </article>
  );
}
