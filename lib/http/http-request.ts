import {
  Agent,
  request as requestHttp,
  type ClientRequest,
  type IncomingMessage,
  type RequestOptions,
} from 'node:http';
import { Agent as SecureAgent, request as requestHttps } from 'node:https';
import { pipeline, Readable } from 'node:stream';
import { connect as connectTls, type TLSSocket } from 'node:tls';

/** Milliseconds without a byte after which a server counts as gone, where the request does not say. */
const IDLE_LIMIT = 30_000;
const REDIRECTS = 10;

export interface HttpRequest {
  readonly url: string;
  /** GET where it is left out. */
  readonly method?: 'GET' | 'HEAD' | 'PUT' | 'MKCOL';
  readonly body?: HttpBody;
  /** Milliseconds without a byte after which a server counts as gone. */
  readonly idleLimit?: number;
  /** Connections that are kept and shared; without them each request has its own. */
  readonly connections?: Connections;
  readonly headers: Readonly<Record<string, string>>;
  /** Where http_proxy, https_proxy and no_proxy stand. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
}

/** What is sent; its bytes are asked for again where a request is redirected or repeated. */
export interface HttpBody {
  readonly size: number;
  bytes(): Iterable<Uint8Array>;
}

export interface Connections {
  readonly http: Agent;
  readonly https: SecureAgent;
}

/**
 * Makes a pool of at most `limit` connections to each server; what is more waits for one of them. Those that nobody
 * uses keep no program from ending.
 */
export function keepConnections(limit: number): Connections {
  const options = { keepAlive: true, maxSockets: limit };
  return { http: new Agent(options), https: new SecureAgent(options) };
}

/** Asks for a URL, following redirects; the answer's body is still to be read. Rejects where nobody answers. */
export async function httpRequest(request: HttpRequest): Promise<IncomingMessage> {
  let url = new URL(request.url);
  for (let turn = 0; turn <= REDIRECTS; turn += 1) {
    const response = await ask(url, request);
    const location = response.headers.location;
    if (location === undefined || ![301, 302, 303, 307, 308].includes(response.statusCode ?? 0))
      return response;
    response.destroy();
    url = new URL(location, url);
    if (url.protocol !== 'http:' && url.protocol !== 'https:') throw new Error(`redirected to ${url.href}`);
  }
  throw new Error(`redirected more than ${REDIRECTS} times`);
}

/** The proxy to ask for `url`, by the environment that curl and wget go by. */
export function proxyFor(url: URL, env: HttpRequest['env']): URL | undefined {
  const named = (name: string): string | undefined => env[name] || env[name.toUpperCase()] || undefined;
  const direct = (named('no_proxy') ?? '').split(/[\s,]+/).filter((entry) => entry !== '');
  const reaches = (entry: string): boolean => {
    const host = entry.replace(/^\*?\./, '').replace(/:\d+$/, '');
    return entry === '*' || url.hostname === host || url.hostname.endsWith(`.${host}`);
  };
  if (direct.some(reaches)) return undefined;
  // HTTP_PROXY in capitals may come from a request header (CGI), so that curl ignores it, as we do.
  const proxy = (url.protocol === 'https:' ? named('https_proxy') : env['http_proxy']) ?? named('all_proxy');
  if (proxy === undefined) return undefined;
  const text = proxy.includes('://') ? proxy : `http://${proxy}`;
  return URL.canParse(text) && text.startsWith('http://') ? new URL(text) : undefined;
}

async function ask(url: URL, request: HttpRequest): Promise<IncomingMessage> {
  const proxy = proxyFor(url, request.env);
  const { method = 'GET', body, idleLimit = IDLE_LIMIT } = request;
  const options: RequestOptions = {
    method,
    // Content-Encoding would be undone by nobody: the bytes asked for are those that the checksum is of.
    headers: {
      'user-agent': 'varve',
      accept: '*/*',
      'accept-encoding': 'identity',
      ...(body === undefined ? {} : { 'content-length': String(body.size) }),
      ...request.headers,
    },
    agent: false,
    signal: request.signal,
    timeout: idleLimit,
  };
  if (proxy !== undefined && url.protocol === 'https:') {
    const socket = await openTunnel(url, proxy, options);
    return answerTo(requestHttps(url, { ...options, createConnection: () => socket }), request);
  }
  const secure = url.protocol === 'https:';
  const agent = (secure ? request.connections?.https : request.connections?.http) ?? false;
  if (proxy !== undefined)
    return answerTo(requestHttp({ ...options, agent, ...throughProxy(url, proxy, options) }), request);
  return answerTo((secure ? requestHttps : requestHttp)(url, { ...options, agent }), request);
}

function throughProxy(url: URL, proxy: URL, options: RequestOptions): RequestOptions {
  const headers = { ...(options.headers as Record<string, string>), host: url.host, ...authorization(proxy) };
  return { host: proxy.hostname, port: proxy.port === '' ? 80 : Number(proxy.port), path: url.href, headers };
}

function openTunnel(url: URL, proxy: URL, options: RequestOptions): Promise<TLSSocket> {
  const target = `${url.hostname}:${url.port === '' ? '443' : url.port}`;
  return new Promise((resolve, reject) => {
    const connecting = requestHttp({
      ...options,
      ...throughProxy(url, proxy, options),
      method: 'CONNECT',
      path: target,
      headers: { host: target, ...authorization(proxy) },
    });
    connecting.on('connect', (response, socket) => {
      if (response.statusCode === 200) resolve(connectTls({ socket, servername: url.hostname }));
      else
        reject(
          new Error(`the proxy ${proxy.host} answered ${response.statusCode} ${response.statusMessage}`),
        );
    });
    connecting.on('timeout', () => connecting.destroy(new Error(`the proxy ${proxy.host} does not answer`)));
    connecting.on('error', reject);
    connecting.end();
  });
}

function authorization(proxy: URL): Record<string, string> {
  if (proxy.username === '') return {};
  const words = `${decodeURIComponent(proxy.username)}:${decodeURIComponent(proxy.password)}`;
  return { 'proxy-authorization': `Basic ${Buffer.from(words).toString('base64')}` };
}

/** Sends what is to be sent; an answer may come before all of it is. */
function answerTo(
  asking: ClientRequest,
  { body, idleLimit = IDLE_LIMIT }: HttpRequest,
): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    let answer: IncomingMessage | undefined;
    asking.on('response', (response) => {
      answer = response;
      resolve(response);
    });
    asking.on('timeout', () => {
      const silent = new Error(`nothing came for ${idleLimit / 1000} seconds`);
      // An answer that has begun would end as "aborted" when what asked for it does.
      answer?.destroy(silent);
      asking.destroy(silent);
    });
    asking.on('error', reject);
    if (body === undefined) asking.end();
    else pipeline(Readable.from(body.bytes()), asking, () => undefined);
  });
}
