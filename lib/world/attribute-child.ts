/** A small python3 that reads and sets extended attributes: to start getfattr for each look costs varve a hundred times as much. */
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { AttributeProgram } from '../ports/xattr-tools.ts';
import { VarveError } from '../terms/varve-error.ts';
import { openLine, type Line } from './line-child.ts';
import { metaDir } from './meta-dir.ts';

const env = { PATH: '/usr/bin:/bin', LC_ALL: 'C.UTF-8' };

/** Undefined where the caller has no python3. The program is started when it is first asked. */
export function findAttributeProgram(path: string): AttributeProgram | undefined {
  const python = findAnyPython(path);
  if (python === undefined) return undefined;
  const command = [python, '-I', '-S', '-B', join(metaDir, 'python/attributes.py')] as const;
  let line: Line | undefined;
  return {
    command,
    ask: (question) => {
      line ??= openLine(command, {
        stdio: (questions, answers) => [questions, answers, 'inherit'],
        env,
        detached: true,
      });
      const answer = line.exchange(question);
      if (answer !== undefined) return answer;
      throw new VarveError('task', `${python}, which reads extended attributes, has ended`);
    },
  };
}

/** That of the system before others: those may be scripts that choose one, and take long to do so. */
function findAnyPython(path: string): string | undefined {
  const directories = path.split(delimiter).filter((directory) => directory.startsWith('/'));
  const system = directories.filter((directory) => directory === '/usr/bin');
  return [...system, ...directories]
    .map((directory) => join(directory, 'python3'))
    .find((file) => existsSync(file));
}
