import { basename } from 'node:path';
import { installTask } from '../graph/arrange-tasks.ts';
import type { World } from '../ports/world.ts';
import type { TaskNode } from '../terms/task-graph.ts';
import type { Site } from './site.ts';
import { isSet } from './is-set.ts';

/** Classes of recipes that are there for something else than what they install. */
const emptyByNature = ['nopackages.bbclass', 'packagegroup.bbclass', 'image.bbclass'];

/** Says of a do_install that installed nothing what is to be done, unless the recipe means it. */
export function emptyInstall(
  { fs }: World,
  site: Site,
  node: TaskNode,
): { readonly text: string; readonly hints: readonly string[] } | undefined {
  const { d } = site.recipe.dirs;
  if (node.shape.name !== installTask || (fs.existsSync(d) && fs.readdirSync(d).length > 0)) return undefined;
  const { data, name } = site.recipe;
  const isMeant =
    isSet(data.get(`ALLOW_EMPTY:${name}`)) ||
    data.book.inherited.some((path) => emptyByNature.includes(basename(path)));
  if (isMeant) return undefined;
  return {
    text: `it installed nothing: ${d} is empty`,
    hints: [
      'what others use of a recipe, and what is in an image of it, is below ${D} after do_install',
      'put into the recipe, if it installs nothing: ALLOW_EMPTY:${PN} = "1"',
    ],
  };
}
