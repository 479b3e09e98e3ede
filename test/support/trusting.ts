/** Machines that share a mirror, some of which are not to be trusted. */
import { pushArtifacts } from '../../lib/operations/push-artifacts.ts';
import type { BuildEvent } from '../../lib/terms/events.ts';
import { buildDir, memoryBuild, type MemoryBuild } from './memory-build.ts';
import { mirrorServer, type MirrorServer } from './mirror-server.ts';
import type { MadeKey } from './ssh-key.ts';
import { plainRecipe } from './workspace.ts';

export const needing = (...names: readonly string[]): string =>
  plainRecipe({ do_compile: 'true', do_install: 'true' }, `DEPENDS = "${names.join(' ')}"\n`);

/** Two libraries, of which nothing but app needs either, and an image. */
export const files = {
  'recipes/lib-a_1.bb': needing(),
  'recipes/lib-b_1.bb': needing(),
  'recipes/app_1.bb': needing('lib-a', 'lib-b'),
  'recipes/disk_1.bb': needing('app'),
};

/** All machines of a test have one time, which goes on whenever it is looked at. */
let time = Date.UTC(2026, 0, 1);

/** Lets time go by. */
export function pass(milliseconds: number): void {
  time += milliseconds;
}

export const now = (): number => (time += 1);

export interface Machine {
  readonly host?: string;
  readonly signs?: MadeKey;
  readonly trusts?: readonly MadeKey[];
  readonly mirror?: string;
  /** What is wrong with it, and gets into all that it makes. */
  readonly flaw?: string;
  readonly files?: Readonly<Record<string, string>>;
}

export function machine({
  host = 'good',
  signs,
  trusts,
  mirror,
  flaw,
  files: recipes = files,
}: Machine): MemoryBuild {
  const local = [
    mirror === undefined ? '' : `ARTIFACT_MIRRORS = "${mirror}"`,
    signs === undefined ? '' : 'ARTIFACT_SIGNING_KEY = "/keys/own"',
    trusts === undefined ? '' : `ARTIFACT_TRUSTED_KEYS = "${trusts.map(({ pub }) => pub).join(' ')}"`,
  ];
  const around = {
    ...(signs !== undefined && { '/keys/own': signs.secret }),
    ...(flaw !== undefined && { '/etc/flaw': flaw }),
  };
  return memoryBuild({ files: { ...recipes, ...around }, local: `${local.join('\n')}\n`, host, now });
}

export const online = { offline: false };
export const ofTasks = (events: readonly BuildEvent[], verdict: string): readonly string[] =>
  events.flatMap((event) =>
    event.event === 'task-finished' && event.verdict === verdict ? [event.task] : [],
  );
export const recipesRun = (events: readonly BuildEvent[]): readonly string[] =>
  [...new Set(ofTasks(events, 'run').map((task) => task.split(':')[0] ?? ''))].sort();
export const warnings = (events: readonly BuildEvent[]): readonly string[] =>
  events.flatMap((event) => (event.event === 'message' && event.level === 'warning' ? [event.text] : []));
export const isOk = (events: readonly BuildEvent[]): boolean => {
  const last = events.at(-1);
  return last?.event === 'build-finished' && last.ok;
};
export const built = (w: MemoryBuild, recipe: string): string =>
  w.read(`${buildDir}/tmp/work/x86_64/${recipe}/image/usr/share/${recipe}`);
export const push = (w: MemoryBuild, mirror: string): ReturnType<typeof pushArtifacts> =>
  pushArtifacts(w.world, { buildDir, targets: [], mirror }, () => {});

/** A mirror to which farm, whose machine is flawed, pushed the library, and ci all that is made with it. */
export async function poisoned(
  keys: { readonly farm?: MadeKey; readonly ci?: MadeKey } = {},
): Promise<MirrorServer> {
  const server = await mirrorServer();
  const farm = machine({ host: 'farm', flaw: 'a bit flips', ...(keys.farm && { signs: keys.farm }) });
  await farm.build('lib-a');
  await push(farm, server.url);
  const ci = machine({ host: 'ci', mirror: server.url, ...(keys.ci && { signs: keys.ci }) });
  await ci.build('disk', online);
  await push(ci, server.url);
  server.requests.length = 0;
  return server;
}

/** What comes out on a machine that uses nothing of others. */
export async function right(...recipes: readonly string[]): Promise<Readonly<Record<string, string>>> {
  const w = machine({});
  await w.build('disk');
  return Object.fromEntries(recipes.map((recipe) => [recipe, built(w, recipe)]));
}
