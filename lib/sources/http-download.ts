import type { IncomingMessage } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { httpRequest } from '../http/http-request.ts';
import { writeWhole } from '../ports/write-whole.ts';
import type { SourceContext } from './source-context.ts';

const TRIES = 3;
const FIRST_PAUSE = 250;
const MEBIBYTE = 1 << 20;

export type DownloadResult =
  /** The file stands at the path; `resumed` where its first part is from an earlier try. */
  | { readonly kind: 'complete'; readonly resumed: boolean }
  | { readonly kind: 'failed'; readonly why: string };

export interface Download {
  readonly url: string;
  /** File to write; what stands there already is gone on with. */
  readonly path: string;
}

/** Downloads a URL into a file. A connection that breaks is tried again, going on where it broke. */
export async function httpDownload(context: SourceContext, download: Download): Promise<DownloadResult> {
  const resumed = sizeOf(context, download.path) > 0;
  let why = '';
  for (let attempt = 1; attempt <= TRIES; attempt += 1) {
    if (attempt > 1) {
      context.log(`${download.url}: ${why}; trying again`);
      await pause(FIRST_PAUSE * 2 ** (attempt - 2), undefined, { signal: context.signal });
    }
    const outcome = await tryOnce(context, download);
    if (outcome === 'complete') return { kind: 'complete', resumed };
    why = outcome.why;
    if (outcome.final) break;
  }
  return { kind: 'failed', why };
}

type Attempt = 'complete' | { readonly why: string; readonly final: boolean };

async function tryOnce(context: SourceContext, { url, path }: Download): Promise<Attempt> {
  const { fs, env } = context.world;
  const { signal } = context;
  const offset = sizeOf(context, path);
  const headers: Record<string, string> = offset > 0 ? { range: `bytes=${offset}-` } : {};
  try {
    const response = await httpRequest({ url, headers, env, signal });
    const status = response.statusCode ?? 0;
    if (status === 416 && offset > 0) {
      // What is here is no beginning of what is there.
      response.destroy();
      fs.unlinkSync(path);
      return { why: 'the server has less than an earlier download', final: false };
    }
    if (status !== 200 && status !== 206) {
      response.destroy();
      return {
        why: `the server answered ${status} ${response.statusMessage ?? ''}`.trimEnd(),
        final: status < 500,
      };
    }
    await receive(context, response, { url, path, offset: status === 206 ? offset : 0 });
    return 'complete';
  } catch (error) {
    if (signal.aborted || !(error instanceof Error) || 'path' in error) throw error;
    return { why: error.message || ('code' in error ? String(error.code) : error.name), final: false };
  }
}

interface Receipt extends Download {
  readonly offset: number;
}

async function receive(
  context: SourceContext,
  response: IncomingMessage,
  { url, path, offset }: Receipt,
): Promise<void> {
  const { fs } = context.world;
  const length = response.headers['content-length'];
  const report = createProgress(context.log, {
    url,
    offset,
    total: length === undefined ? undefined : offset + Number(length),
  });
  const fd = fs.openSync(path, offset > 0 ? 'a' : 'w', 0o644);
  try {
    for await (const chunk of response as AsyncIterable<Buffer>) {
      writeWhole(fs, fd, chunk);
      report(chunk.length);
    }
    fs.fsyncSync(fd);
  } finally {
    fs.closeSync(fd);
  }
}

interface Expected {
  readonly url: string;
  readonly offset: number;
  readonly total: number | undefined;
}

/** Logs the begin of a download and every tenth of it (every 16 MiB where its size is not known). */
function createProgress(
  log: (line: string) => void,
  { url, offset, total }: Expected,
): (bytes: number) => void {
  const size = total === undefined ? '' : ` (${mebibytes(total)})`;
  log(`${offset > 0 ? `going on at ${mebibytes(offset)} of` : 'downloading'} ${url}${size}`);
  const step = total === undefined ? 16 * MEBIBYTE : Math.max(total / 10, MEBIBYTE);
  let received = offset;
  let reported = offset;
  return (bytes) => {
    received += bytes;
    if (received - reported < step) return;
    reported = received;
    log(`  ${mebibytes(received)}${total === undefined ? '' : ` of ${mebibytes(total)}`}`);
  };
}

function mebibytes(bytes: number): string {
  return bytes < MEBIBYTE ? `${Math.ceil(bytes / 1024)} KiB` : `${(bytes / MEBIBYTE).toFixed(1)} MiB`;
}

function sizeOf(context: SourceContext, path: string): number {
  return context.world.fs.statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}
