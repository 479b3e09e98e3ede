/** Which commit of a repository is meant: it must be written down, so that the same recipe builds the same source. */
import type { Place } from '../terms/varve-error.ts';
import { gitMirrorPath } from './git-mirror-path.ts';
import type { GitUri } from './parse-src-uri.ts';
import { gitAnswer, waysToAsk } from './run-git.ts';
import { sourceError, type SourceContext } from './source-context.ts';

/** The revision that the recipe demands: `;rev=`, SRCREV_name or SRCREV, a full commit id. */
export function gitRevision(context: SourceContext, uri: GitUri): string {
  const revision = (uri.params.get('rev') ?? context.srcrev(uri.name) ?? '').trim();
  if (/^([0-9a-f]{40}|[0-9a-f]{64})$/.test(revision)) return revision;
  const variable = uri.params.has('name') ? `SRCREV_${uri.name}` : 'SRCREV';
  const isSet = revision !== '' && revision !== 'INVALID';
  const place = isSet && !uri.params.has('rev') ? writtenPlace(context, uri) : undefined;
  throw sourceError(context, 'metadata', {
    message: problemWith(revision, { variable, uri }),
    uri: uri.text,
    ...(place === undefined ? {} : { place }),
    hints: isShortId(revision)
      ? wholeHint(context, uri, { variable, revision })
      : [...newestHint(context, uri, variable), `git ls-remote ${gitUrl(uri)} ${wantedRef(uri)}`],
  });
}

/** The statement that a revision comes from. */
export function revisionPlace(context: SourceContext, uri: GitUri): Place | undefined {
  return writtenPlace(context, uri) ?? context.uriPlace?.(uri.text);
}

function writtenPlace({ valuePlace }: SourceContext, { name }: GitUri): Place | undefined {
  return valuePlace?.(`SRCREV_${name}`) ?? valuePlace?.('SRCREV');
}

function problemWith(
  revision: string,
  { variable, uri }: { readonly variable: string; readonly uri: GitUri },
): string {
  if (revision === '' || revision === 'INVALID') return `${variable} is not set, and "${uri.text}" needs one`;
  // What bb.fetch2.get_autorev answers.
  if (revision === 'AUTOINC')
    return `${variable} is AUTOREV, the newest commit of the day, and varve builds from named commits only`;
  return `${variable} is "${revision}", which is not a full commit id`;
}

/** The line to write, with what the repository answers where it can be asked. */
function newestHint(context: SourceContext, uri: GitUri, variable: string): readonly string[] {
  const answer = context.offline ? undefined : askNewest(context, uri);
  // An annotated tag is an object of its own; the commit that it names comes after it.
  const newest = (answer ?? '')
    .split('\n')
    .flatMap((line) => /^([0-9a-f]{40,64})\t/.exec(line)?.[1] ?? [])
    .at(-1);
  return newest === undefined
    ? [fullIdWanted(variable)]
    : [`put into the recipe: ${variable} = "${newest}"   (${wantedRef(uri)} is there now)`];
}

const fullIdWanted = (variable: string): string =>
  `Set ${variable} to the full id of a commit, so that the same recipe always builds the same source.`;

const isShortId = (revision: string): boolean => /^[0-9a-f]{7,39}$/.test(revision);

/** The line to write, of the commit that is meant: whatever the branch is at is another one. */
function wholeHint(
  context: SourceContext,
  uri: GitUri,
  { variable, revision }: { readonly variable: string; readonly revision: string },
): readonly string[] {
  const whole = commitHere(context, uri, revision) ?? tipAt(context, uri, revision);
  return [whole === undefined ? fullIdWanted(variable) : `put into the recipe: ${variable} = "${whole}"`];
}

/** The commit of the mirror in DL_DIR, or of a repository on this machine, whose id begins so. */
function commitHere(context: SourceContext, uri: GitUri, revision: string): string | undefined {
  const places = [gitMirrorPath(context, uri), ...(uri.protocol === 'file' ? [uri.path] : [])];
  return places
    .filter((place) => context.world.fs.existsSync(place))
    .map((place) => {
      const args = ['-C', place, 'rev-parse', '--verify', '--quiet', `${revision}^{commit}`];
      return gitAnswer(context, { args, uri: uri.text })?.trim();
    })
    .find((id) => id?.startsWith(revision) === true);
}

/** The newest commit of a branch, or that of a tag, whose id begins so; undefined where several do. */
function tipAt(context: SourceContext, uri: GitUri, revision: string): string | undefined {
  if (context.offline) return undefined;
  const url = gitUrl(uri);
  const args = ['ls-remote', ...waysToAsk(context, url), '--', url, 'refs/heads/*', 'refs/tags/*^{}'];
  const lines = (gitAnswer(context, { args, uri: uri.text }) ?? '').split('\n');
  const found = new Set(lines.flatMap((line) => (line.startsWith(revision) ? [line.split('\t')[0]] : [])));
  return found.size === 1 ? [...found][0] : undefined;
}

function askNewest(context: SourceContext, uri: GitUri): string | undefined {
  const url = gitUrl(uri);
  const args = ['ls-remote', ...waysToAsk(context, url), '--', url, wantedRef(uri), `${wantedRef(uri)}^{}`];
  return gitAnswer(context, { args, uri: uri.text });
}

/** The URL in git's own words. */
export function gitUrl(uri: GitUri): string {
  return `${uri.protocol}://${uri.user === undefined ? '' : `${uri.user}@`}${uri.host}${uri.path}`;
}

function wantedRef(uri: GitUri): string {
  const [tag, branch] = [uri.params.get('tag'), uri.params.get('branch')];
  if (tag !== undefined) return `refs/tags/${tag}`;
  return branch === undefined ? 'HEAD' : `refs/heads/${branch}`;
}
