/** Which commit of a repository is meant: it must be written down, so that the same recipe builds the same source. */
import type { Place } from '../terms/varve-error.ts';
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
    hints: [...newestHint(context, uri, variable), `git ls-remote ${gitUrl(uri)} ${wantedRef(uri)}`],
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
  const newest = /^([0-9a-f]{40,64})\t/.exec(answer ?? '')?.[1];
  return newest === undefined
    ? [`Set ${variable} to the full id of a commit, so that the same recipe always builds the same source.`]
    : [`put into the recipe: ${variable} = "${newest}"   (${wantedRef(uri)} is there now)`];
}

function askNewest(context: SourceContext, uri: GitUri): string | undefined {
  const url = gitUrl(uri);
  const args = ['ls-remote', ...waysToAsk(context, url), '--', url, wantedRef(uri)];
  return gitAnswer(context, { args, uri: uri.text });
}

/** The URL in git's own words. */
export function gitUrl(uri: GitUri): string {
  return `${uri.protocol}://${uri.user === undefined ? '' : `${uri.user}@`}${uri.host}${uri.path}`;
}

function wantedRef(uri: GitUri): string {
  const branch = uri.params.get('branch');
  return branch === undefined ? 'HEAD' : `refs/heads/${branch}`;
}
