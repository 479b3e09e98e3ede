import { closest } from '../terms/closest.ts';
import { VarveError } from '../terms/varve-error.ts';

/** Makes an error of ours of a complaint of yargs', with the nearest command where one was mistyped. */
export function usageError(message: string, words: readonly string[], usages: readonly string[]): VarveError {
  const typed = words.find((word) => !word.startsWith('-'));
  if (typed === undefined) {
    return new VarveError('usage', 'no command was given', { hints: ['varve --help   lists the commands'] });
  }
  const usage = usages.find((line) => nameOf(line) === typed);
  if (usage === undefined) return unknownCommand(typed, usages.map(nameOf));
  const text = message.startsWith('Not enough non-option arguments')
    ? `something is missing in: varve ${usage}`
    : sentence(message);
  return new VarveError('usage', text, { hints: [`varve ${typed} --help   shows its options and examples`] });
}

function unknownCommand(typed: string, commands: readonly string[]): VarveError {
  const near = closest(typed, commands);
  const hints = near === undefined ? [] : [`did you mean "varve ${near}"?`];
  return new VarveError('usage', `there is no command "${typed}"`, {
    hints: [
      ...hints,
      `varve build ${typed}   builds a recipe of that name`,
      'varve --help   lists the commands',
    ],
  });
}

const nameOf = (usage: string): string => usage.split(' ')[0] ?? '';

/** yargs writes several lines and capitals; a message of ours is one sentence without a final period. */
function sentence(message: string): string {
  const line = message
    .split('\n')
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .join(' ');
  return (line.charAt(0).toLowerCase() + line.slice(1)).replace(/\.$/, '');
}
