/** Apache with mod_dav, as Debian packages it. */
import { createHash } from 'node:crypto';
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { firstThatExists, freePort, startDaemon, type Daemon, type RunningServer } from './process.ts';

const program = firstThatExists(['/usr/sbin/apache2', '/usr/sbin/httpd']);
const modules = firstThatExists(['/usr/lib/apache2/modules', '/usr/lib64/httpd/modules']);
export const hasApache = program !== null && modules !== null && firstThatExists([`${modules}/mod_dav_fs.so`]) !== null;

export async function startApache(): Promise<RunningServer> {
  const root = await mkdtemp(join(tmpdir(), 'workbench-apache-'));
  const port = await freePort();
  const folder = join(root, 'dav', 'circle');
  await mkdir(folder, { recursive: true });
  // Started by root it gives its rights up.
  await chmod(root, 0o777);
  await chmod(join(root, 'dav'), 0o777);
  await chmod(folder, 0o777);
  const password = 'délégué';
  await writeFile(join(root, 'users'), `amina:{SHA}${createHash('sha1').update(password).digest('base64')}\n`);
  const isRoot = process.getuid?.() === 0;
  const load = (name: string): string => `LoadModule ${name}_module ${modules}/mod_${name}.so\n`;
  const config = `
ServerRoot "${root}"
ServerName 127.0.0.1
Listen 127.0.0.1:${port}
PidFile "${root}/pid"
ErrorLog "${root}/error.log"
Mutex file:${root}
${load(firstThatExists([`${modules}/mod_mpm_prefork.so`]) ? 'mpm_prefork' : 'mpm_event')}
${load('authz_core')}${load('authn_core')}${load('authn_file')}${load('authz_user')}${load('auth_basic')}${load('dav')}${load('dav_fs')}
${isRoot ? 'User www-data\nGroup www-data' : ''}
StartServers 2
DavLockDB "${root}/locks"
DocumentRoot "${root}/dav"
<Directory "${root}/dav">
  Dav On
  AuthType Basic
  AuthName "files"
  AuthUserFile "${root}/users"
  Require valid-user
</Directory>
`;
  await writeFile(join(root, 'apache.conf'), config);
  const url = `http://127.0.0.1:${port}/circle/`;
  let daemon: Daemon | null = null;
  const start = async (): Promise<void> => {
    daemon = await startDaemon(program!, ['-DFOREGROUND', '-f', join(root, 'apache.conf')], url);
  };
  const stop = async (): Promise<void> => {
    await daemon?.stop();
    daemon = null;
  };
  await start();
  return {
    ...{ url, folder, user: 'amina', password, start, stop },
    async dispose() {
      await stop();
      await rm(root, { recursive: true, force: true });
    },
  };
}
