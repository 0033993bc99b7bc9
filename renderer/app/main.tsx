import { connectToShell } from './client.ts';
import { startPage } from './start-page.tsx';

startPage(document, connectToShell(window));
