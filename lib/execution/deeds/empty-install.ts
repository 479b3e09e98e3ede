import { basename } from 'node:path';
import { installTask } from '../../graph/arrange-tasks.ts';
import type { World } from '../../ports/world.ts';
import type { TaskNode } from '../../terms/task-graph.ts';
import type { Site } from '../workdir/site.ts';
import { isSet } from '../outline/is-set.ts';

/** Classes of recipes that are there for something else than what they install. */
const emptyByNature = ['nopackages.bbclass', 'packagegroup.bbclass', 'image.bbclass'];

/** Whether a do_install installed nothing although the recipe does not say that it means to. */
export function isEmptyInstall({ fs }: World, site: Site, node: TaskNode): boolean {
  const { d } = site.recipe.dirs;
  if (node.shape.name !== installTask || (fs.existsSync(d) && fs.readdirSync(d).length > 0)) return false;
  const { data, name } = site.recipe;
  return (
    !isSet(data.get(`ALLOW_EMPTY:${name}`)) &&
    !data.book.inherited.some((path) => emptyByNature.includes(basename(path)))
  );
}
