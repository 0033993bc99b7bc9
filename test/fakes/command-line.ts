/** The built command line as a child process, as a person or a script runs it. */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { projectFolder } from './temp-workbench.ts';

export interface CommandOutcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** What `--json` printed. Throws when it is no JSON. */
  json<T>(): T;
}

const entry = join(projectFolder, 'dist/cli/workbench.mjs');

/** Runs `workbench --profile PROFILE ...args`. */
export function runWorkbench(profile: string, ...args: readonly string[]): Promise<CommandOutcome> {
  return runWorkbenchWith({}, profile, ...args);
}

/** As `runWorkbench`, with more in the environment and lines on standard input. */
export function runWorkbenchWith(
  { env = {}, input }: { readonly env?: Readonly<Record<string, string>>; readonly input?: string },
  profile: string,
  ...args: readonly string[]
): Promise<CommandOutcome> {
  if (!existsSync(entry)) throw new Error('The command line is not built. Run: npm run build');
  return new Promise((resolve, reject) => {
    const child = spawn(
      process.execPath,
      ['--disable-warning=ExperimentalWarning', entry, '--profile', profile, ...args],
      {
        stdio: ['pipe', 'pipe', 'pipe'],
        env: { ...process.env, ...env },
      },
    );
    child.stdin.end(input ?? '');
    const out = { stdout: '', stderr: '' };
    child.stdout.setEncoding('utf8').on('data', (text: string) => (out.stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (out.stderr += text));
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, ...out, json: <T>() => JSON.parse(out.stdout) as T }));
  });
}
