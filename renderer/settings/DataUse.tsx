/** Low-data mode: from which size on an exchange asks before it moves more. */
import { useText } from '../app/i18n.tsx';
import { useProfile } from '../app/profile.tsx';
import { Select } from '../ui/Select.tsx';

/** Bytes; 0 asks before everything but a look at what is there. */
const limits = [0, 100_000, 1_000_000, 5_000_000, 25_000_000] as const;

export function DataUse() {
  const { t, bytes } = useText();
  const { settings, changeSettings } = useProfile();
  const { askAboveBytes } = settings;
  // A limit set elsewhere, by the command line perhaps, is shown as it is.
  const offered = [...new Set([...limits, ...(askAboveBytes === null ? [] : [askAboveBytes])])].sort((a, b) => a - b);
  return (
    <Select
      label={t('settings.lowdata')}
      hint={t('settings.lowdata.hint')}
      value={askAboveBytes === null ? 'never' : String(askAboveBytes)}
      onChange={(value) => changeSettings({ askAboveBytes: value === 'never' ? null : Number(value) })}
      options={[
        { id: 'never', label: t('settings.lowdata.never') },
        ...offered.map((limit) => ({
          id: String(limit),
          label: limit === 0 ? t('settings.lowdata.always') : t('settings.lowdata.above', { size: bytes(limit) }),
        })),
      ]}
    />
  );
}
