/** What a preinst says of users and groups, so that they are there before files are given to them. */
import { readShellWords, shellWord } from '../terms/shell-word.ts';
import { type AccountCall, type Program, readCall } from './account-words.ts';
import type { PackageCall } from './system-accounts.ts';

/** '' where there are none. */
export function accountsScript(calls: readonly AccountCall[]): string {
  return calls
    .map(
      (call) => `${guardOf(call)} || ${CALL[call.program]}${wordsFor(call).map(shellWord).join(' ')}${END}\n`,
    )
    .join('');
}

// dpkg --root runs scripts outside of the root where it is told to: they must not make users of the machine's.
const CALL = {
  groupadd: 'groupadd ${DPKG_ROOT:+--prefix "$DPKG_ROOT"} ',
  useradd: 'useradd ${DPKG_ROOT:+--prefix "$DPKG_ROOT"} ',
  // groupmems itself asks for a password where there is one to ask for.
  groupmems: 'usermod ${DPKG_ROOT:+--prefix "$DPKG_ROOT"} -a -G ',
} as const satisfies Record<Program, string>;
const END = ' || exit 1';

/** Who is there already stays as they are. */
function guardOf(call: AccountCall): string {
  switch (call.program) {
    case 'groupadd':
      return inFile('group', `^${call.group.name}:`);
    case 'useradd':
      return inFile('passwd', `^${call.user.name}:`);
    case 'groupmems':
      return inFile('group', `^${call.member.group}:.*[:,]${call.member.user}\\(,\\|$\\)`);
    default:
      return call satisfies never;
  }
}

function wordsFor(call: AccountCall): readonly string[] {
  return call.program === 'groupmems' ? [call.member.group, call.member.user] : call.words;
}

function inFile(name: string, pattern: string): string {
  return `grep -q ${shellWord(pattern)} "\${DPKG_ROOT:-}/etc/${name}"`;
}

/** Finds in a preinst what {@link accountsScript} said. */
export function accountsIn(script: string, one: string): readonly PackageCall[] {
  return script.split('\n').flatMap((line) => {
    const program = PROGRAMS.find(
      (each) => line.startsWith('grep -q ') && line.includes(` || ${CALL[each]}`),
    );
    if (program === undefined || !line.endsWith(END)) return [];
    const begin = line.indexOf(CALL[program]) + CALL[program].length;
    const words = readShellWords(line.slice(begin, -END.length));
    const [group = '', user = ''] = words;
    const call = readCall(program, program === 'groupmems' ? ['--group', group, '--add', user] : words);
    return typeof call === 'string' ? [] : [{ ...call, package: one }];
  });
}

const PROGRAMS: readonly Program[] = ['groupadd', 'useradd', 'groupmems'];
