import { dirname, join } from 'node:path';
import { withDownloadLock } from './download-lock.ts';
import { expectedChecksum, missingChecksum, wrongChecksum } from './expected-checksum.ts';
import { fileSha256 } from './file-sha256.ts';
import { httpDownload, type DownloadResult } from './http-download.ts';
import { mirrorUris } from './mirror-uris.ts';
import type { HttpUri } from './parse-src-uri.ts';
import { sourceError, type SourceContext } from './source-context.ts';

/** Where a download stands in DL_DIR. */
export function downloadPath(context: SourceContext, uri: HttpUri): string {
  return join(context.downloadDir, uri.localName);
}

/**
 * Brings a download into DL_DIR under its own name, unless it is there and right: from PREMIRRORS, from where the
 * recipe says, from MIRRORS. The name appears when the file is whole and its checksum right.
 */
export async function fetchDownload(context: SourceContext, uri: HttpUri): Promise<void> {
  const path = downloadPath(context, uri);
  if (
    context.world.fs.existsSync(path) &&
    fileSha256(context.world.fs, path) === expectedChecksum(context, uri)
  )
    return;
  await withDownloadLock(context, path, async () => {
    if (isThere(context, uri, path)) return;
    await fetchFromAny(context, uri, path);
  });
}

/** Tells whether the right file is there. A wrong one is moved aside. */
function isThere(context: SourceContext, uri: HttpUri, path: string): boolean {
  const { fs } = context.world;
  if (!fs.existsSync(path)) return false;
  const sha256 = fileSha256(fs, path);
  const expected = expectedChecksum(context, uri);
  if (expected === undefined) throw missingChecksum(context, uri, sha256);
  if (sha256 === expected) return true;
  const keptAs = moveAside(context, path, { path, sha256 });
  context.log(`${path} has the sha256 ${sha256}, not ${expected}: moved to ${keptAs}`);
  // Nobody else has it when there is no network: this is the reason to name then.
  if (context.offline)
    throw wrongChecksum(context, uri, { from: context.downloadDir, expected, sha256, keptAs });
  return false;
}

/** Moves a file that is not `path`, though it should be, to a name that says so. */
function moveAside(
  context: SourceContext,
  path: string,
  bad: { readonly path: string; readonly sha256: string },
): string {
  const keptAs = `${path}.bad-${bad.sha256.slice(0, 12)}`;
  context.world.fs.renameSync(bad.path, keptAs);
  return keptAs;
}

async function fetchFromAny(context: SourceContext, uri: HttpUri, path: string): Promise<void> {
  const failures: string[] = [];
  let wrong: Error | undefined;
  for (const from of placesToLook(context, uri)) {
    const outcome = await fetchFrom(context, uri, { path, from });
    if (outcome === undefined) return;
    if (typeof outcome === 'string') failures.push(`${from}: ${outcome}`);
    else if (wrong === undefined) wrong = outcome;
    else context.log(outcome.message);
  }
  if (wrong !== undefined) throw wrong;
  throw sourceError(context, 'task', {
    uri: uri.text,
    ...(context.offline
      ? {
          message: `${uri.localName} is not in ${context.downloadDir}, and the build is offline`,
          hints: [`Build once without --offline, or put the file from ${uri.url} there.`],
        }
      : { message: `${uri.localName} could not be fetched`, hints: failures }),
  });
}

function placesToLook(context: SourceContext, uri: HttpUri): readonly string[] {
  const basename = uri.localName.slice(uri.localName.lastIndexOf('/') + 1);
  const all = [
    ...mirrorUris(context.premirrors, uri.url, basename),
    uri.url,
    ...mirrorUris(context.mirrors, uri.url, basename),
  ].filter((url) => /^(file|https?):/.test(url));
  const unique = [...new Set(all)];
  return context.offline ? unique.filter((url) => url.startsWith('file:')) : unique;
}

interface Place {
  readonly path: string;
  readonly from: string;
}

/** Tries one place: nothing where the file is now there, an error where it is the wrong file, else why not. */
async function fetchFrom(
  context: SourceContext,
  uri: HttpUri,
  { path, from }: Place,
): Promise<undefined | string | Error> {
  const { fs } = context.world;
  const part = `${path}.part`;
  const expected = expectedChecksum(context, uri);
  fs.mkdirSync(dirname(path), { recursive: true });
  // Without a checksum nothing would tell that two halves do not belong together.
  if (expected === undefined) fs.rmSync(part, { force: true });
  const result = await obtain(context, from, part);
  if (result.kind === 'failed') {
    context.log(`${from}: ${result.why}`);
    return result.why;
  }
  const sha256 = fileSha256(fs, part);
  if (expected !== undefined && sha256 !== expected) {
    if (result.resumed) {
      context.log(`${from} does not go on where the part in DL_DIR ends: downloading it anew`);
      fs.unlinkSync(part);
      return fetchFrom(context, uri, { path, from });
    }
    const keptAs = moveAside(context, path, { path: part, sha256 });
    return wrongChecksum(context, uri, { from, expected, sha256, keptAs });
  }
  fs.renameSync(part, path);
  if (expected === undefined) throw missingChecksum(context, uri, sha256);
  context.log(`fetched ${uri.localName} from ${from}`);
  return undefined;
}

async function obtain(context: SourceContext, from: string, part: string): Promise<DownloadResult> {
  if (!from.startsWith('file:')) return httpDownload(context, { url: from, path: part });
  const { fs } = context.world;
  const source = from.slice('file://'.length);
  if (!fs.existsSync(source)) return { kind: 'failed', why: 'no such file' };
  fs.copyFileSync(source, part);
  return { kind: 'complete', resumed: false };
}
