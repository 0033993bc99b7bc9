/** Putting out: the common input, the bracketed compilation, positions, the text for an online form, the ledger. */
import { Brackets, ClipboardCopy, FileText, ScrollText, Table2, type LucideIcon } from 'lucide-react';
import { useState } from 'react';
import { useCommand } from '../../app/commands.ts';
import { useText } from '../../app/i18n.tsx';
import { go } from '../../app/view-state.ts';
import { Button } from '../../ui/Button.tsx';
import { Select } from '../../ui/Select.tsx';
import { Card, Notice } from '../../ui/Surface.tsx';
import { useMerge } from '../open-merge.ts';
import './output.css';
import { RemarksDialog } from './RemarksDialog.tsx';
import { useExport, type ExportRequest } from './use-export.ts';

type Kind = 'common-input' | 'bracketed' | 'form-text' | 'positions' | 'ledger';

const kinds: readonly {
  readonly kind: Kind;
  readonly icon: LucideIcon;
  readonly formats: readonly ExportRequest['format'][];
}[] = [
  { kind: 'common-input', icon: FileText, formats: ['docx', 'html', 'md', 'txt'] },
  { kind: 'bracketed', icon: Brackets, formats: ['docx', 'html'] },
  { kind: 'form-text', icon: ClipboardCopy, formats: ['txt'] },
  { kind: 'positions', icon: Table2, formats: ['docx', 'csv', 'html'] },
  { kind: 'ledger', icon: ScrollText, formats: ['docx', 'csv', 'html'] },
];

export function OutputTab() {
  const { t } = useText();
  const { id, view } = useMerge();
  const { summary, questions } = view;
  const output = useExport();
  const [question, setQuestion] = useState('');
  const toGo = summary.untreated + summary.disputed;
  const request = (kind: Kind, format: ExportRequest['format']): ExportRequest => ({
    kind,
    format,
    ...(kind === 'form-text' && question !== '' ? { question } : {}),
  });
  useCommand({
    id: 'merging.output.docx',
    title: t('merging.output.command'),
    key: 'Ctrl+Shift+E',
    run: () => output.make(request('common-input', 'docx')),
  });
  return (
    <div className="app-scroll">
      <div className="output">
        {toGo > 0 ? (
          <Notice
            tone="warn"
            actions={
              <Button size="small" onPress={() => go({ view: 'merge', merge: id, tab: 'ledger', place: null })}>
                {t('merging.tab.ledger')}
              </Button>
            }
          >
            {t('merging.output.unfinished', { count: toGo })}
          </Notice>
        ) : null}
        {kinds.map(({ kind, icon: Icon, formats }) => (
          <Card key={kind} className="output-kind" label={t(`merging.output.${kind}`)}>
            <Icon size={22} strokeWidth={1.5} aria-hidden />
            <h3>{t(`merging.output.${kind}`)}</h3>
            <p>{t(`merging.output.${kind}.detail`)}</p>
            <div className="merge-actions">
              {kind === 'form-text' ? (
                <Select
                  label={t('merging.ledger.question')}
                  hideLabel
                  value={question}
                  onChange={setQuestion}
                  options={[
                    { id: '', label: t('merging.ledger.question.all') },
                    ...questions.map((one) => ({ id: one.key, label: `${one.number}. ${one.text}` })),
                  ]}
                />
              ) : null}
              {formats.map((format) => (
                <Button
                  key={format}
                  size="small"
                  isDisabled={output.busy}
                  aria-label={`${t(`merging.output.${kind}`)}: .${format}`}
                  onPress={() => output.make(request(kind, format))}
                >
                  {`.${format}`}
                </Button>
              ))}
            </div>
          </Card>
        ))}
        <p className="wb-hint">{t('merging.output.internal')}</p>
      </div>
      <RemarksDialog output={output} />
    </div>
  );
}
