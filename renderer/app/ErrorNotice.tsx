/** How an error is presented: what happened, to which thing, what is safe, what to do; the details on demand. */
import { toErrorMessage, type ErrorMessage } from '../../shared/contract/errors.ts';
import { isMessageId } from '../../shared/i18n/messages.ts';
import { Button } from '../ui/Button.tsx';
import { Notice } from '../ui/Surface.tsx';
import { useText, type TextTools } from './i18n.tsx';

const thingKeys = ['file', 'fileName', 'folder', 'name', 'title', 'label', 'query', 'object', 'thing'];

/** The thing an error is about, `_` when it names none (the branch of the messages without a thing). */
function thingOf(message: ErrorMessage): string {
  for (const key of thingKeys) {
    const value = message.data[key];
    if (typeof value === 'string' && value !== '') return value;
  }
  return '_';
}

/** Any thrown thing as a sentence in the page's language. `thing` overrides what the error itself names. */
export function describeError(text: TextTools, error: unknown, thing?: string): string {
  const message = toErrorMessage(error);
  const id = `error.${message.code}`;
  if (!isMessageId(id)) return message.message;
  return text.t(id, { ...message.data, thing: thing || thingOf(message) });
}

export function ErrorDetails({ error }: { readonly error: unknown }) {
  const { t } = useText();
  const { code, message } = toErrorMessage(error);
  return (
    <details className="app-error-details">
      <summary>{t('app.details')}</summary>
      <code dir="ltr">
        {code}: {message}
      </code>
    </details>
  );
}

export function ErrorNotice({
  error,
  thing,
  onRetry,
}: {
  readonly error: unknown;
  readonly thing?: string;
  readonly onRetry?: () => void;
}) {
  const text = useText();
  return (
    <Notice
      tone="bad"
      actions={
        onRetry ? (
          <Button size="small" onPress={onRetry}>
            {text.t('app.retry')}
          </Button>
        ) : null
      }
    >
      {describeError(text, error, thing)}
      <ErrorDetails error={error} />
    </Notice>
  );
}
