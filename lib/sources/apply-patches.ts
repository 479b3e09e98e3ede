import { join, relative, resolve } from 'node:path';
import type { RunResult } from '../ports/world.ts';
import { systemPath } from '../trees/raw-text.ts';
import { downloadPath } from './fetch-download.ts';
import { findLocalFile } from './find-local-file.ts';
import { canBeWritten, listPatches, type SourcePatch } from './list-patches.ts';
import { parseSrcUri } from './parse-src-uri.ts';
import { parsePatchHeader, type PatchHeader } from './patch-header.ts';
import { parsePatchOutput, type InexactHunk, type PatchOutput } from './patch-output.ts';
import { explainFailure, sourceError, type SourceContext } from './source-context.ts';
import { sourceDirAdvice } from './source-dir-advice.ts';

export interface PatchResult {
  readonly applied: readonly AppliedPatch[];
  /** A line for each patch that needed fuzz or an offset. */
  readonly warnings: readonly string[];
}

export interface AppliedPatch {
  /** As in SRC_URI, without parameters. */
  readonly name: string;
  readonly path: string;
  readonly header: PatchHeader;
  /** What it worked on: the directory that it was applied in, and a path in there. */
  readonly files: readonly { readonly dir: string; readonly name: string }[];
}

/**
 * Does do_patch: applies the patches of SRC_URI in order, in S or their `;patchdir=`, with the host's patch.
 * `onApplied` is called after each, so that it can be recorded on its own. The first that does not apply ends it; its
 * rejects stay in the tree, and the error says what of it did apply.
 */
export function applyPatches(context: SourceContext, onApplied?: (patch: AppliedPatch) => void): PatchResult {
  const patches = listPatches(parseSrcUri(context.srcUri, context));
  const applied: AppliedPatch[] = [];
  const warnings: string[] = [];
  for (const patch of patches) {
    const path = patchFile(context, patch);
    const name = patch.uri.kind === 'file' ? patch.uri.path : patch.uri.localName;
    try {
      const { dir, output } = applyOne(context, { patch, path, name, before: applied.length });
      warnings.push(...describeInexact(name, output.inexact));
      const header = parsePatchHeader(context.world.fs.readFileSync(path, 'utf8'));
      const files = [...output.files, ...output.renamed].map((file) => ({ dir, name: file }));
      const done = { name, path, header, files };
      applied.push(done);
      onApplied?.(done);
    } catch (error) {
      throw explainFailure(context, patch.uri.text, error);
    }
  }
  for (const warning of warnings) context.log(`warning: ${warning}`);
  return { applied, warnings };
}

/** The patch as do_unpack left it: what the task before made of it counts. */
function patchFile(context: SourceContext, { uri, path }: SourcePatch): string {
  const unpacked = resolve(context.unpackDir, path);
  if (context.world.fs.existsSync(unpacked)) return unpacked;
  return uri.kind === 'file' ? findLocalFile(context, uri) : downloadPath(context, uri);
}

interface Application {
  readonly patch: SourcePatch;
  readonly path: string;
  readonly name: string;
  /** How many patches have been applied before. */
  readonly before: number;
}

function applyOne(
  context: SourceContext,
  application: Application,
): { readonly dir: string; readonly output: PatchOutput } {
  const { fs } = context.world;
  const { patch, path, name } = application;
  const dir = patchDirectory(context, patch);
  if (!fs.existsSync(path)) {
    throw sourceError(context, 'task', {
      message: `the patch ${path} is gone`,
      uri: patch.uri.text,
      hints: [`varve build -f -c unpack ${context.recipe}`],
    });
  }
  context.log(`applying ${name}`);
  const result = runPatch(context.world, { dir, path, striplevel: patch.striplevel });
  const text = `${result.stdout.toString('utf8')}${result.stderr.toString('utf8')}`;
  for (const line of text.split('\n')) if (line !== '') context.log(`  ${line}`);
  const output = parsePatchOutput(text);
  if (result.status === 0) return { dir, output };
  if (result.status === 127) {
    throw sourceError(context, 'task', {
      message: 'there is no program patch in PATH',
      hints: ['Install GNU patch.'],
    });
  }
  throw doesNotApply(context, application, { output, dir });
}

/** Runs the host's patch as do_patch does; status 127 or null: there is none. */
export function runPatch(
  { env, run }: Pick<SourceContext['world'], 'env' | 'run'>,
  { dir, path, striplevel }: { readonly dir: string; readonly path: string; readonly striplevel: number },
): RunResult {
  // -f asks nothing and assumes nothing; read-only files are what many archives hold.
  const options = [
    '-f',
    `-p${striplevel}`,
    '--no-backup-if-mismatch',
    '--read-only=ignore',
    '--quoting-style=c-maybe',
  ];
  const command = ['-c', 'umask 022 && exec patch "$@"', 'patch', ...options, '-d', dir, '-i', path];
  return run('/bin/sh', command, { env: { PATH: env['PATH'] ?? '/usr/bin:/bin', LC_ALL: 'C' } });
}

function patchDirectory(context: SourceContext, { uri, patchdir }: SourcePatch): string {
  const { fs } = context.world;
  const dir = patchdir === undefined ? context.s : resolve(context.s, patchdir);
  const fail = (message: string, hint: string): Error =>
    sourceError(context, 'metadata', { message, uri: uri.text, hints: [hint] });
  if (!fs.existsSync(dir)) {
    const advice = patchdir === undefined ? sourceDirAdvice(context)?.hint : undefined;
    throw fail(
      `"${uri.text}" is to be applied in ${dir}, which does not exist`,
      advice ?? 'Set patchdir to a directory, relative to S, that the sources are unpacked to.',
    );
  }
  const inside = relative(fs.realpathSync(context.workdir), fs.realpathSync(dir));
  if (inside.startsWith('..')) {
    throw fail(
      `"${uri.text}" is to be applied in ${dir}, outside of WORKDIR`,
      'Patches change sources below WORKDIR only.',
    );
  }
  return dir;
}

interface Failure {
  readonly output: PatchOutput;
  readonly dir: string;
}

const REJECT_LINES = 25;

function doesNotApply(
  context: SourceContext,
  { patch, name, before }: Application,
  { output, dir }: Failure,
): Error {
  for (const reject of output.rejects) {
    context.log(`${shown(reject)}:`);
    const lines = readText(context, join(dir, reject)).trimEnd().split('\n');
    for (const line of lines.slice(0, REJECT_LINES)) context.log(`  ${line}`);
    if (lines.length > REJECT_LINES) context.log(`  … ${lines.length - REJECT_LINES} more lines`);
  }
  const fitting = output.files
    .filter((file) => !output.unfit.includes(file))
    .map((file) => {
      const isThere = context.world.fs.existsSync(systemPath(join(dir, file)));
      return isThere ? shown(file) : `${shown(file)} (removed)`;
    });
  const earlier = ['It is the first patch', 'The patch before it is applied'][before];
  return sourceError(context, 'task', {
    message: `the patch ${name} does not apply`,
    uri: patch.uri.text,
    hints: [
      ...(output.rejects.length === 0
        ? []
        : [`what was rejected: ${output.rejects.map((reject) => shown(join(dir, reject))).join(' ')}`]),
      `${earlier ?? `The ${before} patches before it are applied`}; of this one, what fits is in ${fitting.length === 0 ? 'no file' : fitting.join(', ')}, in ${dir}`,
      ...(canBeWritten(patch)
        ? [
            `varve shell ${context.recipe}:do_patch@failed   to put it right there; varve edit finish ${context.recipe} then rewrites the patch`,
          ]
        : []),
      `varve shell ${context.recipe}:unpack   the source that the first patch meets`,
    ],
  });
}

/** On one line, whatever is in a name. */
function shown(name: string): string {
  // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
  return /[\u0000-\u001f]/.test(name) ? JSON.stringify(name) : name;
}

function readText(context: SourceContext, path: string): string {
  try {
    return context.world.fs.readFileSync(systemPath(path), 'utf8');
  } catch {
    return '';
  }
}

function describeInexact(name: string, hunks: readonly InexactHunk[]): readonly string[] {
  const fuzzy = hunks.filter((hunk) => hunk.fuzz > 0);
  const shifted = hunks.filter((hunk) => hunk.fuzz === 0);
  const list = (some: readonly InexactHunk[], how: (hunk: InexactHunk) => string): string =>
    some.map((hunk) => `${shown(hunk.file)} hunk ${hunk.hunk} (${how(hunk)})`).join(', ');
  return [
    ...(fuzzy.length === 0
      ? []
      : [
          `${name} applies only with fuzz, look whether it does what it should: ${list(fuzzy, (hunk) => `fuzz ${hunk.fuzz}`)}`,
        ]),
    ...(shifted.length === 0
      ? []
      : [`${name} applies at other lines: ${list(shifted, (hunk) => `offset ${hunk.offset}`)}`]),
  ];
}
