import { join } from 'node:path';
import type { FileSystem } from '../ports/world.ts';
import { openRefs } from './refs.ts';
import { readIfThere, replaceFile } from './replace-file.ts';

/**
 * Nothing on a user's machine may change what git makes of a history, and nothing in a source tree
 * may make git convert or execute anything. Of a large file git makes no delta, which could only be read whole.
 */
const CONFIG = `[core]
	repositoryformatversion = 0
	filemode = true
	bare = BARE
	symlinks = true
	ignorecase = false
	precomposeunicode = false
	logallrefupdates = false
	autocrlf = false
	safecrlf = false
	fsmonitor = false
	untrackedCache = false
	hooksPath = /dev/null
	attributesFile = /dev/null
	excludesFile = /dev/null
	bigFileThreshold = 64m
[gc]
	auto = 0
[maintenance]
	auto = false
[submodule]
	recurse = false
[status]
	submoduleSummary = false
`;

const ATTRIBUTES =
  '* -text -eol -ident -filter -working-tree-encoding -export-subst -export-ignore !merge !diff\n';

/** What keeps git from changing, converting or executing anything; paths within the repository. */
export function protectingFiles(options: {
  readonly bare: boolean;
}): readonly { readonly path: string; readonly text: string }[] {
  return [
    { path: 'config', text: CONFIG.replace('BARE', String(options.bare)) },
    { path: 'info/attributes', text: ATTRIBUTES },
  ];
}

/** Sets up a repository where there is none; what is there already is left as it is. */
export function createRepository(fs: FileSystem, gitDir: string, options: { readonly bare: boolean }): void {
  if (fs.existsSync(join(gitDir, 'HEAD'))) return;
  for (const dir of ['info', 'objects/info', 'objects/pack', 'refs/heads', 'refs/tags', 'varve']) {
    fs.mkdirSync(join(gitDir, dir), { recursive: true });
  }
  for (const { path, text } of protectingFiles(options)) fs.writeFileSync(join(gitDir, path), text);
  // Written last: this is what makes the directory a repository.
  openRefs(fs, gitDir).clearHead();
}

/** Tells git which paths are not its business: anchored patterns for raw paths. */
export function writeExcludes(fs: FileSystem, gitDir: string, paths: readonly string[]): void {
  const path = join(gitDir, 'info', 'exclude');
  const text = paths.map((excluded) => `/${pattern(excluded)}\n`).join('');
  if (readIfThere(fs, path) === text) return;
  replaceFile(fs, { path, temporary: `${path}.new` }, Buffer.from(text, 'latin1'));
}

/** A newline cannot be written in a pattern; `?` stands for any one character. */
function pattern(path: string): string {
  return path.replaceAll(/[\\*?[ ]/g, (special) => `\\${special}`).replaceAll(/[\n\r]/g, '?');
}
