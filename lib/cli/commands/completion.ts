import { type Command, defineCommand } from '../command.ts';
import { completionScripts, shells } from '../completion-scripts.ts';
import { wordsAfterDashes } from '../words-after-dashes.ts';

/** `varve completion SHELL`: the script that a shell sources, and what that asks. */
export const completionCommand = (commands: () => readonly Command[]): Command =>
  defineCommand({
    command: 'completion <shell>',
    describe: 'Write what makes a shell complete commands, recipes, tasks and builds',
    examples: [
      ['varve completion bash', 'eval "$(varve completion bash)" in ~/.bashrc; so with zsh in ~/.zshrc'],
      ['varve completion fish > ~/.config/fish/completions/varve.fish', 'For fish'],
      ['varve completion bash -- diff zlib:', 'What the last word may become; the scripts ask this'],
    ],
    builder: (yargs) =>
      yargs.positional('shell', {
        choices: shells,
        demandOption: true,
        describe: 'bash, zsh or fish',
      }),
    afterDashes: true,
    run: async (call, args) => {
      const words = wordsAfterDashes(args);
      if (words.length === 0) {
        call.answer(
          { schema: 1, script: completionScripts[args.shell] },
          () => completionScripts[args.shell],
        );
        return;
      }
      const { completeWords } = await import('../complete-words.ts');
      const found = completeWords(call.world, commands(), words);
      call.answer({ schema: 1, words: found }, () => found.map((word) => `${word}\n`).join(''));
    },
  });
