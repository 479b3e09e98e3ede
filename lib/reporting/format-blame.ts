/** Who wrote a file, line by line. */
import type { Blame, BlamedLine } from '../operations/blame-file.ts';
import type { Doubt } from '../operations/lineage/doubt.ts';
import { buildNamed } from '../terms/revision.ts';
import type { Paint } from './paint.ts';
import { printable } from './printable.ts';
import { pathFields, showPath } from './shown-path.ts';

/** Writes a line of the file after who wrote it; of what is no text one line. Its package, where it has one, comes first. */
export function formatBlame({ package: packaged, ...told }: Blame, paint: Paint): string {
  const head =
    packaged === undefined ? '' : `package ${packaged.package} of ${packaged.standing.recipe.recipe}\n`;
  return `${head}${formatLines(told, paint)}`;
}

function formatLines({ recipe, imported, lines }: Blame, paint: Paint): string {
  const who = lines.map((line) => writerOf(line, recipe));
  const builds = lines.map(({ build }) => (build === undefined ? '' : buildNamed(build, imported)));
  const [wide, buildWide] = [widest(who), widest(builds)];
  const numberWide = String(lines.length).length;
  return lines
    .map((line, i) => {
      const head = paint.dim(`${(who[i] ?? '').padEnd(wide)}  ${(builds[i] ?? '').padEnd(buildWide)}`);
      if (line.line === null) return `${head}  ${line.path === undefined ? '' : showPath(line.path)}\n`;
      const text = printable(Buffer.from(line.text ?? '', 'latin1').toString('utf8'));
      return `${head}  ${paint.dim(`${String(line.line).padStart(numberWide)})`)} ${text}\n`;
    })
    .join('');
}

/** A row a line, as `--json` tells it. */
export function blameDocument({ imported, lines, package: packaged }: Blame): readonly object[] {
  return lines.map((line) => {
    const { text: _text, path, doubt, ...row } = line;
    return {
      ...row,
      ...(imported !== undefined && { imported }),
      ...(packaged && { package: packaged.package }),
      ...(doubt && { reason: { kind: doubt } }),
      ...(path === undefined ? {} : pathFields(path)),
    };
  });
}

/** Why a writer is unknown, in the few words that a column has room for. */
const DOUBTS: Readonly<Record<Doubt, string>> = {
  'not-recorded': 'not recorded',
  'too-short': 'too short to tell',
  'single-line': 'may be copied',
  'too-much-text': 'tree too large',
  'several-writers': 'several wrote it',
};

function writerOf({ recipe, task, edits, patch, doubt, latest }: BlamedLine, asked: string): string {
  const place = recipe === asked ? '' : `${recipe}:`;
  const perhaps = latest === undefined ? 'unknown' : `${latest} or before`;
  if (task === null) return `${place}${perhaps}${doubt === undefined ? '' : ` (${DOUBTS[doubt]})`}`;
  const number = edits === undefined ? '' : `@${edits}`;
  return `${place}${task}${number}${patch === undefined ? '' : ` ${patch}`}`;
}

function widest(texts: readonly string[]): number {
  return texts.reduce((width, text) => Math.max(width, text.length), 0);
}
