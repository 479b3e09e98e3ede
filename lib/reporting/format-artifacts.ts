import type { AcEntry, BuildPaths } from '../artifacts/ac-entry.ts';
import type { StoreListing } from '../artifacts/store.ts';
import type { ImportedFile } from '../operations/artifact-files.ts';
import type { PushedArtifacts } from '../operations/push-artifacts.ts';
import type { ShownArtifact, VerifiedStore } from '../operations/artifacts.ts';
import { formatCount, formatSize, formatTime } from './format-quantity.ts';
import { formatTable } from './format-table.ts';
import { decodeRaw, shownPath } from '../trees/raw-text.ts';
import type { View } from './view.ts';

/** Lists artifacts, a line each. */
export function formatArtifacts(listing: StoreListing, { verbose }: View): string {
  const { entries } = listing;
  if (entries.length === 0)
    return formatLosses(listing).length > 0 ? 'nothing in the store can be used\n' : 'the store is empty\n';
  const short = (hex: string): string => (verbose ? hex : hex.slice(0, 12));
  return formatTable(
    entries.map(({ recipe, version, task, signature, id, archive }) => [
      recipe,
      version,
      task === 'do_install' ? '' : task,
      `signature ${short(signature)}`,
      `id ${short(id)}`,
      formatSize(archive.size),
    ]),
  );
}

/** Tells all that is known of one. */
export function formatArtifact(entry: ShownArtifact, { paint }: View): string {
  const { archive } = entry;
  const facts = [
    ['signature', entry.signature],
    ['id', entry.id],
    ['tree', entry.tree],
    ['archive', `${archive.sha256}, ${formatSize(archive.size)}, ${archive.compression}`],
    ['unpacked', formatSize(entry.unpacked)],
    ['times', formatTime(entry.time * 1000)],
    ['built by', `varve ${entry.builtBy.varve} on ${entry.builtBy.host}${builtAt(entry)}`],
    ...(entry.signedBy === undefined ? [] : [['signed by', entry.signedBy]]),
    ...(entry.refused === undefined ? [] : [['not used', `it ${entry.refused}`]]),
  ];
  const table = formatTable(facts.map(([name = '', value = '']) => [`  ${name}`, value]));
  const { buildPaths } = entry;
  const names = buildPaths === undefined ? '' : formatNaming(buildPaths);
  return `${paint.bold(`${entry.recipe} ${entry.version}`)}\n${table}${names}`;
}

/** Tells which files of an artifact name directories of the build that made it. */
function formatNaming({ dir, files, more = 0 }: BuildPaths): string {
  const rows = files.map(({ path, where = '', task }) => [
    `    /${shownPath(decodeRaw(path))}`,
    where,
    task === undefined ? '' : `from ${task}`,
  ]);
  return `  names ${dir} in\n${formatTable(rows)}${more > 0 ? `    and ${more} more\n` : ''}`;
}

/** Warns of an artifact that names directories of the build that made it; undefined: it names none. */
export function formatBuildPaths({ recipe, version, buildPaths }: AcEntry): string | undefined {
  if (buildPaths === undefined) return undefined;
  const { dir, files, more = 0 } = buildPaths;
  return `warning: ${recipe} ${version} names ${dir}, where it was built, in ${formatCount(files.length + more, 'file')}`;
}

/** Tells what was written. */
export function formatExported(entry: AcEntry, file: string): string {
  return `${file}: ${entry.recipe} ${entry.version}, ${formatSize(entry.archive.size)}, sha256 ${entry.archive.sha256}\n`;
}

/** Tells what became of a file that was to be taken in. */
export function formatImported({ recipe, version, outcome, id }: ImportedFile, file: string): string {
  const name = `${file}: ${recipe} ${version}`;
  switch (outcome) {
    case 'imported':
      return `${name} is in the store now\n`;
    case 'already-there':
      return `${name} is in the store already\n`;
    case 'other':
      return `${name} is not reproducible: the store has another artifact for the same inputs (${id.slice(0, 12)}), which stays\n`;
    default:
      return outcome satisfies never;
  }
}

/** Tells how the store is. */
export function formatVerified({ checked, damaged, withoutArchive }: VerifiedStore): string {
  const lines = damaged.map(
    ({ recipe, version, task, signature, why }) =>
      `${recipe === undefined ? `entry ${signature}` : `${recipe} ${version}${ofTask(task)}`} is damaged: ${why}\n`,
  );
  const gone = withoutArchive.map(
    ({ recipe, version, task }) =>
      `${recipe} ${version}${ofTask(task)} has no archive here: the next build that needs it makes it anew\n`,
  );
  if (damaged.length === 0) return `${gone.join('')}${formatCount(checked, 'artifact')}, all whole\n`;
  return `${lines.join('')}${gone.join('')}${damaged.length} of ${formatCount(checked, 'artifact')} damaged, and taken out of the way: the next build that needs one makes it anew\n`;
}

/** Tells what became of what was pushed. */
export function formatPushed({ artifacts, mirror, revocations }: PushedArtifacts, { quiet }: View): string {
  const pushed = artifacts.filter((each) => each.pushed.kind === 'pushed').map(({ entry }) => entry);
  const rows = pushed.map(({ recipe, version, task, archive }) => [
    `${recipe}${ofTask(task)} ${version}`,
    formatSize(archive.size),
    'pushed',
  ]);
  const stand = artifacts.filter(({ pushed: { kind } }) => kind === 'stands' || kind === 'other').length;
  const before = stand === 0 ? '' : `, ${stand} ${stand === 1 ? 'was' : 'were'} there`;
  if (quiet) return '';
  const revoked = revocations === 0 ? '' : `${formatCount(revocations, 'revocation')} pushed to ${mirror}\n`;
  if (artifacts.length === 0 && revocations > 0) return revoked;
  if (pushed.length === 0)
    return `${revoked}nothing to push: ${formatCount(stand, 'artifact')} at ${mirror} already\n`;
  return `${revoked}${formatTable(rows)}${formatCount(pushed.length, 'artifact')} pushed to ${mirror}${before}\n`;
}

/** Tells what is wrong with artifacts that were to be pushed, a line each. */
export function formatPushTroubles({ artifacts, mirror }: PushedArtifacts): readonly string[] {
  return artifacts.flatMap(({ entry, pushed }) => {
    const name = `${entry.recipe}${ofTask(entry.task)}`;
    const notReproducible = `warning: ${name} is not reproducible: of the same inputs`;
    switch (pushed.kind) {
      case 'pushed':
        return [];
      case 'stands':
        return pushed.disputed === undefined
          ? []
          : [
              `${notReproducible} ${pushed.disputed.builtBy.host} made another artifact; the one at ${mirror}, which is used here, stays`,
            ];
      case 'other':
        return [
          `${notReproducible} ${pushed.entry.builtBy.host} made another artifact, which was first at ${mirror} and is used here from now on`,
          `hint: varve build ${entry.recipe} && varve diff ${entry.recipe} ${entry.recipe}:install   shows what differs`,
        ];
      case 'damaged':
        return [`warning: ${name} is damaged in the store, and was not pushed: ${pushed.why}`];
      case 'refused':
        return [`warning: ${name} ${pushed.why}; it was not pushed`];
      case 'held':
        return [
          `warning: ${name}: what there is at ${mirror} ${pushed.why}, and the mirror does not let it be replaced: who runs it can remove ${pushed.path}`,
        ];
      default:
        return pushed satisfies never;
    }
  });
}

/** Says that a listing is not the whole. */
export function formatLosses({ damaged, bereft, refused }: StoreListing): readonly string[] {
  const reasons = [...new Set(refused.map(({ why }) => why))].sort();
  const notListed = (count: number): string => `note: ${formatCount(count, 'entry', 'entries')} not listed`;
  return [
    ...(damaged.length > 0 ? [`${notListed(damaged.length)}, being damaged: varve artifact verify`] : []),
    ...(bereft.length > 0 ? [`${notListed(bereft.length)}, having no archive`] : []),
    ...reasons.map(
      (why) => `${notListed(refused.filter((each) => each.why === why).length)}, because it ${why}`,
    ),
  ];
}

const builtAt = ({ builtBy: { at } }: AcEntry): string =>
  at === undefined ? '' : `, ${formatTime(Date.parse(at))}`;

const ofTask = (task: string | undefined): string =>
  task === undefined || task === 'do_install' ? '' : `:${task}`;
