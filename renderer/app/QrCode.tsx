/** A text as a QR code, and a QR code read from a picture. */
import encodeQR from 'qr';
import { ScanQrCode } from 'lucide-react';
import { useState } from 'react';
import { Button } from '../ui/Button.tsx';
import { pickFilesInPage } from './files.ts';
import { useText } from './i18n.tsx';
import './qr-code.css';

/** White around it that a reader needs, in modules. */
const border = 4;

/** Drawn as one path, in black on white in every theme: readers want the contrast. */
export function QrCode({ text }: { readonly text: string }) {
  const { t } = useText();
  let rows: boolean[][];
  try {
    rows = encodeQR(text, 'raw', { ecc: 'low', border });
  } catch {
    // It holds 4,296 characters at most; what is longer goes as text.
    return <p className="wb-hint">{t('code.toolong')}</p>;
  }
  const path = rows.flatMap((row, y) => row.flatMap((isDark, x) => (isDark ? [`M${x} ${y}h1v1h-1z`] : []))).join('');
  return (
    <svg
      className="app-qr"
      viewBox={`0 0 ${rows.length} ${rows.length}`}
      role="img"
      aria-label={t('code.label')}
      shapeRendering="crispEdges"
    >
      <rect width={rows.length} height={rows.length} fill="#fff" />
      <path d={path} fill="#000" />
    </svg>
  );
}

/** Pictures of telephones are larger than the code needs. */
const longestSide = 1600;

/** The text in a picture; null when no code is found in it. */
async function readPicture(file: File): Promise<string | null> {
  const { decodeQR } = await import('qr/decode.js');
  const picture = await createImageBitmap(file);
  for (const scale of [1, 0.5]) {
    const shrink = Math.min(1, longestSide / Math.max(picture.width, picture.height)) * scale;
    const canvas = document.createElement('canvas');
    canvas.width = Math.max(1, Math.round(picture.width * shrink));
    canvas.height = Math.max(1, Math.round(picture.height * shrink));
    const context = canvas.getContext('2d');
    if (!context) return null;
    context.drawImage(picture, 0, 0, canvas.width, canvas.height);
    const { data, width, height } = context.getImageData(0, 0, canvas.width, canvas.height);
    try {
      return decodeQR({ data, width, height }, { effort: 10, timeLimit: 3000 });
    } catch {
      // Nothing found at this size; the next one may show it.
    }
  }
  return null;
}

export function ReadCode({ onRead }: { readonly onRead: (text: string) => void }) {
  const { t } = useText();
  const [nothing, setNothing] = useState(false);
  const pick = async (): Promise<void> => {
    const [file] = await pickFilesInPage('image/*');
    if (!file) return;
    const text = await readPicture(file).catch(() => null);
    setNothing(text === null);
    if (text !== null) onRead(text);
  };
  return (
    <div>
      <Button size="small" icon={ScanQrCode} onPress={() => void pick()}>
        {t('code.picture')}
      </Button>
      {nothing ? (
        <p className="wb-hint" role="status">
          {t('code.picture.nothing')}
        </p>
      ) : null}
    </div>
  );
}
