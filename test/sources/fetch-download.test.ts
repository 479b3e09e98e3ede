import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { fetchSources } from '../../lib/sources/fetch-sources.ts';
import { unpackSources } from '../../lib/sources/unpack-sources.ts';
import { failureOf, makeContext, put, realWorld, type TestContext } from './make-context.ts';
import { serve, serveFiles } from './serve.ts';

const CONTENT = 'the content\n';
const SHA256 = createHash('sha256').update(CONTENT).digest('hex');
const right = new Map([['sha256sum', SHA256]]);

/** What DL_DIR holds. */
function downloads(context: TestContext): Record<string, string> {
  const names = existsSync(context.downloadDir) ? readdirSync(context.downloadDir).toSorted() : [];
  return Object.fromEntries(
    names.map((name) => [name, readFileSync(join(context.downloadDir, name), 'utf8')]),
  );
}

test('a download appears in DL_DIR under its own name, and is not fetched again', async () => {
  const server = await serveFiles({ '/pub/a.tgz': CONTENT });
  const context = makeContext(`${server.url}/pub/a.tgz;downloadfilename=thing.tgz`, { flags: right });
  await fetchSources(context);
  await fetchSources(context);
  expect(downloads(context)).toEqual({ 'thing.tgz': CONTENT });
  expect(server.requests).toEqual(['GET /pub/a.tgz']);
});

test('a missing checksum is told as the line to put into the recipe, one for each download', async () => {
  const server = await serveFiles({ '/a.tgz': CONTENT, '/b.tgz': 'b' });
  const place = { file: 'thing_1.0.bb', line: 3 };
  const context = makeContext(`${server.url}/a.tgz ${server.url}/b.tgz;name=b`, { uriPlace: () => place });
  const error = await failureOf(() => fetchSources(context));
  expect([error.fault, error.message, error.place]).toEqual([
    'task',
    'thing: the recipe names no sha256 for a.tgz',
    place,
  ]);
  expect(error.hints).toEqual([
    'Make sure that the download is what you expect, then put this line into the recipe:',
    `SRC_URI[sha256sum] = "${SHA256}"`,
    'Also, thing: the recipe names no sha256 for b.tgz',
    'Make sure that the download is what you expect, then put this line into the recipe:',
    `SRC_URI[b.sha256sum] = "${createHash('sha256').update('b').digest('hex')}"`,
  ]);
  // The file is kept: with the line in the recipe nothing is fetched again.
  await fetchSources({ ...context, srcUri: `${server.url}/a.tgz`, flags: right });
  expect(server.requests).toEqual(['GET /a.tgz', 'GET /b.tgz']);
});

test('a download with the wrong checksum is moved aside, and the line with the right one is told', async () => {
  const server = await serveFiles({ '/a.tgz': 'something else' });
  const context = makeContext(`${server.url}/a.tgz`, { flags: right });
  const error = await failureOf(() => fetchSources(context));
  const other = createHash('sha256').update('something else').digest('hex');
  const bad = `a.tgz.bad-${other.slice(0, 12)}`;
  expect(error.message).toBe(`thing: a.tgz from ${server.url}/a.tgz has the sha256 ${other}, not ${SHA256}`);
  expect(error.hints).toEqual([
    `The file is kept as ${join(context.downloadDir, bad)}.`,
    'If it is the one you want, put this line into the recipe:',
    `SRC_URI[sha256sum] = "${other}"`,
  ]);
  expect(downloads(context)).toEqual({ [bad]: 'something else' });
});

test('a wrong file in DL_DIR is moved aside and fetched again', async () => {
  const server = await serveFiles({ '/a.tgz': CONTENT });
  const context = makeContext(`${server.url}/a.tgz`, { flags: right });
  put(join(context.downloadDir, 'a.tgz'), 'old');
  await fetchSources(context);
  expect(Object.values(downloads(context))).toEqual([CONTENT, 'old']);
});

test('a file that another recipe has put in the place of a download is not unpacked', async () => {
  const server = await serveFiles({ '/a.txt': CONTENT });
  const context = makeContext(`${server.url}/a.txt`, { flags: right });
  await fetchSources(context);
  const path = join(context.downloadDir, 'a.txt');
  writeFileSync(path, 'of another');
  const error = await failureOf(() => unpackSources(context));
  expect([error.fault, error.message, ...error.hints]).toEqual([
    'task',
    `thing: ${path} was replaced by another file of that name while thing was to unpack it`,
    'Add ;downloadfilename=thing-a.txt, so that no other source has its name.',
  ]);
});

test('a connection that breaks goes on where it broke', async () => {
  const server = await serve((request, response) => {
    if (request.headers.range === undefined) {
      response.writeHead(200, { 'content-length': CONTENT.length });
      response.write(CONTENT.slice(0, 4), () => response.destroy());
    } else {
      response.writeHead(206, { 'content-range': `bytes 4-${CONTENT.length - 1}/${CONTENT.length}` });
      response.end(CONTENT.slice(4));
    }
  });
  const context = makeContext(`${server.url}/a.tgz`, { flags: right });
  await fetchSources(context);
  expect(downloads(context)).toEqual({ 'a.tgz': CONTENT });
  expect(server.requests).toEqual(['GET /a.tgz', 'GET /a.tgz bytes=4-']);
});

test('a part of another file, left by an earlier build, does no harm', async () => {
  const server = await serve((request, response) => {
    const from = Number(/bytes=(\d+)-/.exec(request.headers.range ?? '')?.[1] ?? 0);
    response.writeHead(from > 0 ? 206 : 200).end(CONTENT.slice(from));
  });
  const context = makeContext(`${server.url}/a.tgz`, { flags: right });
  put(join(context.downloadDir, 'a.tgz.part'), 'xxxx');
  await fetchSources(context);
  expect(downloads(context)).toEqual({ 'a.tgz': CONTENT });
});

test('a part longer than what the server has is thrown away', async () => {
  const server = await serve((request, response) => {
    response.writeHead(request.headers.range === undefined ? 200 : 416).end(CONTENT);
  });
  const context = makeContext(`${server.url}/a.tgz`, { flags: right });
  put(join(context.downloadDir, 'a.tgz.part'), 'x'.repeat(100));
  await fetchSources(context);
  expect(downloads(context)).toEqual({ 'a.tgz': CONTENT });
});

test('what is gone upstream comes from a mirror', async () => {
  const server = await serveFiles({ '/mirror/a.tgz': CONTENT });
  const context = makeContext(`${server.url}/gone/a.tgz`, {
    flags: right,
    mirrors: `http://.*/.* ${server.url}/mirror/`,
  });
  await fetchSources(context);
  expect(server.requests).toEqual(['GET /gone/a.tgz', 'GET /mirror/a.tgz']);
});

test('PREMIRRORS come first, and those on disk serve even offline', async () => {
  const context = makeContext('http://127.0.0.1:1/a.tgz', { flags: right, offline: true });
  put(join(context.root, 'mirror/a.tgz'), CONTENT);
  await fetchSources({ ...context, premirrors: `http://.*/.* file://${context.root}/mirror` });
  expect(downloads(context)).toEqual({ 'a.tgz': CONTENT });
});

test('offline, what is missing is named', async () => {
  const context = makeContext('http://127.0.0.1:1/a.tgz', { flags: right, offline: true });
  const error = await failureOf(() => fetchSources(context));
  expect([error.message, ...error.hints]).toEqual([
    `thing: a.tgz is not in ${context.downloadDir}, and the build is offline`,
    'Build once without --offline, or put the file from http://127.0.0.1:1/a.tgz there.',
  ]);
});

test('redirects are followed', async () => {
  const server = await serve((request, response) => {
    if (request.url === '/a.tgz') response.writeHead(302, { location: '/moved/b' }).end();
    else response.writeHead(200).end(CONTENT);
  });
  const context = makeContext(`${server.url}/a.tgz`, { flags: right });
  await fetchSources(context);
  expect(downloads(context)).toEqual({ 'a.tgz': CONTENT });
});

test('http goes through http_proxy, but not to what no_proxy names', async () => {
  const proxy = await serveFiles({ 'http://example.invalid/a.tgz': CONTENT });
  const direct = await serveFiles({ '/b.tgz': CONTENT });
  const world = { ...realWorld, env: { http_proxy: proxy.url, no_proxy: '127.0.0.1' } };
  const context = makeContext(`http://example.invalid/a.tgz ${direct.url}/b.tgz`, { flags: right, world });
  await fetchSources(context);
  expect([proxy.requests, direct.requests]).toEqual([['GET http://example.invalid/a.tgz'], ['GET /b.tgz']]);
});

test('what cannot be had from anywhere is told with every place and its answer', async () => {
  const server = await serveFiles({});
  const mirrors = `http://.*/.* ${server.url}/mirror`;
  const error = await failureOf(() =>
    fetchSources(makeContext(`${server.url}/a.tgz`, { flags: right, mirrors })),
  );
  expect([error.fault, error.message, ...error.hints]).toEqual([
    'task',
    'thing: a.tgz could not be fetched',
    `${server.url}/a.tgz: the server answered 404 Not Found`,
    `${server.url}/mirror/a.tgz: the server answered 404 Not Found`,
  ]);
});

test('two that want the same file at once fetch it once', async () => {
  const server = await serveFiles({ '/a.tgz': CONTENT });
  const context = makeContext(`${server.url}/a.tgz`, { flags: right });
  await Promise.all([fetchSources(context), fetchSources(context), fetchSources(context)]);
  expect(server.requests).toEqual(['GET /a.tgz']);
  expect(downloads(context)).toEqual({ 'a.tgz': CONTENT });
});

test('the lock of a build that is dead is taken over', async () => {
  const server = await serveFiles({ '/a.tgz': CONTENT });
  const context = makeContext(`${server.url}/a.tgz`, { flags: right });
  put(join(context.downloadDir, 'a.tgz.lock'), `999999999 ${context.world.hostname}\n`);
  await fetchSources(context);
  expect(downloads(context)).toEqual({ 'a.tgz': CONTENT });
});

test('an interrupted download ends at once and leaves its part', async () => {
  const controller = new AbortController();
  const server = await serve((_, response) => {
    response.writeHead(200, { 'content-length': 100 });
    response.write('begin');
  });
  const context = makeContext(`${server.url}/a.tgz`, { flags: right, signal: controller.signal });
  const log = (line: string): void => {
    if (line.startsWith('downloading')) controller.abort();
  };
  const error = await failureOf(() => fetchSources({ ...context, log }));
  expect(error.message).toBe(`thing: fetching ${server.url}/a.tgz was interrupted`);
  expect(Object.keys(downloads(context))).toEqual(['a.tgz.part']);
});

test('a download directory that cannot be written is told as it is', async () => {
  const server = await serveFiles({ '/a.tgz': CONTENT });
  const context = makeContext(`${server.url}/a.tgz`, { flags: right });
  mkdirSync(join(context.root, 'x'));
  writeFileSync(context.downloadDir, 'a file');
  const error = await failureOf(() => fetchSources(context));
  expect(error.fault).toBe('task');
  expect(error.message).toMatch(/^thing: http.*a\.tgz: E(NOTDIR|EXIST): /);
});
