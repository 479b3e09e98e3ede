import { setMaxListeners } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { httpRequest, keepConnections, type HttpBody, type HttpRequest } from '../http/http-request.ts';
import type { World } from '../ports/world.ts';
import { Trouble, type Transport } from './transport.ts';

/** Milliseconds without a byte after which a mirror counts as gone: a build can do without it. */
const IDLE_LIMIT = 10_000;
/** Requests in flight to one server; the others of a round wait for these. */
const CONNECTIONS = 48;

const REFUSALS = new Map<number, 'method' | 'asker'>([
  [401, 'asker'],
  [403, 'asker'],
  [405, 'method'],
  [501, 'method'],
]);

type Asking = Pick<HttpRequest, 'method' | 'body' | 'headers'>;
type Ask = (path: string, asking?: Partial<Asking>) => Promise<IncomingMessage>;

/** Reaches a mirror on a server; any that answers GET will do, and PUT for those who push. */
export function httpTransport(world: Pick<World, 'env'>, root: string, signal: AbortSignal): Transport {
  const base = root.replace(/\/*$/, '/');
  const connections = keepConnections(CONNECTIONS);
  // Every request listens to it.
  setMaxListeners(0, signal);
  const ask: Ask = async (path, asking = {}) => {
    const url = new URL(path, base).href;
    const options = { env: world.env, signal, connections, idleLimit: IDLE_LIMIT };
    try {
      return await httpRequest({ url, headers: {}, ...options, ...asking });
    } catch (error) {
      throw signal.aborted ? error : brokenOff(error);
    }
  };
  return {
    url: withoutPassword(root),
    get: (path, sink) => get(ask, path, sink),
    size: async (path) => {
      const response = done(await ask(path, { method: 'HEAD' }));
      return isThere(response) ? Number(response.headers['content-length'] ?? 'NaN') : undefined;
    },
    put: (path, content, how) => put(ask, path, { content, how }),
  };
}

async function get(ask: Ask, path: string, sink: (bytes: Uint8Array) => void): Promise<boolean> {
  const response = await ask(path);
  if (response.statusCode !== 200) return isThere(done(response));
  try {
    for await (const chunk of response as AsyncIterable<Buffer>) sink(chunk);
  } catch (error) {
    throw isOfNetwork(error) ? brokenOff(error) : error;
  }
  return true;
}

interface Putting {
  readonly content: HttpBody;
  readonly how: 'create' | 'replace';
}

async function put(ask: Ask, path: string, { content, how }: Putting): Promise<boolean> {
  const headers: Record<string, string> = how === 'create' ? { 'if-none-match': '*' } : {};
  const send = async (): Promise<IncomingMessage> =>
    done(await ask(path, { method: 'PUT', body: content, headers }));
  let response = await send();
  // A server may want the directories above a file to be made first; 500 is how nginx says so.
  if ([404, 409, 500].includes(response.statusCode ?? 0)) {
    await makeCollections(ask, path);
    response = await send();
  }
  const status = response.statusCode ?? 0;
  if (status === 412) return false;
  if (status >= 200 && status < 300) return true;
  throw refused(response, 'PUT');
}

async function makeCollections(ask: Ask, path: string): Promise<void> {
  const names = path.split('/').slice(0, -1);
  for (const index of names.keys()) {
    // Whatever is answered: it may be there already, or never needed; the next PUT tells.
    done(await ask(`${names.slice(0, index + 1).join('/')}/`, { method: 'MKCOL' }));
  }
}

/** Lets go of an answer whose body says nothing, so that its connection is free for the next one. */
function done(response: IncomingMessage): IncomingMessage {
  response.on('error', () => undefined);
  return response.resume();
}

function isThere(response: IncomingMessage): boolean {
  const status = response.statusCode ?? 0;
  if (status === 404 || status === 410) return false;
  if (status >= 200 && status < 300) return true;
  throw refused(response, 'GET');
}

function refused({ statusCode = 0, statusMessage = '' }: IncomingMessage, method: string): Trouble {
  const refuses = REFUSALS.get(statusCode);
  const final = refuses !== undefined || (statusCode < 500 && statusCode !== 429);
  const how = refuses === undefined ? { final } : { final, refuses };
  return new Trouble(`it answers ${method} with ${statusCode} ${statusMessage}`.trimEnd(), how);
}

function brokenOff(error: unknown): Trouble {
  const { message, code } = error as NodeJS.ErrnoException;
  // Whoever says nothing for so long is not asked to say it again.
  return new Trouble(message || String(code), { final: message.startsWith('nothing came') });
}

/** What is wrong with the connection, not with whoever takes the bytes. */
function isOfNetwork(error: unknown): boolean {
  return (
    error instanceof Error &&
    !('path' in error) &&
    ('code' in error || error.message.startsWith('nothing came'))
  );
}

function withoutPassword(root: string): string {
  const url = new URL(root);
  url.username = '';
  url.password = '';
  return url.href.replace(/\/$/, '');
}
