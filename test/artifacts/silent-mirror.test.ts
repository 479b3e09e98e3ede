import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { expect, onTestFinished, test } from 'vitest';
import { openMirror } from '../../lib/artifacts/mirror.ts';
import { Trouble, type Transport } from '../../lib/artifacts/transport.ts';
import { httpRequest } from '../../lib/http/http-request.ts';
import { signature } from './stored.ts';

test('a server that takes a request and says nothing is given up after its time', async () => {
  const server = createServer(() => {});
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/ac/aa`;
  const { signal } = new AbortController();
  await expect(httpRequest({ url, env: {}, headers: {}, signal, idleLimit: 20 })).rejects.toThrow(
    'nothing came for 0.02 seconds',
  );
});

test('so is one that falls silent in the middle of its answer, and that is what is said', async () => {
  const server = createServer((_, response) => {
    response.writeHead(200, { 'content-length': '9' });
    response.write('half');
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/cas/aa`;
  const { signal } = new AbortController();
  const answer = await httpRequest({ url, env: {}, headers: {}, signal, idleLimit: 1000 });
  await expect(text(answer)).rejects.toThrow('nothing came for 1 seconds');
});

test('a mirror that says nothing is waited for once, whatever is asked of it, and told once', async () => {
  const asked: string[] = [];
  const waiting: ((why: Error) => void)[] = [];
  const transport = (ends: AbortSignal): Transport => ({
    url: 'http://cache',
    get: (path) => {
      asked.push(path.slice(0, 6));
      return new Promise((_, reject) => {
        waiting.push(reject);
        ends.addEventListener('abort', () => reject(new Error('aborted')));
      });
    },
    size: () => Promise.resolve(undefined),
    put: () => Promise.resolve(false),
  });
  const told: string[] = [];
  const { signal } = new AbortController();
  const mirror = openMirror({
    open: transport,
    signal,
    onTrouble: (url, why) => told.push(`${url}: ${why}`),
  });
  const answers = Promise.all(['a', 'b', 'c'].map((digit) => mirror.entry(signature(digit))));
  waiting[0]?.(new Trouble('nothing came for 10 seconds', { final: true }));
  expect(await answers).toEqual(Array.from({ length: 3 }, () => ({ kind: 'missing' })));
  expect(await mirror.entry(signature('d'))).toEqual({ kind: 'missing' });
  // The first question, and with it what was revoked.
  expect(asked).toEqual(['ac/aa/', 'revoca']);
  expect(told).toEqual(['http://cache: nothing came for 10 seconds']);
});
