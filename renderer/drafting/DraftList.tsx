/** The drafts of every circle, newest first, and the templates to begin one from. */
import { Eraser, FilePlus2, FileText, NotebookPen, Trash2, Upload } from 'lucide-react';
import { useState } from 'react';
import { useClient } from '../app/client.ts';
import { useCommand } from '../app/commands.ts';
import { askErase } from '../app/EraseDialog.tsx';
import { ErrorNotice } from '../app/ErrorNotice.tsx';
import { useText } from '../app/i18n.tsx';
import { toast, toastError } from '../app/toasts.ts';
import { useLoaded } from '../app/use-loaded.ts';
import { go } from '../app/view-state.ts';
import { WorkBar } from '../app/WorkBar.tsx';
import { Button } from '../ui/Button.tsx';
import { ListRow } from '../ui/ListRow.tsx';
import { Menu, MoreMenu, type MenuAction } from '../ui/Menu.tsx';
import { Select } from '../ui/Select.tsx';
import { Chip, EmptyState } from '../ui/Surface.tsx';
import { draftTemplates, type DraftSummary, type DraftTemplate } from '../../shared/contract/drafts.ts';
import type { RecordId } from '../../shared/ids.ts';
import { unLanguages, type UnLanguage } from '../../shared/i18n/messages.ts';
import './drafting.css';

export function DraftList() {
  const { t, language } = useText();
  const client = useClient();
  const [draftLanguage, setDraftLanguage] = useState<UnLanguage>(language);
  const [isCreating, setCreating] = useState(false);
  const drafts = useLoaded(
    async (service) => (await service.drafts.list({})).drafts,
    [],
    (service, reload) => service.drafts.on('listChanged', reload),
  );
  const create = async (template: DraftTemplate): Promise<void> => {
    setCreating(true);
    try {
      const made = await client.drafts.create({ template, language: draftLanguage });
      go({ view: 'draft', draft: made.id, block: null });
    } catch (error) {
      toastError(error);
    } finally {
      setCreating(false);
    }
  };
  useCommand({
    id: 'drafting.new',
    title: t('drafting.new.eleven-questions'),
    key: 'Ctrl+Alt+N',
    group: 'view',
    run: () => void create('eleven-questions'),
  });
  const templates: MenuAction[] = draftTemplates.toReversed().map((template) => ({
    id: template,
    label: t(`drafting.new.${template}`),
    icon: FileText,
    run: () => void create(template),
  }));
  const shown = (drafts.data ?? [])
    .filter((draft) => !draft.removed)
    .toSorted((a, b) => (a.changedAt < b.changedAt ? 1 : -1));
  return (
    <>
      <WorkBar
        title={t('app.drafts')}
        meta={drafts.data === null ? null : t('drafting.list.count', { count: shown.length })}
        actions={
          <>
            <Select
              label={t('drafting.new.language')}
              hideLabel
              options={unLanguages.map(({ code, name }) => ({ id: code, label: name, lang: code }))}
              value={draftLanguage}
              onChange={setDraftLanguage}
            />
            <Menu label={t('drafting.new')} actions={templates}>
              <Button size="small" variant="primary" icon={FilePlus2} isDisabled={isCreating}>
                {t('drafting.new')}
              </Button>
            </Menu>
          </>
        }
      />
      <div className="app-scroll">
        {drafts.error === null ? null : <ErrorNotice error={drafts.error} onRetry={drafts.reload} />}
        {drafts.data !== null && shown.length === 0 ? (
          <EmptyState
            icon={NotebookPen}
            title={t('drafting.list.empty.title')}
            actions={templates.map((template) => (
              <Button
                key={template.id}
                variant={template.id === 'eleven-questions' ? 'primary' : 'plain'}
                isDisabled={isCreating}
                onPress={template.run}
              >
                {template.label}
              </Button>
            ))}
          >
            {t('drafting.list.empty.detail')}
          </EmptyState>
        ) : (
          <ul className="draft-list">
            {shown.map((draft) => (
              <Row key={draft.id} draft={draft} />
            ))}
          </ul>
        )}
      </div>
    </>
  );
}

function Row({ draft }: { readonly draft: DraftSummary }) {
  const { t, moment, languageName } = useText();
  const client = useClient();
  const circles = useLoaded(async (service) => (await service.circles.list({})).circles, []);
  const title = draft.title === '' ? t('drafting.title.empty') : draft.title;
  const remove = async (): Promise<void> => {
    try {
      await client.drafts.remove({ draft: draft.id });
      toast({
        text: t('drafting.list.removed', { title }),
        undo: () => void client.drafts.restore({ draft: draft.id }).catch(toastError),
      });
    } catch (error) {
      toastError(error);
    }
  };
  /** The draft with every paragraph and note it has or had. */
  const recordsOf = async (): Promise<RecordId[]> => {
    const view = await client.drafts.open({ draft: draft.id });
    await client.drafts.close({ session: view.session });
    const removed = await client.drafts.removedBlocks({ draft: draft.id });
    return [
      draft.id,
      ...view.blocks.map(({ id }) => id),
      ...view.footnotes.map(({ id }) => id),
      ...removed.blocks.map(({ block }) => block),
    ];
  };
  const erase = (): void =>
    askErase({
      circle: draft.circle,
      what: t('drafting.list.erase.what', { title }),
      records: recordsOf,
      remove: () => client.drafts.remove({ draft: draft.id }),
    });
  const widen = async (circle: DraftSummary['circle'], name: string): Promise<void> => {
    try {
      await client.drafts.widen({ draft: draft.id, circle });
      toast({ text: t('drafting.list.widened', { title, circle: name }) });
    } catch (error) {
      toastError(error);
    }
  };
  const wider = (circles.data ?? []).filter((circle) => !circle.personal && circle.id !== draft.circle);
  return (
    <ListRow
      label={title}
      title={title}
      lang={draft.language}
      facts={[
        draft.circleName,
        languageName(draft.language),
        t('drafting.words', { count: draft.words }),
        t('drafting.list.changed', {
          at: moment(draft.changedAt),
          name: draft.changedBy.me ? t('drafting.me') : draft.changedBy.name || draft.changedBy.delegation,
        }),
      ]}
      onOpen={() => go({ view: 'draft', draft: draft.id, block: null })}
    >
      {draft.sample ? <Chip>{t('drafting.list.sample')}</Chip> : null}
      {draft.conflicts > 0 ? <Chip tone="warn">{t('drafting.conflicts', { count: draft.conflicts })}</Chip> : null}
      <MoreMenu
        label={t('drafting.list.more', { title })}
        actions={[
          ...wider.map((circle) => ({
            id: circle.id,
            label: t('drafting.list.widen', { circle: circle.name }),
            icon: Upload,
            run: () => void widen(circle.id, circle.name),
          })),
          {
            id: 'remove',
            label: t('drafting.list.remove'),
            icon: Trash2,
            danger: true,
            separated: wider.length > 0,
            run: () => void remove(),
          },
          { id: 'erase', label: t('drafting.list.erase'), icon: Eraser, danger: true, run: erase },
        ]}
      />
    </ListRow>
  );
}
