/** Theme and text size on the document. Kept beside the settings in this browser, so that the first paint is right. */
import type { Settings } from '../../shared/contract/profile.ts';

export type Theme = Settings['theme'];
export type ShownTheme = Exclude<Theme, 'system'>;

const storageKey = 'workbench.appearance';

/** What `system` means at the moment. */
export function resolveTheme(theme: Theme, matches: (query: string) => boolean): ShownTheme {
  if (theme !== 'system') return theme;
  if (matches('(prefers-contrast: more)')) return 'contrast';
  return matches('(prefers-color-scheme: dark)') ? 'dark' : 'light';
}

function paint(theme: Theme, textSize: number): void {
  const root = document.documentElement;
  root.dataset['theme'] = resolveTheme(theme, (query) => matchMedia(query).matches);
  root.style.fontSize = `${textSize * 100}%`;
}

/** Applies the settings and follows the system's theme while it is chosen; returns how to stop. */
export function applyAppearance(theme: Theme, textSize: number): () => void {
  paint(theme, textSize);
  localStorage.setItem(storageKey, JSON.stringify({ theme, textSize }));
  const again = (): void => paint(theme, textSize);
  const queries = ['(prefers-contrast: more)', '(prefers-color-scheme: dark)'].map((query) => matchMedia(query));
  for (const query of queries) query.addEventListener('change', again);
  return () => {
    for (const query of queries) query.removeEventListener('change', again);
  };
}

/** Before the settings have arrived: what they were last time. */
export function paintRemembered(): void {
  try {
    const kept = JSON.parse(localStorage.getItem(storageKey) ?? '{}') as { theme?: Theme; textSize?: number };
    paint(kept.theme ?? 'system', kept.textSize ?? 1);
  } catch {
    // A damaged entry of this browser's storage is worth nothing; the settings arrive in a moment.
    paint('system', 1);
  }
}
