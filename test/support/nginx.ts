/** A real nginx that takes files, for one test. */
import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

export const nginxTakesFiles = 'nginx -V 2>&1 | grep -q http_dav_module';

export interface Nginx {
  readonly url: string;
  /** `METHOD PATH STATUS` of every request. */
  requests(): readonly string[];
}

/** The server of docs/artifacts.md, for whoever asks, as one that makes no directories by itself. */
const documented = (/```nginx\n([\s\S]*?)```/.exec(readFileSync('docs/artifacts.md', 'utf8'))?.[1] ?? '')
  .replace(/auth_basic_user_file [^;]*;/, '')
  .replace(/auth_basic "varve";/, 'auth_basic off;')
  .replace('create_full_put_path on;', '');

/** Starts it, and waits until it answers; what it has is gone when the test ends. */
export async function startNginx(): Promise<Nginx> {
  const dir = mkdtempSync(join(tmpdir(), 'varve-nginx-'));
  mkdirSync(join(dir, 'files'));
  const port = await freePort();
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];
  writeFileSync(
    join(dir, 'nginx.conf'),
    `${process.getuid?.() === 0 ? 'user root;' : ''}
    daemon off; worker_processes 2; pid ${dir}/pid; error_log ${dir}/errors;
    events { worker_connections 128; }
    http {
      ${temporary.map((name) => `${name}_temp_path ${dir}/${name};`).join('\n')}
      log_format short '$request_method $uri $status';
      access_log ${dir}/requests short;
      ${documented.replace(/listen [^;]*;/, `listen 127.0.0.1:${port};`).replace(/root [^;]*;/, `root ${dir}/files;`)}
    }`,
  );
  const nginx = spawn('nginx', ['-e', join(dir, 'errors'), '-c', join(dir, 'nginx.conf')], {
    stdio: 'ignore',
  });
  onTestFinished(() => {
    nginx.kill();
    rmSync(dir, { recursive: true, force: true });
  });
  const url = `http://127.0.0.1:${port}`;
  for (const begin = Date.now(); !answers(url);)
    if (Date.now() - begin > 20_000) throw new Error(readFileSync(join(dir, 'errors'), 'utf8'));
  return {
    url,
    requests: () => readFileSync(join(dir, 'requests'), 'utf8').trim().split('\n').slice(1),
  };
}

function answers(url: string): boolean {
  const ask = `fetch(${JSON.stringify(url)}).then(() => process.exit(0), () => process.exit(1))`;
  return spawnSync(process.execPath, ['-e', ask]).status === 0;
}

function freePort(): Promise<number> {
  const server = createServer();
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
