/** Makes the plan of a build: the graph that the targets reach, signatures, and the planner over them. */
import type { Mirrors } from '../../artifacts/mirrors.ts';
import type { ArtifactStore } from '../../artifacts/store.ts';
import { buildGraph } from '../../graph/build-graph.ts';
import { sysrootPartsOf } from '../../graph/sysroot-parts.ts';
import type { LoadedRecipe, Metadata } from '../../layers/load-metadata.ts';
import { createPlanner, type Planner } from '../../planning/planner.ts';
import type { TaskRunner } from '../../ports/task-runner.ts';
import type { World } from '../../ports/world.ts';
import type { FileMemo } from '../../sources/source-context.ts';
import { sourceInputs } from '../../sources/source-inputs.ts';
import type { BuildRequest } from '../../terms/build-request.ts';
import type { BuildEvent } from '../../terms/events.ts';
import { byCodeUnit } from '../../terms/ids.ts';
import type { Places } from '../../terms/places.ts';
import type { TaskGraph } from '../../terms/task-graph.ts';
import { VarveError } from '../../terms/varve-error.ts';
import type { BuildContext } from '../build-context.ts';
import { checksummedFiles } from './checksummed-files.ts';
import { chooseTargets, forcedTasks } from './choose-targets.ts';
import { createDeepKeys } from './deep-keys.ts';
import { findEditsInBuild } from '../edits/edits-in-build.ts';
import { findProviders } from './find-providers.ts';
import type { Judging } from '../results/judging.ts';
import { openHostTools } from '../tools/open-host-tools.ts';
import { isBelow } from '../../terms/is-below.ts';
import { deployedTo } from '../outline/deployed-to.ts';
import { outlineOf } from '../outline/recipe-outline.ts';
import { createSigner } from './sign-tasks.ts';
import { warnOfLicenseDir } from './warn-of-license-dir.ts';
import { refuseUnknownPackages } from './refuse-unknown-packages.ts';
import { createSite, type Site } from '../workdir/site.ts';
import { sourceContextOf } from '../outline/source-context-of.ts';

export interface PlanRequest extends Judging {
  readonly metadata: Metadata;
  readonly request: BuildRequest;
  readonly number: number;
  readonly store: ArtifactStore;
  readonly mirrors?: Mirrors | undefined;
  readonly runner: TaskRunner;
  readonly memo: FileMemo;
  readonly signal: AbortSignal;
  readonly emit: (event: BuildEvent) => void;
}

export interface Plan {
  readonly context: BuildContext;
  readonly planner: Planner;
}

/** Makes the plan; what cannot be built at all is an error here, before anything runs. */
export function makePlan(world: World, plan: PlanRequest): Plan {
  const { metadata, request } = plan;
  const sites = new Map<string, Site>();
  const recipe = (name: string): LoadedRecipe => metadata.recipe(name);
  const site = (name: string): Site => {
    const known = sites.get(name) ?? createSite(world, metadata.places, recipe(name));
    sites.set(name, known);
    return known;
  };
  const targets = chooseTargets(metadata, request);
  const providers = findProviders(metadata);
  const graph = buildGraph(targets, providers);
  refuseUnknownPackages(metadata, providers.missing());
  for (const said of providers.notProvided()) plan.emit({ event: 'message', level: 'warning', ...said });
  const recipes = [...graph.arrangements.keys()].map(recipe);
  warnOfLicenseDir({ fs: world.fs, metadata, recipes, emit: plan.emit });
  checkPlaces(graph, site);
  checkDeployed(graph, metadata.places, site);
  warnOfFlags(graph, site, plan.emit);
  const forced = forcedTasks(graph, request);
  const edits = findEditsInBuild({ world, graph, site, forced, keep: !request.dryRun, emit: plan.emit });
  const sysroot = sysrootPartsOf(graph);
  const hostTools = openHostTools(world, metadata);
  if (!request.dryRun) hostTools.link();
  const signer = createSigner({
    graph,
    recipe,
    sysroot,
    sources: (of) =>
      sourceInputs(sourceContextOf(of, { ...plan, world, offline: request.offline, log: () => undefined })),
    hostTools: (of) => hostTools.inputs(outlineOf(of).crossTools ?? []),
    files: (of, task) => checksummedFiles(world, { recipe: of, task, memo: plan.memo }),
    edits,
    standing: metadata.standing,
  });
  const planner = createPlanner(graph, {
    keepGoing: request.keepGoing,
    sign: (task, known) => signer.sign(task, known),
  });
  const context: BuildContext = {
    world,
    places: metadata.places,
    graph,
    store: plan.store,
    mirrors: plan.mirrors,
    trust: plan.trust,
    ranNow: plan.ranNow,
    refused: plan.refused,
    runner: plan.runner,
    number: plan.number,
    forced,
    cache: request.cache,
    offline: request.offline,
    dryRun: request.dryRun,
    readOnly: [metadata.places.buildDir, ...metadata.layers.map((layer) => layer.path)],
    memo: plan.memo,
    signal: plan.signal,
    emit: plan.emit,
    site,
    sysroot,
    signer,
    deepKey: createDeepKeys({ graph, signer, sysroot }),
    known: planner.known,
    edits,
  };
  return { context, planner };
}

/** Two recipes of one build whose WORKDIRs are one, or lie in one another, would overwrite each other. */
function checkPlaces(graph: TaskGraph, site: (name: string) => Site): void {
  const sorted = [...graph.recipes.keys()]
    .map((name) => ({ name, workdir: site(name).workdir }))
    .toSorted((a, b) => byCodeUnit(`${a.workdir}/`, `${b.workdir}/`));
  for (const [index, { name, workdir }] of sorted.entries()) {
    const other = sorted[index - 1];
    if (other === undefined || (other.workdir !== workdir && !isBelow(workdir, other.workdir))) continue;
    const how =
      other.workdir === workdir ? `have one WORKDIR: ${workdir}` : `have WORKDIRs in one another: ${workdir}`;
    throw new VarveError('metadata', `${other.name} and ${name} ${how}`, {
      place: { file: site(name).recipe.file },
      hints: [`Let WORKDIR differ, or leave it as varve sets it: varve env ${name} WORKDIR`],
    });
  }
}

/** A place outside of the directories for results is an error before anything runs. */
function checkDeployed(graph: TaskGraph, places: Places, site: (name: string) => Site): void {
  for (const { recipe, shape } of graph.tasks.values())
    if (shape.deployed) deployedTo(places, site(recipe).recipe, shape.name);
}

function warnOfFlags(
  graph: TaskGraph,
  site: (name: string) => Site,
  emit: (event: BuildEvent) => void,
): void {
  for (const shape of graph.recipes.values()) {
    const { recipe } = site(shape.name);
    for (const task of outlineOf(recipe).tasks) {
      for (const { flag, place } of task.unknownFlags ?? []) {
        const at = place === undefined ? recipe.file : `${place.file}:${place.line}`;
        emit({
          event: 'message',
          level: 'warning',
          about: `${shape.name}:${task.name}`,
          text: `${at}: ${task.name}[${flag}] means nothing to varve and is passed over`,
        });
      }
    }
  }
}
