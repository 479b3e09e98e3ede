/** Every command, in the order in which `varve --help` lists them. */
import type { Command } from './command.ts';
import { artifactCommand } from './commands/artifact.ts';
import { bisectCommand } from './commands/bisect.ts';
import { blameCommand } from './commands/blame.ts';
import { buildCommand } from './commands/build.ts';
import { buildsCommand } from './commands/builds.ts';
import { catCommand } from './commands/cat.ts';
import { cleanCommand } from './commands/clean.ts';
import { completionCommand } from './commands/completion.ts';
import { diffCommand } from './commands/diff.ts';
import { editCommand } from './commands/edit.ts';
import { envCommand } from './commands/env.ts';
import { fsckCommand } from './commands/fsck.ts';
import { gcCommand } from './commands/gc.ts';
import { graphCommand } from './commands/graph.ts';
import { historyCommand } from './commands/history.ts';
import { initCommand } from './commands/init.ts';
import { layersCommand } from './commands/layers.ts';
import { logCommand } from './commands/log.ts';
import { parseCommand } from './commands/parse.ts';
import { recipesCommand } from './commands/recipes.ts';
import { restoreCommand } from './commands/restore.ts';
import { shellCommand } from './commands/shell.ts';
import { showCommand } from './commands/show.ts';
import { sysrootCommand } from './commands/sysroot.ts';
import { tasksCommand } from './commands/tasks.ts';
import { verifyCommand } from './commands/verify.ts';
import { whyCommand } from './commands/why.ts';

export const commands: readonly Command[] = [
  initCommand,
  buildCommand,
  buildsCommand,
  logCommand,
  showCommand,
  diffCommand,
  blameCommand,
  catCommand,
  restoreCommand,
  shellCommand,
  whyCommand,
  bisectCommand,
  verifyCommand,
  envCommand,
  parseCommand,
  layersCommand,
  recipesCommand,
  tasksCommand,
  graphCommand,
  artifactCommand,
  sysrootCommand,
  editCommand,
  historyCommand,
  fsckCommand,
  cleanCommand,
  gcCommand,
  completionCommand(() => commands),
];
