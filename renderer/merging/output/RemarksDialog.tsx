/** What a file leaves out or marks, before it is saved. */
import { useText } from '../../app/i18n.tsx';
import { Button } from '../../ui/Button.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import type { Output } from './use-export.ts';

export function RemarksDialog({ output }: { readonly output: Output }) {
  const { t, bytes } = useText();
  const { made } = output;
  if (made === null) return null;
  return (
    <Dialog
      title={t('drafting.export.remarks', { count: made.remarks.length })}
      closeLabel={t('app.close')}
      isOpen
      onClose={output.close}
      footer={
        <>
          <Button onPress={output.close}>{t('app.cancel')}</Button>
          <Button variant="primary" autoFocus onPress={() => output.save(made)}>
            {t('drafting.export.save', { name: made.name, size: bytes(made.sizeBytes) })}
          </Button>
        </>
      }
    >
      <ul className="output-remarks">
        {made.remarks.map((remark, at) => (
          <li key={at} dir="auto">
            {remark}
          </li>
        ))}
      </ul>
    </Dialog>
  );
}
