import { sourceError, type SourceAsker } from './source-context.ts';

interface UriParts {
  /** The entry as written, parameters included. */
  readonly text: string;
  /** Path with `%41` decoded; of a file it may be relative. */
  readonly path: string;
  readonly params: ReadonlyMap<string, string>;
  /** `;name=`, or `default`. */
  readonly name: string;
}

export interface FileUri extends UriParts {
  readonly kind: 'file';
}

export interface HttpUri extends UriParts {
  readonly kind: 'http';
  /** What to ask the server for: the entry without its parameters. */
  readonly url: string;
  /** Name of the file in DL_DIR. */
  readonly localName: string;
}

export interface GitUri extends UriParts {
  readonly kind: 'git';
  readonly protocol: GitProtocol;
  readonly user: string | undefined;
  readonly host: string;
}

export type SourceUri = FileUri | HttpUri | GitUri;

const GIT_PROTOCOLS = ['file', 'https', 'http', 'ssh', 'git'] as const;
export type GitProtocol = (typeof GIT_PROTOCOLS)[number];

/** Reads SRC_URI: entries of the form `scheme://path;parameter=value`, separated by white space. */
export function parseSrcUri(text: string, asker: SourceAsker): readonly SourceUri[] {
  return text
    .split(/\s+/)
    .filter((entry) => entry !== '')
    .map((entry) => parseEntry(entry, asker));
}

/** Tells whether a parameter (`unpack`, `apply`, `nobranch`) says yes, in the words OpenEmbedded takes for it. */
export function isYes(uri: Pick<UriParts, 'params'>, parameter: string, otherwise: boolean): boolean {
  const value = uri.params.get(parameter)?.toLowerCase();
  if (value === undefined) return otherwise;
  return ['yes', 'y', 'true', 't', '1'].includes(value);
}

const ENTRY = /^([^:/;]+):\/\/(?:([^@/;]+)@)?([^;]*)(?:;(.*))?$/s;
const SUPPORTED = 'varve fetches file://, http://, https:// and git:// sources.';

function parseEntry(text: string, asker: SourceAsker): SourceUri {
  const match = ENTRY.exec(text);
  if (match === null) {
    throw sourceError(asker, 'metadata', {
      message: `"${text}" in SRC_URI is not of the form scheme://path;parameter=value`,
      uri: text,
      hints: [`A file beside the recipe is written "file://${text}".`, SUPPORTED],
    });
  }
  const [, scheme = '', user, location = '', parameters = ''] = match;
  const params = parseParameters(text, parameters, asker);
  const common = { text, params, name: params.get('name') ?? 'default' };
  switch (scheme) {
    case 'file':
      return fileUri({ ...common, path: decode((user === undefined ? '' : `${user}@`) + location) }, asker);
    case 'http':
    case 'https':
      return httpUri({ ...common, path: decode(location) }, asker);
    case 'git':
      return gitUri(common, { user, location, asker });
    default:
      throw sourceError(asker, 'metadata', {
        message: `the scheme of "${text}" in SRC_URI is not supported`,
        uri: text,
        hints: [SUPPORTED],
      });
  }
}

function parseParameters(text: string, parameters: string, asker: SourceAsker): ReadonlyMap<string, string> {
  const params = new Map<string, string>();
  for (const parameter of parameters.split(';')) {
    if (parameter === '') continue;
    const equals = parameter.indexOf('=');
    if (equals <= 0) {
      throw badParameter(
        asker,
        text,
        `the parameter "${parameter}" of "${text}" has no value`,
        'Write it as ;name=value.',
      );
    }
    params.set(parameter.slice(0, equals), parameter.slice(equals + 1));
  }
  for (const parameter of ['striplevel', 'pnum']) {
    const value = params.get(parameter);
    if (value !== undefined && !/^\d{1,3}$/.test(value)) {
      throw badParameter(
        asker,
        text,
        `"${parameter}=${value}" of "${text}" is not a number`,
        `Write ;${parameter}=1, for example.`,
      );
    }
  }
  return params;
}

function badParameter(asker: SourceAsker, uri: string, message: string, hint: string): Error {
  return sourceError(asker, 'metadata', { message, uri, hints: [hint] });
}

function fileUri(parts: UriParts, asker: SourceAsker): FileUri {
  const inside = parts.path.split('/').filter((part) => part !== '' && part !== '.');
  if (inside.length === 0 || inside.includes('..')) {
    throw badParameter(
      asker,
      parts.text,
      `"${parts.text}" does not name a file`,
      'Write a path below a directory of FILESPATH.',
    );
  }
  const path = (parts.path.startsWith('/') ? '/' : '') + inside.join('/');
  return { kind: 'file', ...parts, path };
}

function httpUri(parts: UriParts, asker: SourceAsker): HttpUri {
  const url = parts.text.split(';', 1)[0] ?? '';
  const basename = parts.path.slice(parts.path.lastIndexOf('/') + 1);
  const localName = parts.params.get('downloadfilename') ?? basename;
  const names = localName.split('/');
  if (!URL.canParse(url) || names.some((name) => ['', '.', '..'].includes(name))) {
    throw badParameter(
      asker,
      parts.text,
      `"${parts.text}" gives no name for the downloaded file`,
      'Add ;downloadfilename=NAME.',
    );
  }
  return { kind: 'http', ...parts, url, localName };
}

interface GitWords {
  readonly user: string | undefined;
  readonly location: string;
  readonly asker: SourceAsker;
}

function gitUri(common: Omit<UriParts, 'path'>, { user, location, asker }: GitWords): GitUri {
  const { text, params } = common;
  const slash = location.indexOf('/');
  const host = slash < 0 ? location : location.slice(0, slash);
  const path = slash < 0 ? '' : decode(location.slice(slash));
  const spoken = params.get('protocol') ?? (host === '' ? 'file' : 'git');
  const protocol = GIT_PROTOCOLS.find((one) => one === spoken);
  if (protocol === undefined) {
    throw badParameter(
      asker,
      text,
      `the protocol of "${text}" is not supported`,
      `Protocols are ${GIT_PROTOCOLS.join(', ')}.`,
    );
  }
  if (path === '' || (host === '') !== (protocol === 'file')) {
    throw badParameter(
      asker,
      text,
      `"${text}" does not name a repository`,
      'Write git://HOST/PATH;protocol=https or git:///PATH;protocol=file.',
    );
  }
  if (!params.has('branch') && !isYes({ params }, 'nobranch', false)) {
    throw badParameter(
      asker,
      text,
      `"${text}" names no branch`,
      'Add ;branch=NAME, or ;nobranch=1 for a revision that is on none.',
    );
  }
  return { kind: 'git', ...common, path, protocol, user, host };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // A stray % is meant literally.
  }
}
