/** `varve fsck`: checks all that the record of a build directory holds against each other. */
import { join } from 'node:path';
import { openStore } from '../artifacts/store.ts';
import { checkHistory, type CheckedHistory } from '../history/check-history.ts';
import type { CheckedRepository } from '../history/check-repository.ts';
import type { Finding } from '../history/finding.ts';
import { openRefs } from '../history/refs.ts';
import type { World } from '../ports/world.ts';
import { buildsRepository, importedPlaces, type Places } from '../terms/places.ts';
import { checkArtifacts, type NamedArtifacts } from './checking/check-artifacts.ts';
import { checkBuildNames, checkBuildsThere } from './checking/check-build-names.ts';
import { checkBuilds, type CheckedBuilds, checkWork, recipeKey } from './checking/check-builds.ts';
import { checkResults, findNameless } from './checking/check-results.ts';
import { findPlaces } from './record/find-places.ts';
import { listHistoryPlaces } from './record/list-histories.ts';
import { listImports } from './record/imports.ts';
import { enterRecord } from './record/open-record.ts';

export interface CheckedRecord {
  readonly schema: 1;
  /** How much was looked at. */
  readonly checked: {
    readonly histories: number;
    readonly objects: number;
    readonly names: number;
    readonly notes: number;
    readonly builds: number;
    readonly artifacts: number;
  };
  readonly artifacts: NamedArtifacts;
  /** `ARCH/PN` of what builds tell of and has no history here: removed, or only ever restored. */
  readonly withoutHistory: readonly string[];
  /** `ARCH/PN` of histories that name none of their results. */
  readonly withoutNames: readonly string[];
  readonly damaged: readonly Finding[];
}

/** Reads everything. Builds are looked at before histories, so that one may go on meanwhile. */
export function checkRecord(world: World, request: { readonly buildDir: string }): CheckedRecord {
  const places = findPlaces(world, request.buildDir);
  enterRecord(world, places);
  const gitDir = buildsRepository(places);
  const builds = isRepository(world, gitDir) ? checkBuilds(world.fs, gitDir) : undefined;
  const histories = new Map<string, CheckedHistory>(
    listHistoryPlaces(world, places)
      .filter(({ gitDir: own }) => isRepository(world, own))
      .map((history) => [recipeKey(history), checkHistory(world.fs, history.gitDir, { bare: false })]),
  );
  const states = builds?.states ?? [];
  const store = openStore({ fs: world.fs, dir: places.artifactDir });
  const artifacts = checkArtifacts(store, states, (recipe) => histories.get(recipeKey(recipe)));
  const imports = checkImports(world, places);
  const lost = states.flatMap((state) => {
    const history = histories.get(recipeKey(state.recipe));
    return builds === undefined || history === undefined ? [] : checkWork(builds, state, history);
  });
  const against = builds === undefined ? [] : checkResults(world.fs, builds, histories);
  const repositories: readonly Checked[] = [
    ...(builds === undefined ? [] : [ofBuilds(builds)]),
    ...[...histories.values()].map(ofHistory),
    ...imports,
  ];
  return {
    schema: 1,
    checked: {
      histories: histories.size,
      ...totals(repositories),
      builds: builds?.numbers.length ?? 0,
      artifacts: artifacts.count,
    },
    artifacts: artifacts.named,
    withoutHistory: [...new Set(states.map(({ recipe }) => recipeKey(recipe)))].filter(
      (key) => !histories.has(key),
    ),
    withoutNames: builds === undefined ? [] : findNameless(builds, histories),
    damaged: [
      ...repositories.flatMap(({ findings }) => findings),
      ...(builds === undefined
        ? checkBuildsThere(gitDir, histories.values())
        : checkBuildNames(world.fs, builds.repository, histories.values())),
      ...lost,
      ...against,
      ...artifacts.findings,
    ],
  };
}

/** What has names was one, also where its HEAD is gone, by which git and varve know a repository. */
const isRepository = ({ fs }: World, gitDir: string): boolean =>
  fs.existsSync(join(gitDir, 'HEAD')) || openRefs(fs, gitDir).survey().refs.size > 0;

/** A repository, and all that is to be said of it. */
interface Checked {
  readonly repository: CheckedRepository;
  readonly notes: number;
  readonly findings: readonly Finding[];
}

const ofBuilds = ({ repository, findings }: CheckedBuilds): Checked => ({ repository, notes: 0, findings });
const ofHistory = (history: CheckedHistory): Checked => ({ repository: history, ...history });

function totals(all: readonly Checked[]): Pick<CheckedRecord['checked'], 'objects' | 'names' | 'notes'> {
  const sum = (count: (each: Checked) => number): number =>
    all.reduce((total, each) => total + count(each), 0);
  return {
    objects: sum(({ repository }) => repository.count),
    names: sum(({ repository }) => repository.refs.size),
    notes: sum(({ notes }) => notes),
  };
}

/** What was taken in is there in part only; what is there must be whole. */
function checkImports(world: World, places: Places): readonly Checked[] {
  return listImports(world, places).flatMap((name) => {
    const own = importedPlaces(places, name);
    const builds = checkBuilds(world.fs, buildsRepository(own));
    const histories = new Map(
      listHistoryPlaces(world, own)
        .filter(({ gitDir }) => isRepository(world, gitDir))
        .map((history) => [recipeKey(history), checkHistory(world.fs, history.gitDir, { bare: true })]),
    );
    const against = [...nameless(builds), ...checkResults(world.fs, builds, histories)];
    const hints = [`rm -r ${own.historyDir}   forgets what was imported as ${name}`];
    return [
      { ...ofBuilds(builds), findings: [...builds.findings, ...against] },
      ...[...histories.values()].map(ofHistory),
    ].map((checked) => ({
      ...checked,
      findings: checked.findings.map((finding) => ({ ...finding, hints })),
    }));
  });
}

/** No import is taken in without the name of a build, and all of it is on the disk before it can be seen. */
function nameless({ numbers, findings, repository: { gitDir } }: CheckedBuilds): readonly Finding[] {
  if (numbers.length > 0 || findings.length > 0) return [];
  return [{ place: gitDir, what: 'it names no build any more', hints: [] }];
}
