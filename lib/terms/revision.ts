/** REV, the words by which people name what the record holds. */
import { closest } from './closest.ts';
import { taskName } from './ids.ts';
import { VarveError } from './varve-error.ts';

export type Revision =
  /** `@12`, `12`, `@-1`, `@ok`, `@NAME`. */
  | { readonly kind: 'build'; readonly build: string }
  /** `RECIPE`, `RECIPE@BUILD`: the artifact. */
  | ({ readonly kind: 'artifact'; readonly build?: string } & RecipeName)
  /** `RECIPE:TASK`, `RECIPE@BUILD:TASK`: the WORKDIR after that task. */
  | ({ readonly kind: 'task'; readonly task: string; readonly build?: string } & RecipeName)
  /** `RECIPE:TASK@failed`: the WORKDIR that the newest failure left. */
  | ({ readonly kind: 'failed'; readonly task: string } & RecipeName)
  /** `RECIPE:edited`, `RECIPE:edited@3`: a person's edits, the newest or the third. */
  | ({ readonly kind: 'edited'; readonly n?: number } & RecipeName);

export interface RecipeName {
  /** PACKAGE_ARCH, where it was named. */
  readonly arch?: string;
  readonly recipe: string;
}

/**
 * Whether a recipe may be called so: RECIPE@BUILD:TASK and ARCH/RECIPE are how its states are named, in shells too, and lists
 * split at blanks.
 */
export function isRecipeName(name: string): boolean {
  return /^[\p{L}\p{N}_][^\s:@/"'`$\\\p{Cc}]*$/u.test(name);
}

/** Reads a REV; `build` is what stood after `@`. Throws a usage error that shows the forms there are. */
export function parseRevision(text: string): Revision {
  if (/^\d+$/.test(text)) return { kind: 'build', build: text };
  if (/^-\d+$/.test(text)) throw malformed(text, `@${text}`);
  if (/^@[^@:/\s]+$/.test(text)) return { kind: 'build', build: text.slice(1) };
  const match = /^(?:([^@:/\s]+)\/)?([^@:/\s]+)(?:@([^@:/\s]+))?(?::([^@:/\s]+)(?:@([^@:/\s]+))?)?$/.exec(
    text,
  );
  const [, arch, recipe, build, task, at] = match ?? [];
  if (recipe === undefined) throw malformed(text);
  const name = { ...(arch === undefined ? {} : { arch }), recipe };
  const inBuild = build === undefined ? {} : { build };
  if (task === undefined) return { kind: 'artifact', ...name, ...inBuild };
  if (task === 'edited' && build !== undefined)
    throw malformed(text, formatRevision({ kind: 'edited', ...name }));
  if (task === 'edited') return edited(text, name, at);
  if (at === undefined) return { kind: 'task', ...name, task: taskName(task), ...inBuild };
  if (at !== 'failed' || build !== undefined) throw malformed(text, meant(match ?? []));
  return { kind: 'failed', ...name, task: taskName(task) };
}

/** A REV without the name of an import that stands in it: `zlib@NAME@12:do_compile`, `@NAME@12`, `zlib@NAME:do_compile@failed`. */
export interface ImportedRevision {
  readonly name: string;
  /** As it is typed where the build was made. */
  readonly rev: string;
}

/** Takes the name of an import out of a REV; undefined where none can be in it. */
export function splitImport(text: string): ImportedRevision | undefined {
  const [, before, name, rest] =
    /^([^@:/\s]*(?:\/[^@:/\s]+)?)@([A-Za-z][\w.-]*)(@[^@:/\s]+(?::.*)?|:[^@:/\s]+@[^@:/\s]+|:edited)$/.exec(
      text,
    ) ?? [];
  if (before === undefined || name === undefined || rest === undefined) return undefined;
  return before === '' && rest.startsWith(':') ? undefined : { name, rev: before + rest };
}

/** Puts the name of an import into a REV. */
export function joinImport({ name, rev }: ImportedRevision): string {
  const end = rev.search(/[@:]/);
  return end === -1 ? `${rev}@${name}` : `${rev.slice(0, end)}@${name}${rev.slice(end)}`;
}

/** A build as sentences call it: `build 12`, `build 12 of ann`. */
export function buildNamed(n: number | string | undefined, imported: string | undefined): string {
  return imported === undefined ? `build ${n}` : `build ${n} of ${imported}`;
}

function edited(text: string, name: RecipeName, at: string | undefined): Revision {
  if (at === undefined) return { kind: 'edited', ...name };
  if (!/^\d+$/.test(at)) throw malformed(text);
  return { kind: 'edited', ...name, n: Number(at) };
}

/** `zlib:compile@3` is `zlib@3:compile`; a failure is that of the newest run, whatever the build. */
function meant([, arch, recipe = '', build, task = '', at = '']: readonly (string | undefined)[]): string {
  const name = arch === undefined ? recipe : `${arch}/${recipe}`;
  if (build !== undefined || closest(at, ['failed']) !== undefined) return `${name}:${task}@failed`;
  return `${name}@${at}:${task}`;
}

function malformed(text: string, near?: string): VarveError {
  return new VarveError('usage', `"${text}" names nothing in the record`, {
    hints: [
      ...(near === undefined ? [] : [`did you mean "${near}"?`]),
      'RECIPE or RECIPE@BUILD is an artifact: zlib, zlib@12, zlib@ok, zlib@-1',
      'RECIPE:TASK or RECIPE@BUILD:TASK is the WORKDIR after a task: zlib:compile, zlib@12:do_compile, zlib:compile@failed, zlib:edited',
      '@BUILD is a build: @12, @-1 (the one before the newest), @ok, @NAME',
      'of an import: @NAME@12, zlib@NAME@12:compile, zlib@NAME:compile@failed',
    ],
  });
}

/** Writes a revision as it is typed. */
export function formatRevision(revision: Revision): string {
  if (revision.kind === 'build') return `@${revision.build}`;
  const recipe = revision.arch === undefined ? revision.recipe : `${revision.arch}/${revision.recipe}`;
  switch (revision.kind) {
    case 'artifact':
      return recipe + (revision.build === undefined ? '' : `@${revision.build}`);
    case 'task':
      return `${recipe}${revision.build === undefined ? '' : `@${revision.build}`}:${revision.task}`;
    case 'failed':
      return `${recipe}:${revision.task}@failed`;
    case 'edited':
      return `${recipe}:edited${revision.n === undefined ? '' : `@${revision.n}`}`;
    default:
      return revision satisfies never;
  }
}
