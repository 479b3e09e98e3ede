import { basename } from 'node:path';
import { installTask } from '../../graph/arrange-tasks.ts';
import type { TaskNode } from '../../terms/task-graph.ts';
import type { Site } from '../workdir/site.ts';
import type { BuildContext } from '../build-context.ts';
import { isSet } from '../outline/is-set.ts';

/** Classes of recipes that are there for something else than what they install. */
const emptyByNature = ['nopackages.bbclass', 'packagegroup.bbclass', 'image.bbclass'];

/** Tells that a do_install installed nothing although the recipe does not say that it means to: no warning, it may well be meant. */
export function tellEmptyInstall(context: BuildContext, node: TaskNode): void {
  if (!isEmpty(context, context.site(node.recipe), node)) return;
  context.emit({
    event: 'message',
    level: 'note',
    about: node.id,
    text: `${node.id} left \${D} empty: there is nothing of ${node.recipe} for others to use`,
    hints: ['ALLOW_EMPTY:${PN} = "1"   in the recipe says that it is meant'],
  });
}

function isEmpty({ world: { fs } }: BuildContext, site: Site, node: TaskNode): boolean {
  const { d } = site.recipe.dirs;
  if (node.shape.name !== installTask || (fs.existsSync(d) && fs.readdirSync(d).length > 0)) return false;
  const { data, name } = site.recipe;
  return (
    !isSet(data.get(`ALLOW_EMPTY:${name}`)) &&
    !data.book.inherited.some((path) => emptyByNature.includes(basename(path)))
  );
}
