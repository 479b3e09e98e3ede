/** Loads all of the program in a directory, obeys a command, and keeps beside each file what V8 made of it. */
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { compileLater } from '../lib/world/compile-later.ts';
import { openProgram } from './open-program.ts';
import { sealCode } from './seal-code.ts';

const [dir = ''] = process.argv.splice(2, 1);
compileLater();
const program = openProgram(dir);
for (const name of readdirSync(dir)) if (name.endsWith('.cjs')) program.load(name);
process.on('exit', () => {
  for (const [name, { text, script }] of program.loaded)
    writeFileSync(join(dir, `${name}.code`), sealCode(script.createCachedData(), text));
});
await program.run();
