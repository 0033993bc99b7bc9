/** Window place and preferences, kept by electron-store in the user's configuration folder. */
import { screen, type BrowserWindow, type Rectangle } from 'electron';
import Store from 'electron-store';

interface Preferences {
  window?: Rectangle;
  settings?: string;
}

const store = (): Store<Preferences> => new Store<Preferences>({ name: 'preferences' });

export function readSettings(): string {
  return store().get('settings') ?? '{}';
}

export function writeSettings(settings: string): null {
  store().set('settings', settings);
  return null;
}

/** The window's last place, when a screen still shows it. */
export function lastBounds(): Rectangle {
  const bounds = store().get('window');
  const fallback = { width: 1280, height: 820, x: 80, y: 60 };
  if (!bounds) return fallback;
  const area = screen.getDisplayMatching(bounds).workArea;
  const visible =
    bounds.x < area.x + area.width &&
    bounds.x + bounds.width > area.x &&
    bounds.y < area.y + area.height &&
    bounds.y >= area.y - 8;
  return visible ? bounds : fallback;
}

export function rememberBounds(window: BrowserWindow): void {
  window.on('close', () => store().set('window', window.getNormalBounds()));
}
