import { readFileSync } from 'node:fs';
import { ownPath } from '../trees/raw-text.ts';

/**
 * The words of the command line. Node decodes them, and what is no UTF-8, as a name on a disk may be, is lost: where that may
 * have been, they are read from the system, if it has them.
 */
export function typedWords(): readonly string[] {
  const words = process.argv.slice(2);
  if (!words.some((word) => word.includes('\ufffd'))) return words;
  // Before them are node's own.
  const typed = systemWords().slice(-words.length);
  const isSame = words.every((word, i) => Buffer.from(typed[i] ?? '', 'latin1').toString('utf8') === word);
  return isSame ? typed.map(ownPath) : words;
}

function systemWords(): readonly string[] {
  try {
    return readFileSync('/proc/self/cmdline', 'latin1').split('\0').slice(0, -1);
  } catch {
    return [];
  }
}
