import { applyPatches } from '../sources/apply-patches.ts';
import { fetchSources } from '../sources/fetch-sources.ts';
import { unpackSources } from '../sources/unpack-sources.ts';
import type { BuildContext } from './build-context.ts';
import type { Site } from './site.ts';
import { sourceContextOf } from './source-context-of.ts';
import type { NativeName } from './split-body.ts';

/** Makes the function that does what varve does itself in a task, and tells the task's log. */
export function nativeDeeds(
  context: BuildContext,
  site: Site,
  log: string,
): (name: NativeName) => Promise<void> {
  const line = (text: string): void => context.world.fs.appendFileSync(log, `${text}\n`);
  const sources = sourceContextOf(site.recipe, { ...context, log: line });
  return async (name) => {
    switch (name) {
      case 'fetch':
        return fetchSources(sources);
      case 'unpack':
        // What do_fetch brought may have been deleted since: DL_DIR is not part of the record.
        await fetchSources(sources);
        return unpackSources(sources);
      case 'patch':
        for (const warning of applyPatches(sources).warnings) {
          line(`WARNING: ${warning}`);
          context.emit({
            event: 'message',
            level: 'warning',
            about: `${site.recipe.name}:do_patch`,
            text: `${site.recipe.name}: ${warning}`,
          });
        }
        return undefined;
      case 'stage':
        // Every task finds its sysroots filled.
        return undefined;
      default:
        return name satisfies never;
    }
  };
}
