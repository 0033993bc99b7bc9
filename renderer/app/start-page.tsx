/** Puts the page into a document. What connects it is handed in, so that tests run the same page on other services. */
import { createRoot } from 'react-dom/client';
import '../ui/tokens.css';
import '../ui/fonts.css';
import '../ui/base.css';
import '../ui/controls.css';
import '../ui/surfaces.css';
import '../ui/overlays.css';
import '../ui/pick-list.css';
import './frame.css';
import { paintRemembered } from './appearance.ts';
import { App } from './App.tsx';
import { ConnectionProvider } from './client.ts';
import type { Connection } from './connection.ts';
import type { Pseudo } from './i18n.tsx';

function readPseudo(search: string): Pseudo {
  const value = new URLSearchParams(search).get('pseudo');
  if (value === null) return 'off';
  return value === 'rtl' ? 'rtl' : 'long';
}

export function startPage(target: Document, connection: Connection): void {
  paintRemembered();
  const root = target.getElementById('root');
  if (!root) throw new Error('the page has no element #root');
  createRoot(root).render(
    <ConnectionProvider value={connection}>
      <App pseudo={readPseudo(target.location.search)} />
    </ConnectionProvider>,
  );
}
