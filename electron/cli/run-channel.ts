/** `workbench circle connect|channels|disconnect|pause|resume|allow`: where a circle is exchanged. */
import { resolve } from 'node:path';
import type { ChannelRequest, ChannelView } from '../../shared/contract/channels.ts';
import type { CircleView } from '../../shared/contract/circles.ts';
import type { WorkbenchClient } from '../../shared/contract/contract.ts';
import type { CircleId } from '../../shared/ids.ts';
import { UsageError, type CommandLine } from './arguments.ts';
import { sharedCircle } from './run-bundle.ts';
import type { CommandResult } from './run-command.ts';

/** Where a password is looked for before it is read from the terminal or a pipe: never among the arguments, which everybody on a machine can list. */
const passwordVariable = 'WORKBENCH_PASSWORD';

const text = (line: CommandLine, name: string): string | undefined => line.options[name] as string | undefined;

async function readPassword(whose: string): Promise<string> {
  const given = process.env[passwordVariable];
  if (given !== undefined) return given;
  if (process.stdin.isTTY) process.stderr.write(`Password of ${whose}: `);
  let read = '';
  for await (const chunk of process.stdin) {
    read += String(chunk);
    if (read.includes('\n')) break;
  }
  return read.split(/\r?\n/)[0] ?? '';
}

/** Null when the line names no channel. */
export async function channelOption(client: WorkbenchClient, line: CommandLine): Promise<ChannelRequest | null> {
  const [folder, webdav, s3, hub] = ['folder', 'webdav', 's3', 'hub'].map((name) => text(line, name));
  if ([folder, webdav, s3, hub].filter((each) => each !== undefined).length > 1)
    throw new UsageError('One channel at a time: --folder, --webdav, --s3 or --hub');
  if (folder !== undefined) {
    return { kind: 'folder', folder: (await client.files.grantPath({ path: resolve(folder) })).grant };
  }
  if (webdav !== undefined) {
    const user = text(line, 'user') ?? '';
    return { kind: 'webdav', url: webdav, user, password: user === '' ? '' : await readPassword(user) };
  }
  if (s3 !== undefined) {
    const [bucket, accessKey] = [text(line, 'bucket'), text(line, 'user')];
    if (!bucket || !accessKey) throw new UsageError('--s3 needs --bucket and --user, which is the access key');
    return {
      kind: 's3',
      endpoint: s3,
      region: text(line, 'region') ?? '',
      bucket,
      prefix: text(line, 'prefix') ?? '',
      accessKey,
      secretKey: await readPassword(accessKey),
    };
  }
  return hub === undefined ? null : { kind: 'hub', url: hub, token: text(line, 'token') ?? '' };
}

function channelLine(channel: ChannelView): string {
  const { id, kind, place, state, unsentChanges, reason, asks, nextTryAt } = channel;
  const waits = asks ? `, asks for ${asks.sendBytes + asks.receiveBytes} bytes` : '';
  const next = nextTryAt && reason ? `, tried again at ${nextTryAt}` : '';
  return `${id}  ${kind}  ${place}  (${state}, ${unsentChanges} unsent${waits}${next})${reason ? `  ${reason.message}` : ''}`;
}

function shown(circle: CircleView): CommandResult {
  const { channels, name, state } = circle;
  const lines = channels.length === 0 ? ['no channel: exchanged by bundles'] : channels.map(channelLine);
  return { json: circle, lines: [`${circle.id}  ${name}  (${state})`, ...lines] };
}

async function circleOf(client: WorkbenchClient, line: CommandLine): Promise<CircleId> {
  return sharedCircle(client, text(line, 'circle'));
}

async function viewOf(client: WorkbenchClient, id: CircleId): Promise<CircleView> {
  const { circles } = await client.circles.list({});
  return circles.find((each) => each.id === id)!;
}

/** The channel that is named by its id, or the only one. */
async function channelOf(client: WorkbenchClient, circle: CircleId, named: string | undefined): Promise<string> {
  if (named !== undefined) return named;
  const { channels } = await viewOf(client, circle);
  if (channels.length !== 1) throw new UsageError('Name the channel. See: workbench circle channels');
  return channels[0]!.id;
}

export async function connectChannel(client: WorkbenchClient, line: CommandLine): Promise<CommandResult> {
  const circle = await circleOf(client, line);
  const channel = await channelOption(client, line);
  if (!channel) throw new UsageError('circle connect needs --folder, --webdav, --s3 or --hub');
  return shown(await client.circles.connect({ circle, channel }));
}

export async function listChannels(client: WorkbenchClient, line: CommandLine): Promise<CommandResult> {
  return shown(await viewOf(client, await circleOf(client, line)));
}

export async function disconnectChannel(client: WorkbenchClient, line: CommandLine): Promise<CommandResult> {
  const circle = await circleOf(client, line);
  const channel = await channelOf(client, circle, line.words[0]);
  return shown(await client.circles.disconnect({ circle, channel }));
}

export async function pauseCircle(client: WorkbenchClient, line: CommandLine): Promise<CommandResult> {
  return shown(await client.circles.pause({ circle: await circleOf(client, line) }));
}

export async function resumeCircle(client: WorkbenchClient, line: CommandLine): Promise<CommandResult> {
  return shown(await client.circles.resume({ circle: await circleOf(client, line) }));
}

export async function allowChannel(client: WorkbenchClient, line: CommandLine): Promise<CommandResult> {
  const circle = await circleOf(client, line);
  return shown(await client.circles.allow({ circle, channel: await channelOf(client, circle, line.words[0]) }));
}
