#!/usr/bin/env node
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { compileLater } from '../lib/world/compile-later.ts';
import { openProgram } from './open-program.ts';

// Before anything is loaded: V8 takes no kept code from a time when its flags were others.
compileLater();
// Who waited for something that never comes did not end well.
process.exitCode = 13;
void openProgram(dirname(fileURLToPath(import.meta.url))).run();
