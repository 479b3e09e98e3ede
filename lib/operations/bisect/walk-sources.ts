/** The walk over the commits of a repository that a recipe's SRC_URI names: SRCREV is set to each of them. */
import { sourceContextOf } from '../../execution/outline/source-context-of.ts';
import type { LoadedRecipe } from '../../layers/load-metadata.ts';
import type { World } from '../../ports/world.ts';
import { fetchBranches, fetchGit } from '../../sources/fetch-git.ts';
import { gitMirrorPath } from '../../sources/git-mirror-path.ts';
import { parseSrcUri, type GitUri } from '../../sources/parse-src-uri.ts';
import type { SourceContext } from '../../sources/source-context.ts';
import { isWholeCommitId } from '../../terms/ids.ts';
import { VarveError } from '../../terms/varve-error.ts';
import { lastName } from '../../trees/tree-metadata.ts';
import { findRecorded } from '../record/find-recorded.ts';
import type { NamedIn } from '../record/open-named.ts';
import { openCommitHistory, type CommitHistory } from './commit-history.ts';
import type { CommitWalk } from './commit-walk.ts';
import type { WalkRequest } from './walk-layers.ts';

/** Finds the repository that is meant; undefined where the recipe has none such. */
export async function walkSources(
  world: World,
  request: WalkRequest,
  recipe: LoadedRecipe,
): Promise<CommitWalk | undefined> {
  const { repo, metadata } = request;
  const { signal } = new AbortController();
  const options = { world, offline: false, memo: new Map(), log: () => undefined, signal };
  const context = sourceContextOf(recipe, options);
  const uris = parseSrcUri(context.srcUri, context).filter((uri) => uri.kind === 'git');
  const wanted = uris.filter(({ text }) => repo === undefined || text.includes(repo));
  if (wanted.length > 1) throw severalSources(recipe, wanted);
  const [uri] = wanted;
  if (uri === undefined) return undefined;
  if (uri.params.has('rev')) throw fixedRevision(uri);
  const history = openCommitHistory(world, gitMirrorPath(context, uri));
  const ends = [request.good, request.bad].map((typed) => {
    const build = request.buildOf(typed);
    return build === undefined ? typed : revisionIn(build, recipe.name, uri);
  });
  const name = ends.find((end) => end !== undefined && !/^[0-9a-f]{7,}$/.test(end));
  if (name !== undefined) await renewNames(context, { uri, history, name });
  const resolve = (spoken: string | undefined): Promise<string | undefined> | undefined =>
    spoken === undefined ? undefined : resolveFetched(context, { uri, history, spoken });
  const [good, bad] = [await resolve(ends[0]), await resolve(ends[1])];
  if (good === undefined || bad === undefined) return undefined;
  if (good === bad) throw new VarveError('usage', `${uri.text} was at commit ${good} at both ends`);
  const variable = uri.params.has('name') ? `SRCREV_${uri.name}` : 'SRCREV';
  const layers = metadata.layers.map(({ path }) => path);
  return {
    history,
    copy: history.dir,
    good,
    bad,
    allDiffer: true,
    settings: (commit) => ({ layers, lines: [`${variable}:pn-${recipe.name} = "${commit}"`] }),
    ownPath: (path) => path,
  };
}

/** Which commit a recorded build was made from. */
function revisionIn({ record, rev }: NamedIn, recipe: string, uri: GitUri): string | undefined {
  const inputs = findRecorded(record, { recipe }, rev).recipe.inputs('do_fetch') ?? [];
  const name = `/${lastName(uri.path)}`;
  const called = inputs.filter(
    (input) => input.kind === 'source' && input.name.replace(/#[^#/]*$/, '').endsWith(name),
  );
  const revision = (called.find((input) => input.name.endsWith(`#${uri.name}`)) ?? called[0])?.value;
  return isWholeCommitId(revision) ? revision : undefined;
}

/** Where a branch is may be another place than when it was fetched last. */
async function renewNames(
  context: SourceContext,
  { uri, history, name }: { readonly uri: GitUri; readonly history: CommitHistory; readonly name: string },
): Promise<void> {
  try {
    await fetchBranches(context, uri);
  } catch (error) {
    const known = history.resolve(name);
    throw new VarveError(
      'task',
      `where "${name}" is in "${uri.text}" cannot be asked: ${error instanceof Error ? error.message : String(error)}`,
      {
        hints:
          known === undefined
            ? []
            : [`${known}   instead of ${name} is where it was when it was fetched last`],
      },
    );
  }
}

/** The commit in the mirror in DL_DIR; a whole id is fetched where it is not there. */
async function resolveFetched(
  context: SourceContext,
  {
    uri,
    history,
    spoken,
  }: { readonly uri: GitUri; readonly history: CommitHistory; readonly spoken: string },
): Promise<string | undefined> {
  const known = history.resolve(spoken);
  if (known !== undefined || !isWholeCommitId(spoken)) return known;
  await fetchGit({ ...context, srcrev: () => spoken }, uri);
  return history.resolve(spoken);
}

function severalSources(recipe: LoadedRecipe, uris: readonly GitUri[]): VarveError {
  return new VarveError('usage', `${recipe.name} has several sources in git`, {
    place: { file: recipe.file },
    hints: uris.map((uri) => {
      const last = lastName(uri.path);
      const isOnly = uris.filter(({ path }) => lastName(path) === last).length === 1;
      return `--repo ${isOnly ? last : `name=${uri.name}`}   searches its commits`;
    }),
  });
}

function fixedRevision({ text }: GitUri): VarveError {
  return new VarveError('usage', `"${text}" names its commit itself, so that no other can be tried`, {
    hints: ['set SRCREV in the recipe instead of ;rev='],
  });
}
