/** A build directory below tmp in which a search builds what is nowhere yet; it shares downloads and artifacts. */
import { join, relative } from 'node:path';
import type { FileSystem, World } from '../../ports/world.ts';
import { loadMetadata, type Metadata } from '../../layers/load-metadata.ts';
import { isBelow } from '../../terms/is-below.ts';
import type { Places } from '../../terms/places.ts';
import { VarveError } from '../../terms/varve-error.ts';

/** What is otherwise in the scratch build directory. */
export interface ScratchSettings {
  /** Absolute, in the order of BBLAYERS. */
  readonly layers: readonly string[];
  /** Assignments for the end of conf/local.conf. */
  readonly lines: readonly string[];
}

/**
 * Writes the configuration of a build directory into another one, as if it stood where it does, but for what a build
 * leaves behind.
 */
export function writeScratchConf(
  { fs }: Pick<World, 'fs'>,
  { from, to }: { readonly from: Places; readonly to: string },
  { layers, lines }: ScratchSettings,
): void {
  const conf = join(to, 'conf');
  copyTexts(fs, join(from.buildDir, 'conf'), { to: conf, topDir: from.buildDir });
  const append = (name: string, added: readonly string[]): void =>
    fs.appendFileSync(join(conf, name), ['', ...added, ''].join('\n'));
  append('bblayers.conf', [`BBLAYERS = "${layers.join(' ')}"`]);
  append('local.conf', [
    'TMPDIR = "${TOPDIR}/tmp"',
    'HISTORY_DIR = "${TOPDIR}/history"',
    'DEPLOY_DIR = "${TMPDIR}/deploy"',
    'PKGDATA_DIR = "${TMPDIR}/pkgdata"',
    `DL_DIR = "${from.downloadDir}"`,
    `ARTIFACT_DIR = "${from.artifactDir}"`,
    'HISTORY_GC_BUILDS = "0"',
    ...lines,
  ]);
}

/** Reads the metadata there; an error where its configuration would have a build write into the user's own places. */
export function loadScratch(world: World, buildDir: string): Metadata {
  const metadata = loadMetadata(world, { buildDir, python: world.python, warn: () => {} });
  const { tmpDir, historyDir } = metadata.places;
  const outside = Object.entries({ TMPDIR: tmpDir, HISTORY_DIR: historyDir }).find(
    ([, dir]) => !isBelow(dir, buildDir),
  );
  if (outside === undefined) return metadata;
  const [name, dir] = outside;
  throw new VarveError(
    'usage',
    `a layer sets ${name} to ${dir}, so that nothing can be built apart from it`,
    {
      hints: [`set ${name} in conf/local.conf instead of the layer`],
    },
  );
}

/** `${TOPDIR}` stays what it was; only in BBPATH it leads to the copies. */
function copyTexts(
  fs: FileSystem,
  from: string,
  { to, topDir }: { readonly to: string; readonly topDir: string },
): void {
  fs.rmSync(to, { recursive: true, force: true });
  fs.mkdirSync(to, { recursive: true });
  const plain = (line: string): string =>
    /^\s*BBPATH\b/.test(line) ? line : line.replaceAll('${TOPDIR}', () => topDir);
  for (const path of filesBelow(fs, from)) {
    const target = join(to, relative(from, path));
    fs.mkdirSync(join(target, '..'), { recursive: true });
    fs.writeFileSync(target, fs.readFileSync(path, 'utf8').split('\n').map(plain).join('\n'));
  }
  const local = join(to, 'local.conf');
  if (!fs.existsSync(local)) fs.writeFileSync(local, '');
}

function filesBelow(fs: FileSystem, dir: string): readonly string[] {
  return fs.readdirSync(dir).flatMap((name) => {
    const path = join(dir, String(name));
    const stat = fs.statSync(path, { throwIfNoEntry: false });
    if (stat?.isDirectory() === true) return filesBelow(fs, path);
    return stat?.isFile() === true ? [path] : [];
  });
}
