import { sourceContextOf } from '../../execution/outline/source-context-of.ts';
import type { LoadedRecipe } from '../../layers/load-metadata.ts';
import type { World } from '../../ports/world.ts';
import { downloadPath } from '../../sources/fetch-download.ts';
import { gitMirrorPath } from '../../sources/git-mirror-path.ts';
import { parseSrcUri } from '../../sources/parse-src-uri.ts';

/** Lists the paths in DL_DIR that a recipe's SRC_URI leads to. */
export function downloadsOf(world: World, recipe: LoadedRecipe): readonly string[] {
  const context = sourceContextOf(recipe, {
    world,
    offline: true,
    memo: new Map(),
    log: () => {},
    signal: new AbortController().signal,
  });
  return parseSrcUri(context.srcUri, context).flatMap((uri) => {
    if (uri.kind === 'file') return [];
    return [uri.kind === 'git' ? gitMirrorPath(context, uri) : downloadPath(context, uri)];
  });
}
