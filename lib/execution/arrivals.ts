/** The WORKDIRs that a build has come to: nothing in them is lost, and all are left in order. */
import { join } from 'node:path';
import { installTask } from '../graph/arrange-tasks.ts';
import type { CommitId } from '../terms/ids.ts';
import { splitTaskId } from '../terms/ids.ts';
import { refs } from '../terms/places.ts';
import type { BuildContext } from './build-context.ts';
import { hasEdits } from './save-edits.ts';
import type { Site } from './site.ts';
import { inspectWorkdir } from './workdir.ts';

/** Says of a WORKDIR that no task ran in that it has edits, which nothing was built with. */
export function mentionEdits(context: BuildContext, recipe: string): void {
  if (showsEdits(context, recipe))
    noteEdits(context, recipe, 'the WORKDIR has edits that this build did not use');
}

/** Under `-n`: says of a WORKDIR with edits what a build would do with them. */
export function foreseeEdits(context: BuildContext, recipe: string): void {
  if (!showsEdits(context, recipe)) return;
  const forced = [...context.forced].some((id) => splitTaskId(id).recipe === recipe);
  if (forced) noteEdits(context, recipe, 'the WORKDIR has edits, which this build would go on with', []);
  else noteEdits(context, recipe, 'the WORKDIR has edits, which this build would keep and not use');
}

function showsEdits(context: BuildContext, recipe: string): boolean {
  const site = context.site(recipe);
  return (
    site.hasHistory() &&
    context.world.fs.existsSync(join(site.workdir, '.git')) &&
    !(site.head() === context.edits.get(recipe)?.commit && !site.history().differs(site.scope)) &&
    hasEdits(site)
  );
}

function noteEdits(
  context: BuildContext,
  recipe: string,
  what: string,
  hints: readonly string[] = [`varve build -f -c compile ${recipe}   goes on with them`],
): void {
  context.emit({ event: 'message', level: 'note', about: recipe, text: `${recipe}: ${what}`, hints });
}

export interface Arrivals {
  /** Before the first task runs in a WORKDIR: keeps what a person or a crash left there. */
  arrive(site: Site): void;
  /** After the build: every WORKDIR shows the chain, not a side task. */
  leave(): void;
}

export function createArrivals(context: BuildContext): Arrivals {
  const seen = new Map<string, Site>();
  return {
    arrive(site) {
      if (seen.has(site.recipe.name)) return;
      seen.set(site.recipe.name, site);
      const surprise = inspectWorkdir(context.world, site);
      const inForce = context.edits.get(site.recipe.name)?.commit;
      if (surprise?.kind === 'edits' && surprise.saved.commit !== inForce)
        tellEdits(context, site, surprise.saved.number);
      if (surprise?.kind === 'cut-off') keepCutOff(context, site, surprise);
    },
    leave() {
      for (const site of seen.values()) rest(context, site);
    },
  };
}

function tellEdits(context: BuildContext, site: Site, number: number): void {
  const { name } = site.recipe;
  context.emit({
    event: 'message',
    level: 'warning',
    about: name,
    text: `${name}: the WORKDIR had edits; they are kept as edited@${number}, and this build does not use them`,
    hints: [
      `varve restore ${name}:edited DIR`,
      `varve build -f -c TASK ${name}   goes on with edits, before anything else runs`,
    ],
  });
}

/** A crash cut a task off: what it left is that task's failure. */
function keepCutOff(
  context: BuildContext,
  site: Site,
  cut: { readonly task: string; readonly signature: string },
): void {
  const history = site.history();
  const head = history.refs.head();
  const { tree, times } = history.snapshot(site.scope);
  const commit = history.commit({
    tree,
    parents: head === undefined ? [] : [head],
    subject: `${cut.task}: ${site.title}`,
    trailers: [
      ['Task', `${site.recipe.name}:${cut.task}`],
      ['Signature', cut.signature],
      ['Step', '0'.repeat(64)],
      ['Cut-Off', 'yes'],
    ],
    time: site.epoch,
  });
  history.notes.set('times', new Map([[commit, times]]));
  history.refs.write(refs.failed(cut.task), commit);
  history.setHead(commit);
  context.emit({
    event: 'message',
    level: 'note',
    about: site.recipe.name,
    text: `${site.recipe.name}:${cut.task} was cut off in an earlier build; what it left is kept as ${site.recipe.name}:${cut.task}@failed`,
  });
}

/** Where HEAD is on a side branch, puts the WORKDIR back to the newest commit of the chain. */
function rest(context: BuildContext, site: Site): void {
  const history = site.history();
  const head = history.refs.head();
  const task = head === undefined ? undefined : history.readTask(head);
  const arrangement = context.graph.arrangements.get(site.recipe.name);
  const chain = [...(arrangement?.ancestors.get(installTask) ?? []), installTask];
  if (task === undefined || isFailure(site, task.id) || chain.some((name) => task.task.endsWith(`:${name}`)))
    return;
  const newest = chain.toReversed().find((name) => inForce(context, site, name) !== undefined);
  const commit = newest === undefined ? undefined : inForce(context, site, newest);
  if (commit !== undefined) history.checkout(commit, site.scope);
  history.link();
}

function isFailure(site: Site, commit: CommitId): boolean {
  return [...site.history().refs.list('refs/tags/')].some(
    ([name, id]) => name.endsWith('@failed') && id === commit,
  );
}

function inForce(context: BuildContext, site: Site, task: string): CommitId | undefined {
  const node = context.graph.tasks.get(`${site.recipe.name}:${task}` as never);
  const signature = node === undefined ? undefined : context.known.signature(node.id);
  return signature === undefined ? undefined : site.stamped(task, signature)?.id;
}
