import type { ReactNode } from 'react';
import { LinkButton } from './LinkButton.tsx';
import { Facts } from './Surface.tsx';

/** One thing of a list that can be opened: its title over its facts, and after them what stands out and what else can be done. */
export function ListRow({
  label,
  title,
  lang,
  facts,
  onOpen,
  under,
  children,
}: {
  readonly label: string;
  readonly title: string;
  readonly lang: string;
  readonly facts: readonly (string | null)[];
  readonly onOpen: () => void;
  /** What stands below the facts and belongs to what opens. */
  readonly under?: ReactNode;
  readonly children: ReactNode;
}) {
  return (
    <li className="wb-row">
      <LinkButton className="wb-row-open" label={label} onPress={onOpen}>
        <span className="wb-row-title">
          {/* One that runs the other way stands where the frame begins all the same. */}
          <bdi lang={lang}>{title}</bdi>
        </span>
        <span className="wb-row-facts">
          <Facts items={facts} />
        </span>
        {under}
      </LinkButton>
      {children}
    </li>
  );
}
