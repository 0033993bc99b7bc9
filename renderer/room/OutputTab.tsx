/** Putting out: minutes and the rest as files, and a summary to edit. */
import { useState } from 'react';
import type { RoomAudience, RoomFormat, RoomOutput } from '../../shared/contract/room.ts';
import { useClient } from '../app/client.ts';
import { useText } from '../app/i18n.tsx';
import { toast, toastError } from '../app/toasts.ts';
import { go } from '../app/view-state.ts';
import { Button } from '../ui/Button.tsx';
import { Select } from '../ui/Select.tsx';
import { Notice } from '../ui/Surface.tsx';
import { saveFile } from './save-file.ts';
import type { SessionData } from './session-data.ts';

const outputs: readonly RoomOutput[] = ['minutes', 'verbatim', 'positions', 'actions', 'explanations'];
const formats: readonly RoomFormat[] = ['docx', 'html', 'md', 'csv'];
const audiences: readonly RoomAudience[] = ['note-takers', 'delegations', 'public'];

export function OutputTab({ data }: { readonly data: SessionData }) {
  const { t } = useText();
  const client = useClient();
  const session = data.view.head.summary.id;
  const [output, setOutput] = useState<RoomOutput>('minutes');
  const [format, setFormat] = useState<RoomFormat>('docx');
  const [audience, setAudience] = useState<RoomAudience>('delegations');
  const [remarks, setRemarks] = useState<readonly string[]>([]);
  async function write(): Promise<void> {
    const made = await client.room.export({ session, output, format, audience });
    setRemarks(made.remarks);
    await saveFile(client, t, made);
  }
  async function summarise(): Promise<void> {
    const { draft, words } = await client.room.summarise({ session });
    const open = (): void => go({ view: 'draft', draft, block: null });
    toast({
      text: t('room.output.summary.made', { words }),
      action: { label: t('room.output.summary.open'), run: open },
    });
  }
  return (
    <div className="app-scroll">
      <div className="app-column room-output">
        <Select
          label={t('room.output.what')}
          value={output}
          onChange={setOutput}
          options={outputs.map((id) => ({ id, label: t(`room.output.${id}`) }))}
        />
        <Select
          label={t('room.output.format')}
          value={format}
          onChange={setFormat}
          options={formats.map((id) => ({ id, label: `.${id}` }))}
        />
        <Select
          label={t('room.output.audience')}
          value={audience}
          onChange={setAudience}
          options={audiences.map((id) => ({ id, label: t(`room.output.audience.${id}`) }))}
        />
        <div className="room-buttons">
          <Button variant="primary" onPress={() => void write().catch(toastError)}>
            {t('room.output.make')}
          </Button>
        </div>
        {remarks.length > 0 ? (
          <Notice tone="warn" title={t('room.output.remarks')}>
            <ul>
              {remarks.map((remark) => (
                <li key={remark}>{remark}</li>
              ))}
            </ul>
          </Notice>
        ) : null}
        <section>
          <h2>{t('room.output.summary')}</h2>
          <p>{t('room.output.summary.lead')}</p>
          <div className="room-buttons">
            <Button onPress={() => void summarise().catch(toastError)}>{t('room.output.summary')}</Button>
          </div>
        </section>
      </div>
    </div>
  );
}
