/**
 * Loaded before varve: counts the calls that change files, and kills the program with SIGKILL at the one that KILL_AT
 * says, which is half done if it is a write.
 */
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';

const changing = [
  'appendFileSync',
  'chmodSync',
  'copyFileSync',
  'fsyncSync',
  'futimesSync',
  'linkSync',
  'lutimesSync',
  'mkdirSync',
  'openSync',
  'renameSync',
  'rmSync',
  'rmdirSync',
  'symlinkSync',
  'unlinkSync',
  'utimesSync',
  'writeFileSync',
  'writeSync',
];
const at = Number(process.env.KILL_AT ?? 0);
let made = 0;
// A call within a call counts once: rmSync removes many files by calls of its own.
let depth = 0;

for (const name of changing) {
  const call = fs[name];
  fs[name] = (...args) => {
    if (depth === 0 && !(name === 'openSync' && args[1] === 'r') && ++made === at) {
      if (name === 'writeFileSync') call(args[0], Buffer.from(args[1]).subarray(0, 5), args[2]);
      process.kill(process.pid, 'SIGKILL');
    }
    depth += 1;
    try {
      return call(...args);
    } finally {
      depth -= 1;
    }
  };
}
syncBuiltinESMExports();
