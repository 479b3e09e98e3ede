import { basename, join, relative } from 'node:path';
import { closest } from '../terms/closest.ts';
import type { SourceContext } from './source-context.ts';

/** Names of UNPACKDIR that are shown. */
const shown = 8;

/** Says that S is empty or not there though there are sources, where they are, and which line would mend it. */
export function sourceDirAdvice(
  context: Pick<SourceContext, 's' | 'srcUri' | 'unpackDir' | 'workdir' | 'world'>,
): { readonly problem: string; readonly hint: string } | undefined {
  const { s, unpackDir } = context;
  if (context.srcUri.trim() === '' || namesIn(context, s).length > 0) return undefined;
  const made = namesIn(context, unpackDir).filter((name) => join(unpackDir, name) !== s);
  const dirs = made.filter((name) => isDirectory(context, join(unpackDir, name)));
  const listed = made.map((name) => (dirs.includes(name) ? `${name}/` : name));
  const more = listed.length > shown ? ` and ${listed.length - shown} more` : '';
  const there =
    listed.length === 0
      ? `there is nothing in ${unpackDir}`
      : `in ${unpackDir} there is ${listed.slice(0, shown).join(', ')}${more}`;
  const state = context.world.fs.existsSync(s) ? 'is empty' : 'does not exist';
  return {
    problem: `S is ${s}, which ${state}; ${there}`,
    hint: `put into the recipe: S = "${likely(context, dirs)}"`,
  };
}

/** The directory that was most likely meant, as a recipe writes it. */
function likely(
  { s, unpackDir, workdir }: Pick<SourceContext, 's' | 'unpackDir' | 'workdir'>,
  dirs: readonly string[],
): string {
  const top = relative(workdir, unpackDir) === '' ? '${WORKDIR}' : '${UNPACKDIR}';
  const dir = dirs.length < 2 ? dirs[0] : (closest(basename(s), dirs) ?? dirs[0]);
  return dir === undefined ? top : `${top}/${dir}`;
}

function namesIn({ world }: Pick<SourceContext, 'world'>, dir: string): readonly string[] {
  return isDirectory({ world }, dir) ? world.fs.readdirSync(dir).toSorted() : [];
}

function isDirectory({ world }: Pick<SourceContext, 'world'>, path: string): boolean {
  return world.fs.existsSync(path) && world.fs.statSync(path).isDirectory();
}
