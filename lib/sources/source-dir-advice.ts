import { basename, join, relative } from 'node:path';
import { closest } from '../terms/closest.ts';
import { isBelow } from '../terms/is-below.ts';
import type { SourceContext } from './source-context.ts';
import { firstOf } from '../terms/first-of.ts';

/** Names of UNPACKDIR that are shown. */
const shown = 8;

type Dirs = Pick<SourceContext, 's' | 'b' | 'srcUri' | 'unpackDir' | 'workdir' | 'world'>;

/** Says that S has no sources though there are some, where they are, and which line would mend it. */
export function sourceDirAdvice(
  context: Dirs,
): { readonly problem: string; readonly hint: string } | undefined {
  const { s, unpackDir } = context;
  const state = context.srcUri.trim() === '' ? undefined : problemWith(context);
  if (state === undefined) return undefined;
  const made = namesIn(context, unpackDir).filter((name) => join(unpackDir, name) !== s);
  const dirs = made.filter((name) => isDirectory(context, join(unpackDir, name)));
  const listed = made.map((name) => (dirs.includes(name) ? `${name}/` : name));
  const there =
    listed.length === 0
      ? `there is nothing in ${unpackDir}`
      : `in ${unpackDir} there is ${firstOf(listed, shown)}`;
  return {
    problem: `S is ${s}, which ${state}; ${there}`,
    hint: `put into the recipe: S = "${likely(context, dirs)}"`,
  };
}

/** `S = "${WORKDIR}"` is how it was written while sources were unpacked there. */
function problemWith(context: Dirs): string | undefined {
  const { s, b, unpackDir, world } = context;
  if (isBelow(unpackDir, s)) return 'is not where sources are unpacked';
  if (!world.fs.existsSync(s)) return 'does not exist';
  const own = namesIn(context, s).filter((name) => b === s || !isAt(b, join(s, name)));
  return own.length === 0 ? 'is empty' : undefined;
}

const isAt = (path: string, dir: string): boolean => path === dir || isBelow(path, dir);

/** The directory that was most likely meant, as a recipe writes it. */
function likely({ s, unpackDir, workdir }: Dirs, dirs: readonly string[]): string {
  const top = relative(workdir, unpackDir) === '' ? '${WORKDIR}' : '${UNPACKDIR}';
  if (isBelow(unpackDir, s)) return top;
  const dir = dirs.length < 2 ? dirs[0] : (closest(basename(s), dirs) ?? dirs[0]);
  return dir === undefined ? top : `${top}/${dir}`;
}

function namesIn({ world }: Pick<SourceContext, 'world'>, dir: string): readonly string[] {
  return isDirectory({ world }, dir) ? world.fs.readdirSync(dir).toSorted() : [];
}

function isDirectory({ world }: Pick<SourceContext, 'world'>, path: string): boolean {
  return world.fs.existsSync(path) && world.fs.statSync(path).isDirectory();
}
