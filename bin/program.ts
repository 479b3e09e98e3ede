// The world first: whether there is a current directory is looked at before anything else asks for it.
import { createWorld } from '../lib/world/world.ts';
import { main, reportFault } from '../lib/cli/main.ts';

/** Obeys the words of the command line, and ends the process. */
export async function run(): Promise<void> {
  // What varve makes for a task, D above all, has the same rights whoever builds.
  process.umask(0o022);
  const world = createWorld();
  process.on('uncaughtException', (error) => process.exit(reportFault(world, error)));
  const status = await main(world, world.words);
  // What was written must be out before the end, which does not wait for idle children.
  process.stdout.write('', () => process.stderr.write('', () => process.exit(status)));
}
