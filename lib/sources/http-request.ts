import { get as getHttp, request as requestHttp, type IncomingMessage, type RequestOptions } from 'node:http';
import { get as getHttps } from 'node:https';
import { connect as connectTls, type TLSSocket } from 'node:tls';

/** Milliseconds without a byte after which a server counts as gone. */
const IDLE_LIMIT = 30_000;
const REDIRECTS = 10;

export interface HttpRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Where http_proxy, https_proxy and no_proxy stand. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
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
  const options: RequestOptions = {
    // Content-Encoding would be undone by nobody: the bytes asked for are those that the checksum is of.
    headers: { 'user-agent': 'varve', accept: '*/*', 'accept-encoding': 'identity', ...request.headers },
    agent: false,
    signal: request.signal,
    timeout: IDLE_LIMIT,
  };
  if (proxy === undefined)
    return answerTo((done) => (url.protocol === 'https:' ? getHttps : getHttp)(url, options, done));
  if (url.protocol === 'http:')
    return answerTo((done) => getHttp({ ...options, ...throughProxy(url, proxy, options) }, done));
  const socket = await openTunnel(url, proxy, options);
  return answerTo((done) => getHttps(url, { ...options, createConnection: () => socket }, done));
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

function answerTo(
  start: (done: (response: IncomingMessage) => void) => ReturnType<typeof getHttp>,
): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const request = start(resolve);
    request.on('timeout', () => request.destroy(new Error(`nothing came for ${IDLE_LIMIT / 1000} seconds`)));
    request.on('error', reject);
  });
}
