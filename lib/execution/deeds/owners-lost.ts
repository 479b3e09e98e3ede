import { installTask } from '../../graph/arrange-tasks.ts';
import type { GivenByInode } from '../../history/adopt-given.ts';
import { isImage } from '../../layers/is-image.ts';
import type { TaskNode } from '../../terms/task-graph.ts';
import { isSet } from '../outline/is-set.ts';
import type { Site } from '../workdir/site.ts';

interface OwnersLost {
  readonly site: Site;
  readonly node: TaskNode;
  readonly sysrootOwned: () => GivenByInode;
}

/** Says where an image takes in what belongs to others than root, and gives it to root. */
export function ownersLost({ site, node, sysrootOwned }: OwnersLost): readonly string[] {
  const { recipe } = site;
  const isOwned = isSet(recipe.data.flag(installTask, 'fakeroot'));
  if (!isImage(recipe) || node.shape.name !== installTask || isOwned) return [];
  const { size } = sysrootOwned();
  if (size === 0) return [];
  const what = size === 1 ? 'a file that belongs to another' : `${size} files that belong to others`;
  return [`the image gives ${what} to root: ${installTask}[fakeroot] = "1" in its recipe keeps owners`];
}
