import type { Input } from '../terms/inputs.ts';
import type { Place } from '../terms/varve-error.ts';
import { bareName } from './bare-name.ts';
import { checksumPlace, expectedChecksum } from './expected-checksum.ts';
import { findLocalFile } from './find-local-file.ts';
import { gitDestination } from './git-destination.ts';
import { gitRevision, revisionPlace } from './git-revision.ts';
import { listPatches } from './list-patches.ts';
import { localFileInput, localInputs } from './local-inputs.ts';
import { parseSrcUri, type GitUri, type HttpUri, type SourceUri } from './parse-src-uri.ts';
import { refuseSharedNames } from './refuse-shared-names.ts';
import type { SourceContext } from './source-context.ts';
import { sourceNames } from './source-names.ts';
import { sourceOrder } from './source-order.ts';

/** What the sources of a recipe add to the signatures of its tasks. */
export interface SourceInputs {
  /** For do_fetch: what is fetched, by its checksum or revision. */
  readonly fetch: readonly Input[];
  /** For do_unpack: the same again, since its step key knows of no other task, and the local files. */
  readonly unpack: readonly Input[];
  /** For do_unpack: their order, where that makes a difference. */
  readonly order: readonly Input[];
  /** For do_patch: the patches, numbered in the order in which they are applied. */
  readonly patch: readonly Input[];
}

/**
 * Lists what a recipe's sources are, without touching the network (but to say what a missing SRCREV could be). Neither mirrors nor the place of a layer or of
 * DL_DIR enters. With a memo in the context a file is read only when its stat has changed.
 */
export function sourceInputs(context: SourceContext): SourceInputs {
  const uris = parseSrcUri(context.srcUri, context);
  refuseSharedNames(context, uris);
  const nameOf = sourceNames(uris);
  const remote = uris.filter((uri) => uri.kind !== 'file');
  const local = uris.filter((uri) => uri.kind === 'file');
  const order = sourceOrder(
    uris.map((uri) => ({ uri, name: placedName(uri, nameOf(uri)), isDirectory: isDirectory(context, uri) })),
  );
  return {
    fetch: remote.map((uri) => remoteInput(context, uri, nameOf(uri))),
    unpack: [
      ...remote.map((uri) => remoteInput(context, uri, fullName(context, uri, nameOf(uri)))),
      ...local.flatMap((uri) =>
        localInputs(context, {
          path: findLocalFile(context, uri),
          name: withParameters(uri, bareName(uri), ['subdir', 'striplevel', 'unpack']),
        }),
      ),
    ],
    order: order.length === 0 ? [] : [{ kind: 'source', name: 'order', value: order.join(' ') }],
    patch: listPatches(uris).map(({ uri }, index) => {
      const name = withParameters(uri, nameOf(uri), ['striplevel', 'pnum', 'patchdir', 'apply']);
      const patch =
        uri.kind === 'file'
          ? localFileInput(context, { path: findLocalFile(context, uri), name })
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

/** What the recipe demands of something fetched. A missing checksum is for do_fetch to complain of: it knows the right one. */
function identity(context: SourceContext, uri: HttpUri | GitUri): string {
  return uri.kind === 'git'
    ? gitRevision(context, uri)
    : `sha256:${expectedChecksum(context, uri) ?? 'missing'}`;
}

function fullName(context: SourceContext, uri: HttpUri | GitUri, name: string): string {
  const full = withParameters(uri, name, [
    'downloadfilename',
    'destsuffix',
    'subpath',
    'subdir',
    'striplevel',
    'unpack',
  ]);
  const goesByDefault =
    uri.kind === 'git' && !['destsuffix', 'subpath', 'subdir'].some((parameter) => uri.params.has(parameter));
  return goesByDefault ? `${full};destsuffix=${gitDestination(context, uri)}` : full;
}

/** Of one source that is unpacked into several directories each is another. */
export function placedName(uri: SourceUri, name: string): string {
  return withParameters(uri, name, ['subdir', 'destsuffix']);
}

/** The name, and those parameters that decide what is made of the content. */
function withParameters(uri: SourceUri, name: string, parameters: readonly string[]): string {
  const said = parameters.flatMap((each) =>
    uri.params.has(each) ? [`;${each}=${uri.params.get(each)}`] : [],
  );
  return name + said.join('');
}

function isDirectory(context: SourceContext, uri: SourceUri): boolean {
  return uri.kind === 'file' && context.world.fs.statSync(findLocalFile(context, uri)).isDirectory();
}
