import { basename } from 'node:path';
import { installTask } from '../../graph/arrange-tasks.ts';
import type { GivenByInode } from '../../history/adopt-given.ts';
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
  const { data } = site.recipe;
  const isImage = data.book.inherited.some((path) => basename(path) === 'image.bbclass');
  if (!isImage || node.shape.name !== installTask || isSet(data.flag(installTask, 'fakeroot'))) return [];
  const { size } = sysrootOwned();
  if (size === 0) return [];
  const what = size === 1 ? 'a file that belongs to another' : `${size} files that belong to others`;
  return [`the image gives ${what} to root: ${installTask}[fakeroot] = "1" in its recipe keeps owners`];
}
