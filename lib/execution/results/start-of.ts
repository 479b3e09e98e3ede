import { signedText, type Start } from '../../artifacts/ac-entry.ts';
import { installTask } from '../../graph/arrange-tasks.ts';
import { taskId } from '../../terms/ids.ts';
import type { TaskNode } from '../../terms/task-graph.ts';
import { verifyText } from '../../trust/sign-text.ts';
import { originOf } from './artifact-origins.ts';
import type { BuildContext } from '../build-context.ts';
import { localArtifact } from './recipe-artifacts.ts';

/**
 * The artifact that a task after do_install started from, and who vouched for it: its signature names do_install by
 * what that was made from, so that what is made of a bad artifact could else be taken for what is made of a good one.
 */
export function startOf(context: BuildContext, node: TaskNode): Start | undefined {
  const signature = node.afterInstall ? context.known.signature(taskId(node.recipe, installTask)) : undefined;
  const site = context.site(node.recipe);
  const local = signature === undefined ? undefined : localArtifact(site, signature);
  if (signature === undefined || local === undefined) return undefined;
  const stored = context.store.lookup(signature);
  const known = 'entry' in stored && stored.entry?.id === local.id ? stored.entry : undefined;
  const entry = originOf(context.world.fs, site.gitDir, { signature, id: local.id }) ?? known;
  if (entry === undefined) return undefined;
  const { builtBy, sshsig } = entry;
  const key = sshsig === undefined ? undefined : verifyText(sshsig, signedText(entry));
  return { id: local.id, builtBy, ...(key !== undefined && { key }) };
}
