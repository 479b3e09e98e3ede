import { createWorld } from '../lib/world/world.ts';
import { main, reportFault } from '../lib/cli/main.ts';
export async function run() {
  process.umask(0o022);
  const world = createWorld();
  process.on('uncaughtException', (error) => process.exit(reportFault(world, error)));
  const status = await main(world, process.argv.slice(2));
  process.stdout.write('', () => process.stderr.write('', () => process.exit(status)));
}
