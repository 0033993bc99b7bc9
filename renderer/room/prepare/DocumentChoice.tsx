/** Choosing a document of the shelf. */
import type { DocumentId } from '../../../shared/ids.ts';
import { useText } from '../../app/i18n.tsx';
import { useLoaded } from '../../app/use-loaded.ts';
import { Select } from '../../ui/Select.tsx';

interface Choice {
  readonly id: DocumentId;
  readonly title: string;
}

export function DocumentChoice({
  label,
  onChoose,
}: {
  readonly label: string;
  readonly onChoose: (document: Choice) => void;
}) {
  const { t } = useText();
  const works = useLoaded(
    async (service) => (await service.library.list({})).works,
    [],
    (service, reload) => service.library.on('shelfChanged', reload),
  );
  const documents = (works.data ?? []).flatMap((work) => work.documents);
  if (documents.length === 0) return null;
  const options = [
    { id: 'none', label: t('room.prepare.texts.choose') },
    ...documents.map(({ id, title, language }) => ({ id: id as string, label: `${title} (${language})` })),
  ];
  return (
    <Select
      label={label}
      value="none"
      options={options}
      onChange={(chosen) => {
        const document = documents.find(({ id }) => id === chosen);
        if (document) onChoose(document);
      }}
    />
  );
}
