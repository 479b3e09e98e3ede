/** The workspace of generate-workspace.py as a Makefile: the same tasks, the same edges, the same files that they hang on. */
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';

const stages = ['fetch', 'unpack', 'patch', 'configure', 'compile', 'install', 'package', 'build'];

/**
 * A stamp for each task of a recipe, one after the other; do_configure after the do_install of each dependency, do_build
 * after its do_build. Every task hangs on the text of its recipe and on what all recipes are read with, as in varve.
 */
export function writeMakefile(layer, dir) {
  const shared = ['classes/base.bbclass', 'conf/bitbake.conf', 'conf/layer.conf', 'build/conf/local.conf'];
  const files = readdirSync(join(layer, 'recipes'), { recursive: true }).filter((file) =>
    file.endsWith('.bb'),
  );
  const rules = files.flatMap((file) => {
    const path = join(layer, 'recipes', file);
    const text = readFileSync(path, 'utf8').replaceAll('\\\n', ' ');
    const name = file.split('/').pop().split('_')[0];
    const needs = [...text.matchAll(/^DEPENDS \+?= "([^"]*)"/gm)].flatMap((match) =>
      match[1].split(/\s+/).filter(Boolean),
    );
    const across = {
      configure: needs.map((need) => `stamps/${need}.install`),
      build: needs.map((need) => `stamps/${need}.build`),
    };
    return stages.map((stage, index) => {
      const before = index === 0 ? [] : [`stamps/${name}.${stages[index - 1]}`];
      const inputs = [relative(dir, path), ...shared.map((each) => relative(dir, join(layer, each)))];
      const needed = [...before, ...(across[stage] ?? []), ...inputs];
      return `stamps/${name}.${stage}: ${needed.join(' ')}\n\t@: ${name}; touch $@\n`;
    });
  });
  writeFileSync(join(dir, 'Makefile'), `all: stamps/everything.build\n${rules.join('')}`);
  return { tasks: rules.length };
}
