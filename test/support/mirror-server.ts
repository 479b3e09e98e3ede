/** A server of files, as a mirror is: GET, HEAD, PUT that heeds If-None-Match, and what a test makes of them. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

export interface MirrorServer {
  readonly url: string;
  /** What it has, by path: `/ac/ab/abcd…`. */
  readonly files: Map<string, Buffer>;
  /** `METHOD PATH` of every request. */
  readonly requests: string[];
  /** How often it was asked after all that was asked before had been answered. */
  rounds(): number;
  /** Answers in the place of the server while it says so. */
  instead: ((request: IncomingMessage, response: ServerResponse) => boolean) | undefined;
}

/** How long requests are waited for that were made at the same time as the first one of a round: milliseconds. */
const ROUND = 40;

/** Serves until the test ends. What it is asked in one round it answers at once, when the round is full. */
export async function mirrorServer(files: ReadonlyMap<string, Buffer> = new Map()): Promise<MirrorServer> {
  let rounds = 0;
  const waiting: (() => void)[] = [];
  const server: MirrorServer & { url: string } = {
    url: '',
    files: new Map(files),
    requests: [],
    rounds: () => rounds,
    instead: undefined,
  };
  const answerRound = (): void => {
    rounds += 1;
    for (const answer of waiting.splice(0)) answer();
  };
  const http = createServer((request, response) => {
    server.requests.push(`${request.method} ${request.url}`);
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      if (waiting.length === 0) setTimeout(answerRound, ROUND);
      waiting.push(() => {
        if (server.instead?.(request, response) === true) return;
        answer(server.files, { request, body: Buffer.concat(parts) }, response);
      });
    });
  });
  await new Promise<void>((resolve) => {
    http.listen(0, '127.0.0.1', resolve);
  });
  onTestFinished(() => {
    http.closeAllConnections();
    http.close();
  });
  server.url = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
  return server;
}

function answer(
  files: Map<string, Buffer>,
  { request, body }: { readonly request: IncomingMessage; readonly body: Buffer },
  response: ServerResponse,
): void {
  const path = request.url ?? '';
  const content = files.get(path);
  if (request.method !== 'PUT') {
    response.writeHead(content === undefined ? 404 : 200, { 'content-length': content?.length ?? 0 });
    response.end(request.method === 'HEAD' ? undefined : content);
    return;
  }
  if (request.headers['if-none-match'] === '*' && content !== undefined)
    return void response.writeHead(412).end();
  files.set(path, body);
  response.writeHead(201).end();
}
