/** nginx as whoever runs a hub puts it in front: https with a certificate of its own, WebSockets, and nothing buffered. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Certificate } from './certificate.ts';
import { httpSettings, mainSettings } from './nginx.ts';
import { firstThatExists, startDaemon } from './process.ts';

const program = firstThatExists(['/usr/sbin/nginx']);
export const hasNginxProxy = program !== null;

export interface NginxProxy {
  dispose(): Promise<void>;
}

/** On `port`, before `target`. A plain http address of it answers too, for whoever waits until it is there. */
export async function startNginxProxy(options: {
  readonly port: number;
  readonly plainPort: number;
  readonly target: string;
  readonly certificate: Certificate;
}): Promise<NginxProxy> {
  const { port, plainPort, target, certificate } = options;
  const root = await mkdtemp(join(tmpdir(), 'workbench-proxy-'));
  await mkdir(join(root, 'temp'));
  await writeFile(join(root, 'cert.pem'), certificate.cert);
  await writeFile(join(root, 'key.pem'), certificate.key);
  const config = `
${mainSettings(root, 'root')}
http {
${httpSettings(root)}
  map $http_upgrade $connection_upgrade { default upgrade; '' close; }
  server {
    listen 127.0.0.1:${plainPort};
    return 204;
  }
  server {
    listen 127.0.0.1:${port} ssl;
    ssl_certificate ${root}/cert.pem;
    ssl_certificate_key ${root}/key.pem;
    location / {
      proxy_pass ${target};
      proxy_http_version 1.1;
      proxy_request_buffering off;
      proxy_buffering off;
      proxy_read_timeout 90s;
      proxy_set_header Host $http_host;
      proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
      proxy_set_header X-Forwarded-Proto $scheme;
      proxy_set_header X-Forwarded-Host $http_host;
      proxy_set_header Upgrade $http_upgrade;
      proxy_set_header Connection $connection_upgrade;
    }
  }
}
`;
  await writeFile(join(root, 'nginx.conf'), config);
  const args = ['-e', join(root, 'error.log'), '-c', join(root, 'nginx.conf')];
  const daemon = await startDaemon(program!, args, `http://127.0.0.1:${plainPort}`);
  return {
    async dispose() {
      await daemon.stop();
      await rm(root, { recursive: true, force: true });
    },
  };
}
