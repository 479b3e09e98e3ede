/**
 * Finds the other places to look for a URI, as PREMIRRORS and MIRRORS say: pairs of a pattern and a replacement, each
 * a URI whose scheme, host and path are matched and replaced on their own. The name of the file stays `basename`.
 *
 * @see BitBake lib/bb/fetch2/__init__.py uri_replace
 */
export function mirrorUris(pairs: string, uri: string, basename: string): readonly string[] {
  const words = pairs
    .replaceAll('\\n', '\n')
    .split(/\s+/)
    .filter((word) => word !== '');
  const original = takeApart(uri);
  const found: string[] = [];
  for (let index = 0; index + 1 < words.length; index += 2) {
    const mirrored = replace(original, takeApart(words[index] ?? ''), takeApart(words[index + 1] ?? ''));
    if (mirrored === undefined) continue;
    const result = `${mirrored.scheme}://${mirrored.host}${withBasename(mirrored.path, original.path, basename)}`;
    if (result !== uri && !found.includes(result)) found.push(result);
  }
  return found;
}

interface Parts {
  readonly scheme: string;
  readonly host: string;
  readonly path: string;
}

function takeApart(uri: string): Parts {
  const [, scheme = '', rest = ''] = /^([^:]*):\/\/([^;]*)/.exec(uri) ?? [];
  const location = rest.replace(/^[^@/]*@/, '');
  const slash = scheme === 'file' ? 0 : location.indexOf('/');
  if (slash < 0) return { scheme, host: location, path: '/' };
  return { scheme, host: location.slice(0, slash), path: location.slice(slash) };
}

function replace(original: Parts, find: Parts, replacement: Parts): Parts | undefined {
  // An open-ended "http" would match "https" too.
  const scheme = replacePart(original, `${find.scheme.replace(/\$$/, '')}$`, ['scheme', replacement.scheme]);
  const host = replacePart(original, find.host, ['host', replacement.host]);
  const path = replacePart(original, find.path, ['path', replacement.path]);
  return scheme === undefined || host === undefined || path === undefined
    ? undefined
    : { scheme, host, path };
}

function replacePart(
  original: Parts,
  pattern: string,
  [part, by]: readonly [keyof Parts, string],
): string | undefined {
  const match = compile(pattern)?.exec(original[part]);
  if (match === undefined || match === null) return undefined;
  const spelled = by
    .replaceAll('TYPE', original.scheme)
    .replaceAll('HOST', original.host)
    .replaceAll('PATH', original.path)
    .replaceAll('BASENAME', original.path.slice(original.path.lastIndexOf('/') + 1))
    .replaceAll('MIRRORNAME', `${original.host.replaceAll(':', '.')}${original.path.replaceAll('/', '.')}`);
  if (spelled === '') return '';
  const replaced = spelled.replace(/\\(\d)/g, (_, group: string) => match[Number(group)] ?? '');
  return replaced + original[part].slice(match[0].length);
}

/** Compiles a pattern as Python's re.match reads it: anchored in front. A broken one matches nothing. */
function compile(pattern: string): RegExp | undefined {
  try {
    return new RegExp(`^(?:${pattern})`);
  } catch {
    return undefined;
  }
}

/** Joins the name of the file to the path of a mirror, unless the path ends with it already. */
function withBasename(path: string, originalPath: string, basename: string): string {
  const originalName = originalPath.slice(originalPath.lastIndexOf('/') + 1);
  if (path.endsWith(`/${basename}`)) return path;
  if (originalName !== '' && path.endsWith(`/${originalName}`)) {
    return path.slice(0, path.length - originalName.length) + basename;
  }
  return path.endsWith('/') ? path + basename : `${path}/${basename}`;
}
