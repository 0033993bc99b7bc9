/**
 * Two or more versions of one text, one under the other, each with name, delegation, time and what it changed. A person
 * closes it; nothing is chosen beforehand.
 */
import { useId, useState } from 'react';
import { useText, type TextTools } from '../../app/i18n.tsx';
import { Button } from '../../ui/Button.tsx';
import type { SettleChoice, TextConflict, TextVersion } from '../contract-types.ts';
import { DifferenceText, InlineText, wordDifference } from '../../app/InlineText.tsx';

export function authorLine({ t }: TextTools, author: TextVersion['author']): string {
  if (author.me) return t('drafting.author.me', { delegation: author.delegation });
  const name = author.name === '' ? author.delegation : author.name;
  return t(author.confirmed || author.delegation === '' ? 'drafting.author' : 'drafting.author.unconfirmed', {
    name,
    delegation: author.name === '' ? '' : author.delegation,
  });
}

/** Two versions of one person (two devices, two windows) are told apart by their number. */
function keepLabel({ t }: TextTools, versions: readonly TextVersion[], at: number): string {
  const author = (versions[at] as TextVersion).author;
  const alike = versions.filter((one) => one.author.me === author.me && one.author.delegation === author.delegation);
  if (alike.length > 1) return t('drafting.versions.keep.number', { number: at + 1 });
  if (author.me) return t('drafting.versions.keep.mine');
  return t('drafting.versions.keep.theirs', { name: author.delegation || author.name });
}

export function VersionsCard({
  conflict,
  title,
  isBusy,
  onSettle,
}: {
  readonly conflict: TextConflict;
  readonly title: string;
  readonly isBusy: boolean;
  readonly onSettle: (choice: SettleChoice) => void;
}) {
  const text = useText();
  const { t } = text;
  const heading = useId();
  const [showsBase, setShowsBase] = useState(false);
  const base = conflict.base?.content ?? null;
  // Without a common ancestor each is compared with the first.
  const reference = base ?? conflict.versions[0]?.content ?? [];
  const versions = conflict.versions.toSorted((a, b) => Number(b.author.me) - Number(a.author.me));
  return (
    <section className="draft-card" aria-labelledby={heading} data-tone="warn">
      <h3 id={heading}>{title}</h3>
      {versions.map((version, at) => (
        <div className="draft-version" key={version.heads.join() || at}>
          <p className="draft-version-by">
            <span>{text.number(at + 1)}. </span>
            <strong>{authorLine(text, version.author)}</strong> <span>{text.moment(version.at)}</span>
          </p>
          <p dir="auto" className="draft-version-text">
            {version.content.length === 0 ? (
              <em>{t('drafting.versions.empty')}</em>
            ) : (
              <DifferenceText difference={wordDifference(reference, version.content)} />
            )}
          </p>
        </div>
      ))}
      {conflict.combined === null ? null : (
        <div className="draft-version" data-kind="combined">
          <p className="draft-version-by">
            <strong>{t('drafting.versions.combined')}</strong>
          </p>
          <p dir="auto" className="draft-version-text">
            <DifferenceText difference={wordDifference(reference, conflict.combined)} />
          </p>
        </div>
      )}
      {showsBase && base !== null ? (
        <div className="draft-version" data-kind="base">
          <p className="draft-version-by">
            <strong>{t('drafting.versions.base')}</strong>
          </p>
          <p dir="auto" className="draft-version-text">
            <InlineText content={base} />
          </p>
        </div>
      ) : null}
      <div className="draft-card-actions">
        {conflict.combined === null ? null : (
          <Button size="small" variant="primary" isDisabled={isBusy} onPress={() => onSettle({ kind: 'combined' })}>
            {t('drafting.versions.combine')}
          </Button>
        )}
        {versions.map((version, at) => (
          <Button
            key={version.heads.join() || at}
            size="small"
            isDisabled={isBusy}
            onPress={() => onSettle({ kind: 'content', content: [...version.content] })}
          >
            {keepLabel(text, versions, at)}
          </Button>
        ))}
        <Button size="small" isDisabled={isBusy} onPress={() => onSettle({ kind: 'keepBoth' })}>
          {t('drafting.versions.brackets')}
        </Button>
        {base === null ? null : (
          <Button size="small" variant="quiet" aria-expanded={showsBase} onPress={() => setShowsBase(!showsBase)}>
            {t('drafting.versions.ancestor')}
          </Button>
        )}
      </div>
    </section>
  );
}
