/** Starts a hub, says what to do next, and ends it when the system or a person says so. */
import { readFile } from 'node:fs/promises';
import { defaultLimits, type Limits } from '../rules/limits.ts';
import { startHub } from '../server/app.ts';
import type { Storage } from '../storage/storage.ts';
import { numberOf, pathOf, type CommandLine } from './arguments.ts';
import { serveControl } from './control-socket.ts';
import { groupCode, runCommand } from './run-command.ts';

const usualPort = 8420;
const megaBytes = 1024 * 1024;
/** Whoever still has not let go of a connection then is cut off. */
const endWithinMs = 10_000;

/** Resolves when the hub has ended. `folder` is null on a PostgreSQL server. */
export async function serve(
  line: CommandLine,
  storage: Storage,
  folder: string | null,
  version: string,
): Promise<void> {
  const { text, flags } = line;
  const host = text.host ?? '127.0.0.1';
  const tls =
    text.cert && text.key
      ? { cert: await readFile(pathOf(text.cert)), key: await readFile(pathOf(text.key)) }
      : undefined;
  const hub = await startHub({
    ...{ storage, version, host },
    limits: limitsOf(line),
    port: numberOf(line, 'port', usualPort),
    openToAll: flags.has('open'),
    behindProxy: flags.has('behind-proxy'),
    ...(text.address ? { address: text.address } : {}),
    ...(tls ? { tls } : {}),
  });
  const control =
    folder === null
      ? null
      : await serveControl(folder, async (request) => {
          const asked: CommandLine = { ...request, words: [], flags: new Set(request.flags) };
          return { lines: await runCommand(asked, storage, version) };
        });

  const own = `${tls ? 'https' : 'http'}://${host.includes(':') ? `[${host}]` : host}:${hub.port}`;
  const address = text.address ? new URL(text.address).origin : own;
  const said = [`Listening on ${own}`, `Data: ${folder ?? 'PostgreSQL'}. To end it: Ctrl+C.`, ''];
  if ((await storage.circles.circles()).length === 0) {
    const code = flags.has('open') ? null : await hub.admission.invite(null, 'operator', { role: 'administrator' });
    said.push(firstSteps(address, code && groupCode(code.token)));
  } else said.push(`It holds circles already; their members connect to ${address}.`);
  const isLocal = ['127.0.0.1', '::1', 'localhost'].includes(host);
  if (isLocal && !flags.has('behind-proxy')) {
    said.push(
      '\nOnly this machine reaches it. For others: --host 0.0.0.0 with --cert and --key, or a reverse proxy with\n' +
        '--behind-proxy --address https://hub.example.org.',
    );
  } else if (!isLocal && !tls && !flags.has('behind-proxy')) {
    said.push(
      '\nWithout --cert and --key, whoever sees the network sees the traffic: what is sealed stays sealed, but sessions\n' +
        'can be stolen. Use it so only in a network that you trust.',
    );
  }
  console.log(said.join('\n'));

  await new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
  });
  console.log('Ending: requests under way are finished.');
  const cut = setTimeout(() => process.exit(1), endWithinMs);
  await hub.close();
  await control?.close();
  clearTimeout(cut);
}

function firstSteps(address: string, code: string | null): string {
  const lines = [
    'To set up a circle here:',
    '  1. In the workbench open Exchange, and on your circle’s card choose to connect it to a hub.',
    `  2. Address:        ${address}`,
    ...(code === null ? [] : [`     Founding code:  ${code}   (for one circle; another: npm run hub -- invite)`]),
    '  3. Copy the circle’s invitation from its card and send it to a colleague: it admits one device at once.',
  ];
  return lines.join('\n');
}

function limitsOf(line: CommandLine): Limits {
  const mega = (name: 'max-object' | 'circle-quota' | 'device-quota', otherwise: number): number =>
    numberOf(line, name, otherwise / megaBytes) * megaBytes;
  return {
    ...defaultLimits,
    objectBytes: mega('max-object', defaultLimits.objectBytes),
    circleBytes: mega('circle-quota', defaultLimits.circleBytes),
    deviceBytes: mega('device-quota', defaultLimits.deviceBytes),
  };
}
