import { CircleAlert, CircleCheck, X } from 'lucide-react';
import type { ReactNode } from 'react';
import { Button, IconButton } from './Button.tsx';

export interface ToastView {
  readonly id: number;
  readonly tone: 'good' | 'bad';
  readonly text: ReactNode;
  readonly action: { readonly label: string; readonly run: () => void } | null;
}

/** The bar that reports what was done and takes it back. The bar is always there, so that what comes into it is announced: good
 * news politely, bad news at once. */
export function ToastBar({
  label,
  closeLabel,
  toasts,
  onClose,
}: {
  readonly label: string;
  readonly closeLabel: string;
  readonly toasts: readonly ToastView[];
  readonly onClose: (id: number) => void;
}) {
  return (
    <div className="wb-toasts no-print" role="region" aria-label={label} aria-live="polite" aria-relevant="additions">
      {toasts.map((toast) => (
        <div
          key={toast.id}
          className="wb-toast"
          data-tone={toast.tone}
          {...(toast.tone === 'bad' ? { role: 'alert' } : {})}
        >
          {toast.tone === 'bad' ? <CircleAlert size={16} aria-hidden /> : <CircleCheck size={16} aria-hidden />}
          <div className="wb-toast-text">{toast.text}</div>
          {toast.action ? (
            <Button size="small" onPress={toast.action.run}>
              {toast.action.label}
            </Button>
          ) : null}
          <IconButton icon={X} label={closeLabel} size="small" onPress={() => onClose(toast.id)} />
        </div>
      ))}
    </div>
  );
}
