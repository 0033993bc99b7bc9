/** The commands beside serving, on an open storage: by the command itself, or by the hub that has the data folder. */
import type { CircleId } from '../../shared/ids.ts';
import { isCircleId } from '../../shared/records/change.ts';
import { createAdmission } from '../rules/admission.ts';
import type { CircleAccount, Storage } from '../storage/storage.ts';
import { numberOf, UsageError, type CommandLine } from './arguments.ts';
import { restoreBackup, writeBackup } from './backup.ts';

const hourSeconds = 3600;
const dayMs = 24 * 3600 * 1000;
/** What an hour ago had no object is not just being put. */
const sweepAfterMs = 3600 * 1000;

export async function runCommand(line: CommandLine, storage: Storage, version: string): Promise<readonly string[]> {
  switch (line.command) {
    case 'circles':
      return listCircles(storage);
    case 'invite':
      return invite(line, storage);
    case 'backup': {
      const { circles, objects, bytes } = await writeBackup(storage, line.text.out!, version, Date.now());
      return [`${line.text.out}: ${circles} circles, ${objects} objects, ${megabytes(bytes)}.`];
    }
    case 'restore': {
      const { circles, objects, bytes } = await restoreBackup(storage, line.words[0]!);
      return [`Restored ${circles} circles, ${objects} objects, ${megabytes(bytes)}.`];
    }
    case 'prune':
      return prune(line, storage);
    default:
      throw new UsageError(`There is no command ${line.command}`);
  }
}

export function groupCode(token: string): string {
  return (token.toUpperCase().match(/.{1,5}/g) ?? []).join('-');
}

async function listCircles(storage: Storage): Promise<readonly string[]> {
  const circles = await storage.circles.circles();
  if (circles.length === 0) return ['No circle was set up here yet.'];
  const lines: string[] = [];
  for (const circle of circles) {
    const admitted = (await storage.devices.devices(circle.id)).filter(({ removedAt }) => removedAt === null);
    const administrators = admitted.filter(({ role }) => role === 'administrator').length;
    lines.push(`${lineOf(circle)}, ${admitted.length} devices, ${administrators} of them administrators`);
  }
  return lines;
}

function lineOf({ id, objects, bytes, usedAt }: CircleAccount): string {
  return `${id}  ${objects} objects, ${megabytes(bytes)}, last used ${new Date(usedAt).toISOString().slice(0, 10)}`;
}

async function invite(line: CommandLine, storage: Storage): Promise<readonly string[]> {
  const admission = createAdmission(storage, { clock: Date.now, openToAll: false });
  const circle = await circleOf(line, storage);
  const hours = numberOf(line, 'hours', 0);
  const role = circle === null || line.flags.has('administrator') ? 'administrator' : 'member';
  const seconds = hours > 0 ? { seconds: hours * hourSeconds } : {};
  const { token, expiresInSeconds } = await admission.invite(circle, 'operator', { role, ...seconds });
  const what = circle === null ? 'Sets up one circle' : `Admits one device to ${circle} as ${role}`;
  return [groupCode(token), `${what}, once, within ${Math.round(expiresInSeconds / hourSeconds)} hours.`];
}

async function circleOf({ text }: CommandLine, storage: Storage): Promise<CircleId | null> {
  if (text.circle === undefined) return null;
  if (!isCircleId(text.circle)) throw new UsageError('--circle takes the 26 characters that `circles` prints');
  if (await storage.circles.circle(text.circle)) return text.circle;
  throw new Error(`This hub does not hold the circle ${text.circle}. Nothing was changed.`);
}

async function prune(line: CommandLine, storage: Storage): Promise<readonly string[]> {
  const now = Date.now();
  const forgotten = await storage.tokens.forgetExpired(now);
  const swept = await storage.objects.sweep(now - sweepAfterMs);
  const lines = [`Forgot ${forgotten} codes and challenges that had run out; swept up ${swept} left-over files.`];
  const named = await circleOf(line, storage);
  const idleDays = numberOf(line, 'idle-days', 0);
  const all = await storage.circles.circles();
  const chosen = all.filter(({ id, usedAt }) => id === named || (idleDays > 0 && usedAt < now - idleDays * dayMs));
  if (named === null && idleDays === 0) return lines;
  if (chosen.length === 0) return [...lines, 'No circle is to be dropped.'];
  for (const circle of chosen) {
    if (line.flags.has('yes')) await storage.circles.dropCircle(circle.id);
    lines.push(`${line.flags.has('yes') ? 'Dropped' : 'Would drop'} ${lineOf(circle)}`);
  }
  if (line.flags.has('yes')) await storage.objects.sweep(now);
  else lines.push('Nothing was dropped. Its devices hold everything themselves; say --yes to go on.');
  return lines;
}

function megabytes(bytes: number): string {
  return `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}
