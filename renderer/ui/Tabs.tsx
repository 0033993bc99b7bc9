import type { ReactNode } from 'react';
import { Tab, TabList, TabPanel, Tabs as AriaTabs } from 'react-aria-components/Tabs';

export interface TabItem<K extends string> {
  readonly id: K;
  readonly label: string;
  readonly count?: number;
  readonly content: ReactNode;
}

export function Tabs<K extends string>({
  label,
  items,
  selected,
  onSelect,
}: {
  readonly label: string;
  readonly items: readonly TabItem<K>[];
  readonly selected: K;
  readonly onSelect: (id: K) => void;
}) {
  return (
    <AriaTabs className="wb-tabs" selectedKey={selected} onSelectionChange={(key) => onSelect(key as K)}>
      <TabList className="wb-tab-list" aria-label={label}>
        {items.map((item) => (
          <Tab key={item.id} id={item.id} className="wb-tab">
            {item.label}
            {item.count === undefined ? null : <span className="wb-count">{item.count}</span>}
          </Tab>
        ))}
      </TabList>
      {items.map((item) => (
        <TabPanel key={item.id} id={item.id} className="wb-tab-panel">
          {item.content}
        </TabPanel>
      ))}
    </AriaTabs>
  );
}
