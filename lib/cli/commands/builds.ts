import { defineCommand } from '../command.ts';

/** `varve builds`: the builds of this build directory. */
export const buildsCommand = defineCommand({
  command: 'builds',
  describe: 'List the builds recorded here',
  examples: [['varve builds', 'Every build: when, what, and how it ended; the newest last']],
  builder: (yargs) => yargs,
  run: async (call) => {
    const { listBuilds } = await import('../../operations/list-builds.ts');
    const { formatBuildList } = await import('../../reporting/format-builds.ts');
    const builds = listBuilds(call.world, { buildDir: call.buildDir() });
    call.answer(builds, () => formatBuildList(builds, call.paint));
  },
});
