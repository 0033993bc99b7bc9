/** nginx with its own DAV module and the extension module that adds PROPFIND, as Debian packages them. */
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createHash } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { firstThatExists, freePort, startDaemon, type Daemon, type RunningServer } from './process.ts';

const program = firstThatExists(['/usr/sbin/nginx']);
const extension = firstThatExists([
  '/usr/lib/nginx/modules/ngx_http_dav_ext_module.so',
  '/usr/lib64/nginx/modules/ngx_http_dav_ext_module.so',
]);
export const hasNginx = program !== null && extension !== null;

/** In the foreground, with everything it writes under `root`; as `user` where it was started by root. */
export const mainSettings = (root: string, user: string): string => `daemon off;
worker_processes 1;
pid ${root}/pid;
error_log ${root}/error.log;
${process.getuid?.() === 0 ? `user ${user};` : ''}
events {}`;

export const httpSettings = (root: string): string => `  access_log off;
  client_body_temp_path ${root}/temp/body;
  proxy_temp_path ${root}/temp/proxy;
  fastcgi_temp_path ${root}/temp/fastcgi;
  uwsgi_temp_path ${root}/temp/uwsgi;
  scgi_temp_path ${root}/temp/scgi;
  client_max_body_size 0;`;

export async function startNginx(): Promise<RunningServer> {
  const root = await mkdtemp(join(tmpdir(), 'workbench-nginx-'));
  const port = await freePort();
  const folder = join(root, 'dav', 'circle');
  await mkdir(folder, { recursive: true });
  for (const each of ['', 'dav', 'dav/circle', 'temp']) {
    await mkdir(join(root, each), { recursive: true });
    await chmod(join(root, each), 0o777);
  }
  const password = 'délégué';
  await writeFile(join(root, 'users'), `amina:{SHA}${createHash('sha1').update(password).digest('base64')}\n`);
  const config = `
load_module ${extension};
${mainSettings(root, 'www-data')}
http {
${httpSettings(root)}
  server {
    listen 127.0.0.1:${port};
    root ${root}/dav;
    location / {
      auth_basic files;
      auth_basic_user_file ${root}/users;
      dav_methods PUT DELETE MKCOL COPY MOVE;
      dav_ext_methods PROPFIND OPTIONS;
      dav_access user:rw group:rw all:rw;
    }
  }
}
`;
  await writeFile(join(root, 'nginx.conf'), config);
  const url = `http://127.0.0.1:${port}/circle/`;
  let daemon: Daemon | null = null;
  const start = async (): Promise<void> => {
    daemon = await startDaemon(program!, ['-e', join(root, 'error.log'), '-c', join(root, 'nginx.conf')], url);
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
