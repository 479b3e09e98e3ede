/** The WORKDIRs that a build has come to: nothing in them is lost, and all are left in order. */
import { relative } from 'node:path';
import { installTask } from '../../graph/arrange-tasks.ts';
import { chainOf } from '../../graph/chain-of.ts';
import { DamagedRepository } from '../../history/damaged-repository.ts';
import { firstParents } from '../../history/first-parents.ts';
import { splitTaskId } from '../../terms/ids.ts';
import type { BuildContext } from '../build-context.ts';
import { findLeft, keptEdits } from './find-left.ts';
import { leaseHolders } from '../holding/hold-lease.ts';
import { fitsSources } from '../edits/fits-sources.ts';
import { keepLeft, type KeptLeft } from './keep-left.ts';
import { lastInForce, resultInForce } from '../results/result-in-force.ts';
import { settleWorkdir } from './settle-workdir.ts';
import type { Site } from './site.ts';
import { tellWarnings } from './tell-warnings.ts';
import { moveWorkdir } from './workdir.ts';

/** Brings to an end what a crash left half done in the WORKDIRs of a build's recipes, its tasks running there or not. */
export function settleWorkdirs({ world, graph, site }: BuildContext): void {
  for (const recipe of graph.recipes.keys()) settleWorkdir(world, site(recipe));
}

export interface Arrivals {
  /** Before a task runs in a WORKDIR: keeps what a person or a crash left there. */
  arrive(site: Site): void;
  /** After a task ran in it. */
  depart(site: Site): void;
  /** After the build: every WORKDIR shows what stands, not a side task or another version. */
  leave(): void;
}

/** Between tasks that follow each other at once nobody types; looking costs an lstat for each file. */
const atOnceMs = 100;

/** A clock that was set back tells nothing. */
const followsAtOnce = (departed: number | undefined, now: number): boolean =>
  departed !== undefined && now >= departed && now - departed <= atOnceMs;

export function createArrivals(context: BuildContext): Arrivals {
  const departed = new Map<Site, number>();
  return {
    arrive(site) {
      if (!context.world.fs.existsSync(site.workdir)) site.history().forgetWorkdir(site.scope);
      else if (!followsAtOnce(departed.get(site), context.world.now())) keepAndTell(context, site);
    },
    depart(site) {
      departed.set(site, context.world.now());
    },
    leave() {
      for (const site of departed.keys()) {
        rest(context, site);
        site.letGo();
      }
      for (const recipe of context.graph.recipes.keys()) {
        const site = context.site(recipe);
        showResult(context, site);
        site.letGo();
      }
    },
  };
}

function keepAndTell(context: BuildContext, site: Site): void {
  const { name } = site.recipe;
  const left = keepLeft(context.world, site);
  const known = [context.edits.get(name), context.edits.passedOver(name)];
  if (left === undefined || known.some((edits) => edits?.commit === left.commit)) return;
  if (left.kind === 'edits') tellEdits(context, site, left);
  else if (left.cutOff || left.typed !== 'no') tellUnfinished(context, site, left);
}

/** The way from kept edits to a build of them. */
const bringsBack = (name: string, rev: string): readonly string[] => [
  `varve shell ${rev}   brings them back into the WORKDIR`,
  `varve build -f -c compile ${name}   then goes on with them`,
];

type EditsLeft = Extract<KeptLeft, { kind: 'edits' }>;

function tellEdits(context: BuildContext, site: Site, edits: EditsLeft): void {
  const { name } = site.recipe;
  const rev = `${name}:edited@${edits.number}`;
  const dir = relative(context.world.cwd, site.workdir);
  const { parents } = site.history().objects.readCommit(edits.commit);
  const told =
    parents.length === 0
      ? {
          text: `${name}: its history does not know what the WORKDIR held; all of it is kept as ${rev}`,
          hints: [`varve restore ${rev} DIR   puts it into a directory`],
        }
      : {
          text: `${name}: the WORKDIR had edits; they are kept as ${rev}, and this build does not use them`,
          hints: fitsSources(context, site, edits.commit)
            ? bringsBack(name, rev)
            : [`varve diff ${rev} | patch -p1 -d ${dir}   puts them on the new sources`],
        };
  context.emit({ event: 'message', level: 'warning', about: name, ...told });
}

type UnfinishedLeft = Extract<KeptLeft, { kind: 'unfinished' }>;

function tellUnfinished({ emit }: BuildContext, site: Site, left: UnfinishedLeft): void {
  const { name } = site.recipe;
  const how = left.cutOff ? 'did not come to its end' : 'failed, and sources were changed while it ran';
  const number = keptEdits(site.history()).get(left.commit);
  const rev = number === undefined ? `${name}:${left.task}@failed` : `${name}:edited@${number}`;
  emit({
    event: 'message',
    level: 'note',
    about: `${name}:${left.task}`,
    text: `${name}:${left.task} ${how}; what it left, with what was edited meanwhile, is kept as ${rev}`,
    hints: [`varve diff ${rev}   shows it`, ...(number === undefined ? [] : bringsBack(name, rev))],
  });
}

/** Where HEAD is on a side branch, puts the WORKDIR back to the newest commit of the chain. */
function rest(context: BuildContext, site: Site): void {
  const { name } = site.recipe;
  const history = site.history();
  // RM_WORK may have had it removed.
  if (!context.world.fs.existsSync(site.workdir)) return;
  const head = history.refs.head();
  const stands = head === undefined ? undefined : history.readTask(head);
  const chain = chainOf(context.graph.arrangements.get(name));
  if (stands === undefined) return;
  const { task } = splitTaskId(stands.task);
  if (chain.includes(task) || site.failed(task)?.id === head) return;
  if (leaseHolders(context.world, site.gitDir).length > 0) return;
  keepAndTell(context, site);
  const newest = lastInForce(context, site);
  if (newest !== undefined) tellWarnings(context, site, moveWorkdir(context.world, site, newest));
  history.link();
}

/** Where other inputs than those of the WORKDIR are in force again, as after an undo, it is made to show their result. */
function showResult(context: BuildContext, site: Site): void {
  if (!site.hasHistory()) return;
  const [head, made] = [site.head(), resultInForce(context, site, installTask)];
  if (head === undefined || made === undefined || head === made) return;
  if (site.isElsewhere() || !context.world.fs.existsSync(site.workdir)) return;
  const { objects } = site.history();
  if (firstParents(objects, head).includes(made) || firstParents(objects, made).includes(head)) return;
  if (leaseHolders(context.world, site.gitDir).length > 0) return;
  // What was typed stays before one's eyes.
  const left = findLeft(context.world, site);
  if (left !== undefined && (left.kind !== 'unfinished' || left.cutOff || left.typed !== 'no')) return;
  try {
    tellWarnings(context, site, moveWorkdir(context.world, site, made));
  } catch (error) {
    // What was asked for is there; only the WORKDIR does not show it.
    if (!(error instanceof DamagedRepository)) throw error;
    tellStays(context, site, error);
  }
  site.history().link();
}

function tellStays({ emit }: BuildContext, { recipe }: Site, { message, hints }: DamagedRepository): void {
  emit({
    event: 'message',
    level: 'warning',
    about: recipe.name,
    text: `${recipe.name}: its WORKDIR does not show what stands now: ${message}`,
    hints,
  });
}
