/** One task, artifact or build, told in full. */
import type {
  Shown,
  ShownArtifact,
  ShownBuild,
  ShownFile,
  ShownPatch,
  ShownTask,
} from '../operations/lineage/shown-revision.ts';
import { splitTaskId } from '../terms/ids.ts';
import type { Input } from '../terms/inputs.ts';
import { endOfBuild, paintEnd } from './end-of-build.ts';
import { formatBuilds, formatCount, formatDuration, formatSize, formatTime } from './format-quantity.ts';
import { formatTable } from './format-table.ts';
import type { Paint } from './paint.ts';
import { printable } from './printable.ts';
import { pathFields, showPath } from './shown-path.ts';
import type { View } from './view.ts';

/** Files and inputs told at most, unless `-v` wants all. */
const TOLD = 40;

/** Writes what a REV names. */
export function formatShown(shown: Shown, view: View): string {
  switch (shown.kind) {
    case 'task':
      return formatTask(shown, view);
    case 'artifact':
      return formatArtifact(shown, view);
    case 'build':
      return formatBuild(shown, view.paint);
    default:
      return shown satisfies never;
  }
}

/** What `--json` tells: paths as text, with their bytes where they are not UTF-8. */
export function shownDocument(shown: Shown): object {
  if (shown.kind === 'build') return { schema: 1, ...shown };
  if (shown.kind === 'artifact') return { schema: 1, ...shown, files: shown.files.map(fileDocument) };
  return {
    schema: 1,
    ...shown,
    files: shown.files.map(({ path, status, to }) => ({
      ...pathFields(path),
      status,
      ...(to !== undefined && { size: to.size }),
    })),
  };
}

function fileDocument({ path, mode, size, target }: ShownFile): object {
  const link = target === undefined ? {} : { target: Buffer.from(target, 'latin1').toString('utf8') };
  return { ...pathFields(path), mode: mode.toString(8).padStart(6, '0'), size, ...link };
}

function formatTask(shown: ShownTask, view: View): string {
  const { paint } = view;
  const run = shown.runs.at(-1);
  const facts: [string, string][] = [
    ['commit', shown.commit],
    ['tree', shown.tree],
    ...(shown.signature === undefined ? [] : [['signature', shown.signature] as [string, string]]),
    ...madeIn(shown),
    ...(run === undefined
      ? []
      : [
          ['ran', `${formatDuration(run.durationMs)} in build ${run.build} on ${run.host}`] as [
            string,
            string,
          ],
        ]),
    ...(run?.exitCode === undefined ? [] : [['exit status', String(run.exitCode)] as [string, string]]),
  ];
  const { added, modified, deleted } = shown.counts;
  const rows = shown.files.map(({ status, path, to }) => [
    `  ${status}`,
    to?.oid === undefined ? '' : String(to.size),
    showPath(path),
  ]);
  const files = rows.length === 0 ? [] : formatTable(rows).trimEnd().split('\n');
  const changed = [
    section(paint, `files: ${added} added, ${modified} modified, ${deleted} deleted`, limited(files, view)),
    shown.patches === undefined ? '' : section(paint, 'patches', shown.patches.map(patchLine)),
  ].join('');
  const log = shown.log === undefined ? '' : `${paint.bold('log')}\n${shown.log.replace(/\n?$/, '\n')}`;
  const head = `${paint.bold(shown.rev)}${shown.ok ? '' : ` ${paintEnd(endOfBuild(shown), paint)}`}\n${formatFacts(facts)}`;
  // Of a failure its log is wanted first, and seldom what it was made from.
  return shown.ok
    ? [
        head,
        changed,
        consumerSection(shown, view),
        scriptSection(shown.inputs, view),
        inputSection(shown.inputs, view),
        log,
      ].join('')
    : [
        head,
        log,
        changed,
        ...(view.verbose
          ? [scriptSection(shown.inputs, view), inputSection(shown.inputs, view)]
          : [inputCount(shown.inputs, paint)]),
      ].join('');
}

/** The builds that have it, and whether a person's edits went into it. */
function madeIn({ builds, edited, edits }: ShownTask | ShownArtifact): [string, string][] {
  const shows = edits === undefined ? '' : `: varve diff ${edits} shows them`;
  return [
    ...(builds.length === 0 ? [] : [['builds', formatBuilds(builds)] as [string, string]]),
    ...(edited ? [['made with', `a person’s edits${shows}`] as [string, string]] : []),
  ];
}

function patchLine({ name, subject, author }: ShownPatch): string {
  return `  ${name}${subject === name ? '' : `: ${subject}`}${author === undefined ? '' : ` (${author})`}`;
}

/** A line a recipe. */
function consumerSection({ consumers }: ShownTask | ShownArtifact, view: View): string {
  if (consumers.length === 0) return '';
  const byRecipe = new Map<string, string[]>();
  for (const id of consumers) {
    const { recipe, task } = splitTaskId(id);
    byRecipe.set(recipe, [...(byRecipe.get(recipe) ?? []), task]);
  }
  const lines = [...byRecipe].map(([recipe, tasks]) => `  ${recipe}: ${tasks.join(', ')}`);
  return section(view.paint, 'used by', limited(lines, view));
}

/** The text of the task, and of the functions that it calls, as the recipe and its classes have them. */
function scriptSection(inputs: readonly Input[], view: View): string {
  const texts = inputs.filter(isScript).toSorted((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind));
  const lines = texts.flatMap(({ name, value, at }) => [
    `  ${name}${at === undefined ? '' : `  (${at})`}`,
    ...value
      .replaceAll(/^\n+|\s+$/g, '')
      .split('\n')
      .map((line) => `  ${printable(line)}`),
  ]);
  return lines.length === 0 ? '' : section(view.paint, 'script', limited(lines, view));
}

const isScript = ({ kind }: Input): boolean => kind === 'task' || kind === 'function';

function inputSection(inputs: readonly Input[], view: View): string {
  if (inputs.length === 0) return '';
  return section(view.paint, formatCount(inputs.length, 'input'), inputLines(inputs, view));
}

function inputCount(inputs: readonly Input[], paint: Paint): string {
  return inputs.length === 0 ? '' : `${paint.bold(formatCount(inputs.length, 'input'))} (-v tells them)\n`;
}

function formatArtifact(shown: ShownArtifact, view: View): string {
  const { paint } = view;
  const size = shown.files.reduce(
    (sum, file) => sum + ((file.mode & 0o170000) === 0o100000 ? file.size : 0),
    0,
  );
  const facts: [string, string][] = [
    ['signature', shown.signature],
    ['id', shown.id],
    ['tree', shown.tree],
    ...madeIn(shown),
  ];
  const rows = shown.files.map((file) => [
    `  ${modeText(file.mode)}`,
    (file.mode & 0o170000) === 0o100000 ? String(file.size) : '',
    showPath(file.path) + (file.target === undefined ? '' : ` -> ${showPath(file.target)}`),
  ]);
  const files = formatTable(rows).trimEnd().split('\n');
  return [
    `${paint.bold(shown.rev)}\n`,
    formatFacts(facts),
    section(
      paint,
      `${formatCount(shown.files.length, 'entry').replace('entrys', 'entries')}, ${formatSize(size)}`,
      limited(rows.length === 0 ? [] : files, view),
    ),
    consumerSection(shown, view),
    scriptSection(shown.inputs, view),
    section(
      paint,
      `${formatCount(shown.inputs.length, 'input')} of do_install`,
      inputLines(shown.inputs, view),
    ),
  ].join('');
}

const SAME_ARTIFACT = 'made another way, with the same artifact';

function formatBuild(shown: ShownBuild, paint: Paint): string {
  const { build, asked, before, recipes } = shown;
  const how = { A: 'new', D: 'gone', M: 'changed' };
  const rows = recipes.map(({ recipe, status, artifact }) => [
    `  ${recipe}`,
    before === undefined ? '' : status === 'M' && !artifact ? SAME_ARTIFACT : how[status],
  ]);
  const name = build.name === undefined ? '' : ` (@${build.name})`;
  const title = `${paint.bold(`build ${build.build}`)}${name}: ${endOfBuild(build)}, ${formatTime(Date.parse(build.time))}\n`;
  const edited = build.edited === undefined ? '' : `built with edits: ${build.edited.join(', ')}\n`;
  return `${title}${edited}${asked.replace(/\n?$/, '\n')}${headOfRecipes(shown)}${formatTable(rows)}`;
}

function headOfRecipes({ before, recipes }: ShownBuild): string {
  if (before === undefined) return 'recipes; no build before it is here\n';
  return recipes.length === 0
    ? `no recipe stands otherwise than in build ${before}\n`
    : `recipes that stand otherwise than in build ${before}\n`;
}

function formatFacts(facts: readonly (readonly [string, string])[]): string {
  return formatTable(facts.map(([name, value]) => [`  ${name}`, value]));
}

/** Kinds of input, what is the recipe's own first. */
const order: readonly Input['kind'][] = [
  'edited',
  'task',
  'function',
  'flag',
  'variable',
  'source',
  'file',
  'artifact',
  'produced',
  'after',
  'hosttool',
];

/** Host tools are many and the same everywhere: they are counted, unless all is wanted. */
function inputLines(inputs: readonly Input[], view: View): readonly string[] {
  const tools = inputs.filter(({ kind }) => kind === 'hosttool').length;
  const told = inputs
    .filter((input) => (view.verbose || input.kind !== 'hosttool') && !isScript(input))
    .toSorted((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind));
  const counted =
    view.verbose || tools === 0 ? [] : [`  and ${formatCount(tools, 'host tool')} (-v tells all)`];
  return [...limited(told.map(formatInput), view), ...counted];
}

function formatInput({ kind, name, value, at }: Input): string {
  const flat = value.replaceAll(/\s*\n\s*/g, ' ');
  const short = flat.length > 100 ? `${flat.slice(0, 99)}…` : flat;
  return `  ${kind} ${name} = ${JSON.stringify(short)}${at === undefined ? '' : `  (${at})`}`;
}

function section(paint: Paint, title: string, lines: readonly string[]): string {
  return `${paint.bold(title)}\n${lines.map((line) => `${line}\n`).join('')}`;
}

function limited(lines: readonly string[], { verbose }: View): readonly string[] {
  if (verbose || lines.length <= TOLD) return lines;
  return [...lines.slice(0, TOLD), `  and ${lines.length - TOLD} more (-v tells all)`];
}

/** As `ls -l` writes a mode: `-rwsr-xr-x`. */
function modeText(mode: number): string {
  const type = { 0o40000: 'd', 0o120000: 'l', 0o10000: 'p' }[mode & 0o170000] ?? '-';
  const triple = (bits: number, special: boolean, letter: string): string => {
    const runs = (bits & 1) !== 0;
    const last = special ? (runs ? letter : letter.toUpperCase()) : runs ? 'x' : '-';
    return `${(bits & 4) === 0 ? '-' : 'r'}${(bits & 2) === 0 ? '-' : 'w'}${last}`;
  };
  const [user, group, other] = [(mode >> 6) & 7, (mode >> 3) & 7, mode & 7];
  return (
    type +
    triple(user, (mode & 0o4000) !== 0, 's') +
    triple(group, (mode & 0o2000) !== 0, 's') +
    triple(other, (mode & 0o1000) !== 0, 't')
  );
}
