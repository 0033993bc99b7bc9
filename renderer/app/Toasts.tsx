import { ToastBar } from '../ui/ToastBar.tsx';
import { describeError, ErrorDetails } from './ErrorNotice.tsx';
import { useText } from './i18n.tsx';
import { dismissToast, useToasts } from './toasts.ts';

export function Toasts() {
  const text = useText();
  const toasts = useToasts((state) => state.toasts);
  return (
    <ToastBar
      label={text.t('app.reports')}
      closeLabel={text.t('app.close')}
      onClose={dismissToast}
      toasts={toasts.map(({ id, tone, text: words, action, error }) => ({
        id,
        tone,
        text:
          tone === 'bad' ? (
            <>
              {describeError(text, error)}
              <ErrorDetails error={error} />
            </>
          ) : (
            words
          ),
        action: action ? { label: action.label ?? text.t('app.undo'), run: action.run } : null,
      }))}
    />
  );
}
