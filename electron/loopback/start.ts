/** Entry of the loopback shell: opens the profile, serves the page, prints the address. */
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { toErrorMessage } from '../../shared/contract/errors.ts';
import { defaultProfileFolder, programFolder } from '../services/locations.ts';
import { openWorkbench } from '../services/workbench.ts';
import { openBrowser } from './open-browser.ts';
import { startLoopbackServer } from './server.ts';
import { createStaticFiles } from './static-files.ts';

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { profile: { type: 'string' }, port: { type: 'string' }, 'no-open': { type: 'boolean' } },
  });
  const program = programFolder(import.meta.url);
  const workbench = await openWorkbench({
    profileFolder: values.profile ?? defaultProfileFolder(),
    programFolder: program,
    shell: 'loopback',
  });
  const server = await startLoopbackServer({
    files: await createStaticFiles(join(program, 'dist', 'renderer')),
    grants: workbench.grants,
    connect: workbench.connect,
    randomText: () => randomBytes(24).toString('base64url'),
    port: Number(values.port ?? 0),
  });

  const address = server.address();
  console.log(`Delegate Workbench: ${address}`);
  const opened = values['no-open'] ? false : await openBrowser(address);
  console.log(
    opened
      ? 'Opened in your browser. Ctrl+C ends the workbench; Enter prints a fresh address.'
      : 'Open this address in a browser on this machine (it works once; Enter prints a fresh one). Ctrl+C ends the workbench.',
  );
  if (process.stdin.isTTY)
    createInterface({ input: process.stdin }).on('line', () => console.log(`Delegate Workbench: ${server.address()}`));

  let closing = false;
  const close = async (): Promise<void> => {
    if (closing) return;
    closing = true;
    await server.close();
    await workbench.close();
    process.exit(0);
  };
  process.on('SIGINT', () => void close());
  process.on('SIGTERM', () => void close());
}

main().catch((error: unknown) => {
  console.error(toErrorMessage(error).message);
  process.exit(1);
});
