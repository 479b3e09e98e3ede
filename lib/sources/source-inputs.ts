import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { byCodeUnit } from '../terms/ids.ts';
import type { Input } from '../terms/inputs.ts';
import type { Place } from '../terms/varve-error.ts';
import { ownPath, systemPath } from '../trees/raw-text.ts';
import { bareName } from './bare-name.ts';
import { checksumPlace, expectedChecksum } from './expected-checksum.ts';
import { rememberedSha256 } from './file-sha256.ts';
import { findLocalFile } from './find-local-file.ts';
import { gitRevision, revisionPlace } from './git-revision.ts';
import { listPatches } from './list-patches.ts';
import { parseSrcUri, type FileUri, type GitUri, type HttpUri, type SourceUri } from './parse-src-uri.ts';
import { type SourceContext, sourceError } from './source-context.ts';
import { sourceNames } from './source-names.ts';

/** What the sources of a recipe add to the signatures of its tasks. */
export interface SourceInputs {
  /** For do_fetch: what is fetched, by its checksum or revision. */
  readonly fetch: readonly Input[];
  /** For do_unpack: the same again, since its step key knows of no other task, and the local files. */
  readonly unpack: readonly Input[];
  /** For do_patch: the patches, numbered in the order in which they are applied. */
  readonly patch: readonly Input[];
}

/**
 * Lists what a recipe's sources are, without touching the network (but to say what a missing SRCREV could be). Neither mirrors nor the place of a layer or of
 * DL_DIR enters. With a memo in the context a file is read only when its stat has changed.
 */
export function sourceInputs(context: SourceContext): SourceInputs {
  const uris = parseSrcUri(context.srcUri, context);
  const nameOf = sourceNames(uris);
  const remote = uris.filter((uri) => uri.kind !== 'file');
  const local = uris.filter((uri) => uri.kind === 'file');
  return {
    fetch: remote.map((uri) => remoteInput(context, uri, nameOf(uri))),
    unpack: [
      ...remote.map((uri) => remoteInput(context, uri, fullName(uri, nameOf(uri)))),
      ...local.flatMap((uri) => localInputs(context, uri)),
    ],
    patch: listPatches(uris).map(({ uri }, index) => {
      const name = withParameters(uri, nameOf(uri), ['striplevel', 'pnum', 'patchdir', 'apply']);
      const patch =
        uri.kind === 'file'
          ? fileInput(context, name, findLocalFile(context, uri))
          : remoteInput(context, uri, name);
      return { ...patch, kind: 'source', value: `patch ${index + 1} ${patch.value}` };
    }),
  };
}

function remoteInput(context: SourceContext, uri: HttpUri | GitUri, name: string): Input {
  const place = uri.kind === 'git' ? revisionPlace(context, uri) : checksumPlace(context, uri);
  return { kind: 'source', name, value: identity(context, uri), ...atPlace(place) };
}

function atPlace(place: Place | undefined): Pick<Input, 'at'> {
  if (place === undefined) return {};
  return { at: place.line === undefined ? place.file : `${place.file}:${place.line}` };
}

function fileInput(context: SourceContext, name: string, path: string): Input {
  return { kind: 'file', name, value: fileValue(context, path), at: path };
}

/** What the recipe demands of something fetched. A missing checksum is for do_fetch to complain of: it knows the right one. */
function identity(context: SourceContext, uri: HttpUri | GitUri): string {
  return uri.kind === 'git'
    ? gitRevision(context, uri)
    : `sha256:${expectedChecksum(context, uri) ?? 'missing'}`;
}

function fullName(uri: HttpUri | GitUri, name: string): string {
  return withParameters(uri, name, [
    'downloadfilename',
    'destsuffix',
    'subpath',
    'subdir',
    'striplevel',
    'unpack',
  ]);
}

/** The name, and those parameters that decide what is made of the content. */
function withParameters(uri: SourceUri, name: string, parameters: readonly string[]): string {
  const said = parameters.flatMap((each) =>
    uri.params.has(each) ? [`;${each}=${uri.params.get(each)}`] : [],
  );
  return name + said.join('');
}

function localInputs(context: SourceContext, uri: FileUri): readonly Input[] {
  const name = withParameters(uri, bareName(uri), ['subdir', 'striplevel', 'unpack']);
  const path = findLocalFile(context, uri);
  if (!context.world.fs.statSync(path).isDirectory()) return [fileInput(context, name, path)];
  return directoryInputs(context, path, name);
}

function directoryInputs(context: SourceContext, dir: string, name: string): readonly Input[] {
  const { fs } = context.world;
  const entries = fs
    .readdirSync(systemPath(dir), { withFileTypes: true, encoding: 'buffer' })
    .map((entry) => ({ entry, own: ownPath(entry.name.toString('latin1')) }))
    .toSorted((a, b) => byCodeUnit(a.own, b.own));
  if (entries.length === 0) return [{ kind: 'file', name: `${name}/`, value: 'directory', at: dir }];
  return entries.flatMap(({ entry, own }): readonly Input[] => {
    const path = join(dir, own);
    const entryName = `${name}/${own}`;
    if (entry.isDirectory()) return directoryInputs(context, path, entryName);
    if (entry.isSymbolicLink()) {
      const target = createHash('sha256')
        .update(fs.readlinkSync(systemPath(path), 'buffer'))
        .digest('hex');
      return [{ kind: 'file', name: entryName, value: `sha256:${target} link`, at: path }];
    }
    return [fileInput(context, entryName, path)];
  });
}

/** Content and mode; of the mode only what unpacking keeps, so that no one's umask enters. */
function fileValue(context: SourceContext, path: string): string {
  const { fs } = context.world;
  const stats = fs.statSync(systemPath(path));
  // A fifo that is opened has to be waited for, for ever.
  if (!stats.isFile())
    throw sourceError(context, 'metadata', {
      message: `${path} is a fifo, a socket or a device, of which no source can be made`,
      hints: [`rm ${path}`, 'Or have SRC_URI name what lies beside it.'],
    });
  const mode = (stats.mode & 0o100) === 0 ? '644' : '755';
  return `sha256:${rememberedSha256(fs, path, context.memo)} ${mode}`;
}
