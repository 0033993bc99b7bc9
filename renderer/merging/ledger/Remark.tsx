/** A coordinator's own remark on a passage. It is shown as what it is: something that stays here. */
import { Lock, PencilLine } from 'lucide-react';
import { useState, type FormEvent } from 'react';
import { useText } from '../../app/i18n.tsx';
import { Button, IconButton } from '../../ui/Button.tsx';
import { TextField } from '../../ui/TextField.tsx';

export function Remark({
  remark,
  isEditing,
  onEdit,
  onSave,
  onClose,
}: {
  readonly remark: string;
  readonly isEditing: boolean;
  readonly onEdit: () => void;
  readonly onSave: (body: string) => void;
  readonly onClose: () => void;
}) {
  const { t } = useText();
  if (isEditing) return <Editing remark={remark} onSave={onSave} onClose={onClose} />;
  return (
    <div className="merge-private">
      <Lock size={13} aria-hidden />
      <div>
        <strong>{t('merging.remark.here')}</strong>
        <p dir="auto">{remark}</p>
      </div>
      <IconButton icon={PencilLine} size="small" label={t('merging.remark.write')} onPress={onEdit} />
    </div>
  );
}

function Editing({
  remark,
  onSave,
  onClose,
}: {
  readonly remark: string;
  readonly onSave: (body: string) => void;
  readonly onClose: () => void;
}) {
  const { t } = useText();
  const [body, setBody] = useState(remark);
  const save = (event: FormEvent): void => {
    event.preventDefault();
    onSave(body.trim());
  };
  return (
    <form
      className="merge-private"
      onSubmit={save}
      onKeyDown={(event) => {
        if (event.key === 'Escape') {
          event.preventDefault();
          event.stopPropagation();
          onClose();
        }
        if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
          event.preventDefault();
          onSave(body.trim());
        }
      }}
    >
      <Lock size={13} aria-hidden />
      <div className="merge-form merge-form-wide">
        <TextField
          label={t('merging.remark')}
          hint={t('merging.remark.hint')}
          lines={2}
          value={body}
          onChange={setBody}
          autoFocus
        />
        <div className="merge-actions">
          <Button type="submit" size="small" variant="primary">
            {t('merging.save')}
          </Button>
          <Button size="small" onPress={onClose}>
            {t('app.cancel')}
          </Button>
        </div>
      </div>
    </form>
  );
}
