/** Writes a build directory. */
import { basename, join } from 'node:path';
import type { World } from '../ports/world.ts';
import { shellWord } from '../terms/shell-word.ts';
import { fitPath, unfitForPaths } from '../terms/unfit-for-paths.ts';
import { VarveError } from '../terms/varve-error.ts';

export interface MadeBuildDir {
  readonly buildDir: string;
  readonly layers: readonly string[];
  readonly files: readonly string[];
}

/** Writes conf/bblayers.conf and conf/local.conf into `dir`; refuses where a build directory stands already. */
export function initBuildDir(
  world: World,
  request: { readonly dir: string; readonly layers: readonly string[] },
): MadeBuildDir {
  const { dir } = request;
  const layers = [...new Set(request.layers)];
  const conf = join(dir, 'conf');
  const [bblayers, local] = [join(conf, 'bblayers.conf'), join(conf, 'local.conf')];
  if (world.fs.existsSync(bblayers)) {
    throw new VarveError('usage', `${dir} is a build directory already`, {
      hints: [`add layers to BBLAYERS in ${bblayers}`, `varve -B ${dir} recipes   lists what it can build`],
    });
  }
  const unfit = unfitForPaths(dir);
  if (unfit !== undefined) {
    throw new VarveError('usage', `${dir} cannot be a build directory: ${unfit} in a path breaks recipes`, {
      hints: [`varve init ${fitPath(dir)}`],
    });
  }
  for (const layer of layers) checkLayer(world, layer);
  try {
    world.fs.mkdirSync(conf, { recursive: true });
    if (!world.fs.existsSync(local)) world.fs.writeFileSync(local, localConf);
    // The file that makes it a build directory comes last.
    world.fs.writeFileSync(bblayers, bblayersConf(layers));
  } catch (cause) {
    const named = layers.map((layer) => ` --layer ${layer}`).join('');
    throw new VarveError('usage', `${dir} cannot be written: ${(cause as Error).message}`, {
      hints: [`varve init ~/${basename(dir)}${named}   or another place that is yours`],
      cause,
    });
  }
  return { buildDir: dir, layers, files: [bblayers, local] };
}

function checkLayer(world: World, layer: string): void {
  const unfit = unfitForPaths(layer);
  if (unfit !== undefined) {
    // Its own directory, or the first one above it that is called so.
    const [unfitDir = layer] = layer.split('/').flatMap((name, depth, names) => {
      const isUnfit = unfitForPaths(name) !== undefined;
      return isUnfit ? [names.slice(0, depth + 1).join('/')] : [];
    });
    throw new VarveError('usage', `a layer cannot stand in ${layer}: ${unfit} in a path breaks recipes`, {
      hints: [`mv ${shellWord(unfitDir)} ${fitPath(unfitDir)}   and name the layer there`],
    });
  }
  if (world.fs.existsSync(join(layer, 'conf', 'layer.conf'))) return;
  throw new VarveError('usage', `${layer} is not a layer: it has no conf/layer.conf`, {
    hints: ['--layer takes the directory that contains conf/layer.conf'],
  });
}

function bblayersConf(layers: readonly string[]): string {
  const lines = layers.map((layer) => `  ${layer} \\\n`).join('');
  return `# The layers whose recipes are built here, one a line.\nBBLAYERS = " \\\n${lines}"\n`;
}

const localConf = `# What is particular to this build directory. All of it is optional.

# What to build for: conf/machine/*.conf and conf/distro/*.conf of the layers; MACHINE=pc varve build … says it for once.
#MACHINE ?= ""
#DISTRO ?= ""

# Where downloads and artifacts are kept, so that several build directories can share them.
#DL_DIR = "\${TOPDIR}/downloads"
#ARTIFACT_DIR = "\${TOPDIR}/artifacts"

# Where else artifacts are looked for: http(s):// and file:// roots that have ac/ and cas/.
#ARTIFACT_MIRRORS = ""

# What make and its like do at once within a task.
#PARALLEL_MAKE = "-j 4"
`;
