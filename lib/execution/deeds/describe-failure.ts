import { basename, delimiter, join } from 'node:path';
import { splitWords } from '../../layers/split-words.ts';
import { chainOf } from '../../graph/chain-of.ts';
import { sourceTasks } from '../../graph/source-tasks.ts';
import type { TaskFinished } from '../../terms/events.ts';
import { sourceDirAdvice } from '../../sources/source-dir-advice.ts';
import { splitTaskId, taskId } from '../../terms/ids.ts';
import type { TaskNode } from '../../terms/task-graph.ts';
import type { BuildContext } from '../build-context.ts';
import { complaint } from '../task/complaint.ts';
import { isSet } from '../outline/is-set.ts';
import type { Performed } from '../task/perform-task.ts';
import { readPart, sizeOf } from '../task/run-notes.ts';
import { sourceContextOf } from '../outline/source-context-of.ts';

interface Failed {
  readonly node: TaskNode;
  readonly performed: Performed;
  readonly log: string;
}

/** How many bytes, then lines, of a log's end are shown. */
const tailBytes = 8192;
const tailLines = 20;

/** Says what a person needs to know of a failure, and the commands to type next. */
export function describeFailure(
  context: BuildContext,
  failed: Failed,
): Pick<TaskFinished, 'failure' | 'exitCode' | 'interrupted'> {
  const { node, performed, log } = failed;
  if (performed.cutOff)
    return { interrupted: true, failure: { message: 'it was interrupted', tail: [], hints: [] } };
  const message = performed.message ?? 'it failed';
  const tail = logTail(context, log, complaint(message, performed.hints));
  const rev = `${node.recipe}:${splitTaskId(node.id).task}@failed`;
  return {
    ...(performed.exitCode === undefined ? {} : { exitCode: performed.exitCode }),
    failure: {
      message,
      tail,
      ...(performed.script === undefined
        ? {}
        : { script: performed.script, writtenAt: statementsOf(context, node, performed.script) }),
      ...(tail.some((line) => /No space left on device|Disk quota exceeded/.test(line)) && { noRoom: true }),
      hints: [
        ...performed.hints,
        ...missingTool(context, node, tail),
        ...readOnly(context, tail),
        ...unknownOwner(context, node, tail),
        ...behindInstall(context, node, tail),
        ...missingNetwork(context, node, tail),
        ...missingSources(context, node),
        ...(performed.script === undefined
          ? []
          : [`varve shell ${rev}   a shell in that WORKDIR, with the task's environment`]),
        ...goingOn(context, node),
        `varve show ${rev}   what it saw and wrote`,
        `varve history export ${rev} ${node.recipe}.varve   one file of it, for someone else to look at`,
      ],
    },
  };
}

/**
 * Where the function that failed is written, the task itself or one that runs before or after it, but for what a later
 * statement replaced: lines of the script are nobody's.
 */
function statementsOf({ site }: BuildContext, { recipe, id }: TaskNode, script: string): readonly string[] {
  const [, ran = splitTaskId(id).task] = /^run\.(.+)\.\d+$/.exec(basename(script)) ?? [];
  const stated = site(recipe)
    .recipe.data.origins(ran)
    .filter(({ flag }) => flag === undefined);
  const last = stated.findLastIndex(({ operation }) => operation === 'set');
  const inForce = stated.filter(({ operation }, i) => i >= last || operation.startsWith(':'));
  return inForce.map(({ file, line }) => `${file}:${line}`);
}

/** Who edits in the WORKDIR that shows the failure wants that built; nothing else is told apart from what it makes anew. */
export function goingOn({ graph, edits }: BuildContext, { recipe, shape }: TaskNode): readonly string[] {
  const chain = chainOf(graph.arrangements.get(recipe));
  const after = chain.slice(sourceTasks(chain).length);
  if (!after.includes(shape.name)) return [];
  const runs = (task: string): boolean => graph.tasks.get(taskId(recipe, task))?.shape.noexec === false;
  const compile = after
    .slice(0, after.indexOf(shape.name))
    .find((task) => task === 'do_compile' && runs(task));
  const task = (compile ?? shape.name).replace(/^do_/, '');
  const build = edits.get(recipe) === undefined ? `build -f -c ${task}` : 'build';
  return [`varve ${build} ${recipe}   goes on with what you edit there`];
}

/** The last lines of the log, but for what is said beside them. */
function logTail({ world }: BuildContext, log: string, said: string): readonly string[] {
  const size = sizeOf(world.fs, log);
  if (size === undefined) return ['the task removed its log'];
  const text = readPart(world.fs, log, Math.max(0, size - tailBytes), tailBytes).toString('utf8');
  const end = text.endsWith(said) ? text.slice(0, -said.length) : text;
  return end === '' ? [] : end.trimEnd().split('\n').slice(-tailLines);
}

/** PATH holds HOSTTOOLS only: the most common surprise for who comes from elsewhere. */
function missingTool(
  { world, site }: BuildContext,
  { recipe }: TaskNode,
  tail: readonly string[],
): readonly string[] {
  const named = tail
    .map((line) => /(?:^|[\s:])([\w.+-]+): (?:command )?not found/.exec(line)?.[1])
    .find((name) => name !== undefined);
  if (named === undefined) return [];
  const { dirs, data } = site(recipe).recipe;
  const { sysroot } = dirs;
  const forTarget = ['usr/bin', 'usr/sbin', 'bin', 'sbin'].some((dir) =>
    world.fs.existsSync(join(sysroot, dir, named)),
  );
  if (forTarget) {
    return [
      `"${named}" in the sysroot is for the target: what runs here comes from a native recipe, as in DEPENDS += "NAME-native"`,
    ];
  }
  if (splitWords(data.get('HOSTTOOLS')).includes(named)) {
    const isHere = world.fs.existsSync(join(data.get('HOSTTOOLS_DIR') ?? '', named));
    if (isHere) return [];
    return isOnPath(world, named)
      ? [
          `HOSTTOOLS counts in a configuration, not in a recipe: add HOSTTOOLS += "${named}" to conf/local.conf`,
        ]
      : [`HOSTTOOLS lists "${named}", but this machine has none: install it`];
  }
  return [
    `a task finds only the programs that HOSTTOOLS lists: if "${named}" is installed, add HOSTTOOLS += "${named}" to conf/local.conf`,
  ];
}

function isOnPath({ env, fs }: BuildContext['world'], program: string): boolean {
  return (env['PATH'] ?? '').split(delimiter).some((dir) => fs.existsSync(join(dir, program)));
}

/** A forgotten `${D}`, most likely. */
function readOnly({ runner }: BuildContext, tail: readonly string[]): readonly string[] {
  if (runner.kind !== 'namespaces' || !tail.some((line) => /read-only file system/i.test(line))) return [];
  return ['a task writes below its WORKDIR, and what it installs below ${D}: all else is read-only for it'];
}

/** Users of the machine are none of the target's. */
function unknownOwner(
  { runner, site }: BuildContext,
  node: TaskNode,
  tail: readonly string[],
): readonly string[] {
  if (!tail.some((line) => /invalid (?:user|group|spec)\b/i.test(line))) return [];
  const byNumber = 'give files by number, in a task with [fakeroot]';
  const brings = isSet(site(node.recipe).recipe.data.get('USERADD_PACKAGES'));
  if (brings && runner.kind !== 'namespaces')
    return [
      `users of USERADD_PARAM are known only behind walls, which this machine has none for: ${byNumber}`,
    ];
  return [
    `inherit useradd   in the recipe, with USERADD_PACKAGES = "\${PN}" and USERADD_PARAM:\${PN} = "--system NAME", makes a user that do_install knows; or ${byNumber}`,
  ];
}

/** Tasks that go on from the artifact would find sources only where the recipe was just built. */
function behindInstall({ site }: BuildContext, node: TaskNode, tail: readonly string[]): readonly string[] {
  const { s, b } = site(node.recipe).recipe.dirs;
  const misses = (line: string): boolean =>
    /no such file or directory|cannot stat/i.test(line) && [s, b].some((dir) => line.includes(`${dir}/`));
  if (!node.afterInstall || !tail.some(misses)) return [];
  return [
    `${node.shape.name} comes after do_install and starts from its artifact, where S and B are not: install what it needs, or put it before, as in  addtask deploy after do_compile before do_build`,
  ];
}

/** What curl, wget, git and Python say where there is no network. */
const withoutNetwork =
  /could not resolve host|temporary failure in name resolution|name or service not known|unable to resolve host|couldn't connect|failed to connect|network is unreachable/i;

/** Only what fetches has one: a build that loads something behind the recipe's back cannot be repeated. */
function missingNetwork(context: BuildContext, node: TaskNode, tail: readonly string[]): readonly string[] {
  const task = node.shape.name;
  const { data } = context.site(node.recipe).recipe;
  const isWalled = context.runner.kind === 'namespaces' && task !== 'do_fetch';
  if (!isWalled || !tail.some((line) => withoutNetwork.test(line)) || isSet(data.flag(task, 'network')))
    return [];
  return [
    `${task} has no network: name what it loads in SRC_URI, or put into the recipe: ${task}[network] = "1"`,
  ];
}

/** Tasks work in S: where that is empty, the recipe most likely names it wrong. */
function missingSources(context: BuildContext, node: TaskNode): readonly string[] {
  const before = context.graph.arrangements.get(node.recipe)?.ancestors.get(node.shape.name) ?? [];
  if (node.afterInstall || !before.includes('do_unpack')) return [];
  const { recipe } = context.site(node.recipe);
  const advice = sourceDirAdvice(sourceContextOf(recipe, { ...context, log: () => undefined }));
  return advice === undefined ? [] : [advice.problem, advice.hint];
}
