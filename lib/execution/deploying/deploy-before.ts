/** A task that depends on what another one deploys finds it in DEPLOY_DIR, and not what builds before left there. */
import { createDependedOn, type DependedOn } from '../../planning/depended-on.ts';
import type { TaskNode } from '../../terms/task-graph.ts';
import type { BuildContext } from '../build-context.ts';
import { deployedTo } from '../outline/deployed-to.ts';
import { deployMeanwhile, type Deploying } from './deploy-results.ts';
import { isFeedTask } from './index-feeds.ts';

/** Answers which tasks of other recipes a task may read in DEPLOY_DIR or PKGDATA_DIR. */
export function createReadDeployed(context: BuildContext): DependedOn {
  return createDependedOn(context.graph, (on, by) => on.shape.deployed && mayRead(context, on, by));
}

/** To be called before a task runs that may read these there; throws where they cannot be deployed. */
export type DeployBefore = (due: readonly TaskNode[]) => void;

/** Makes what deploys for the tasks of one plan. */
export function createDeployBefore(context: BuildContext, deploying: Deploying): DeployBefore {
  const deployed = new Set<string>();
  return (tasks) => {
    const due = tasks.filter(({ id }) => !deployed.has(id));
    if (due.length === 0) return;
    const dirs = due.flatMap(({ recipe, shape }) => {
      return deployedTo(context.places, context.site(recipe).recipe, shape.name)?.dir ?? [];
    });
    deployMeanwhile(context, deploying, new Set(dirs));
    for (const { id } of due) deployed.add(id);
  };
}

/** Packages, and what recipes say of theirs, the tasks of classes take from the artifacts: these read them there only where they say so. */
function mayRead({ places, site }: BuildContext, on: TaskNode, by: TaskNode): boolean {
  if (by.shape.depends.some((word) => word.endsWith(`:${on.shape.name}`))) return true;
  if (isFeedTask(on.shape.name)) return false;
  return deployedTo(places, site(on.recipe).recipe, on.shape.name)?.dir === 'DEPLOY_DIR';
}
