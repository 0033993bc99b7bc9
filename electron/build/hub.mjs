/** `npm run hub -- ...`: the hub runs from its sources, on the Node that npm installed for this project. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureInstalled, nodeOptions, projectNode } from './install.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
ensureInstalled();
const child = spawn(projectNode(), [...nodeOptions, join(root, 'hub/cli/hub.ts'), ...process.argv.slice(2)], {
  stdio: 'inherit',
});
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
child.on('exit', (code, signal) => process.exit(signal ? 1 : (code ?? 1)));
