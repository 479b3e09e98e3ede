/** Build systems that look at times find nothing to do where a WORKDIR was put back. */
import { spawnSync } from 'node:child_process';
import { existsSync, rmSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { testWith } from '../support/needs.ts';
import { makeWorkspace } from '../support/workspace.ts';

const sources = {
  'conf/layer.conf': `BBPATH .= ":\${LAYERDIR}"
BBFILES += "\${LAYERDIR}/recipes/*.bb"
BBFILE_COLLECTIONS += "test"
BBFILE_PATTERN_test = "^\${LAYERDIR}/"
`,
  'recipes/files/hello-1.0/main.c': '#include "word.h"\nint main(void) { return word() ? 0 : 1; }\n',
  'recipes/files/hello-1.0/word.c': '#include "word.h"\nconst char *word(void) { return "hello"; }\n',
  'recipes/files/hello-1.0/word.h': 'const char *word(void);\n',
};
const cmakeLists = `cmake_minimum_required(VERSION 3.10)
project(hello C)
add_executable(hello main.c word.c)
install(TARGETS hello)
`;

const recipe = (further: string): string =>
  `SUMMARY = "test"\nLICENSE = "MIT"\nSRC_URI = "file://hello-1.0"\n${further}`;

/** S and B of hello, which was built, and its WORKDIR removed and put back as it was after do_compile. */
function restored(files: Readonly<Record<string, string>>): { readonly S: string; readonly B: string } {
  const w = makeWorkspace({ files: { ...sources, ...files } });
  const built = w.varve('build', 'hello');
  expect(built.status === 0 ? '' : built.said).toBe('');
  const value = (name: string): string =>
    (JSON.parse(w.varve('env', 'hello', name, '--json').stdout) as { value: string }).value;
  rmSync(value('WORKDIR'), { recursive: true });
  expect(w.varve('restore', 'hello:compile', value('WORKDIR')).status).toBe(0);
  return { S: value('S'), B: value('B') };
}

/** Lets the file look newer than all that was made of it. */
function touch(path: string): void {
  expect(existsSync(path)).toBe(true);
  const now = new Date();
  utimesSync(path, now, now);
}

function run(
  dir: string,
  ...command: readonly string[]
): { readonly status: number | null; readonly stdout: string } {
  const [program = '', ...args] = command;
  const { status, stdout } = spawnSync(program, args, { cwd: dir, encoding: 'utf8' });
  return { status, stdout };
}

testWith({ programs: ['autoconf', 'automake', 'make', 'gcc'] })(
  'automake’s rebuild rules find nothing to do in a restored WORKDIR, and would rebuild what changed',
  () => {
    const { S, B } = restored({
      'recipes/hello_1.0.bb': recipe('inherit autotools\n'),
      'recipes/files/hello-1.0/configure.ac':
        'AC_INIT([hello], [1.0])\nAM_INIT_AUTOMAKE([foreign])\nAC_PROG_CC\nAC_CONFIG_FILES([Makefile])\nAC_OUTPUT\n',
      'recipes/files/hello-1.0/Makefile.am': 'bin_PROGRAMS = hello\nhello_SOURCES = main.c word.c word.h\n',
    });
    expect(run(B, 'make', '-q')).toEqual({ status: 0, stdout: '' });
    touch(join(S, 'Makefile.am'));
    // Makefiles are made anew whatever is asked: the rules are alive.
    expect(run(B, 'make', '-q').stdout).toMatch(/automake/);
  },
);

testWith({ programs: ['cmake', 'ninja', 'gcc'] })(
  'ninja finds nothing to do in a restored WORKDIR that cmake set up, and would rebuild what changed',
  () => {
    const { S, B } = restored({
      'recipes/hello_1.0.bb': recipe('inherit cmake\nOECMAKE_GENERATOR = "Ninja"\n'),
      'recipes/files/hello-1.0/CMakeLists.txt': cmakeLists,
    });
    expect(run(B, 'ninja', '-n')).toEqual({ status: 0, stdout: 'ninja: no work to do.\n' });
    touch(join(S, 'word.h'));
    expect(run(B, 'ninja', '-n').stdout).toMatch(/\[1\/3\]/);
    touch(join(S, 'CMakeLists.txt'));
    expect(run(B, 'ninja', '-n').stdout).toMatch(/Re-running CMake/);
  },
);

testWith({ programs: ['cmake', 'make', 'gcc'] })(
  'make finds nothing to do in a restored WORKDIR that cmake set up, and would rebuild what changed',
  () => {
    const { S, B } = restored({
      'recipes/hello_1.0.bb': recipe('inherit cmake\nOECMAKE_GENERATOR = "Unix Makefiles"\n'),
      'recipes/files/hello-1.0/CMakeLists.txt': cmakeLists,
    });
    const made = run(B, 'make');
    expect(made.status).toBe(0);
    expect(made.stdout).not.toMatch(/Building|Linking|Configuring/);
    touch(join(S, 'word.h'));
    expect(run(B, 'make').stdout).toMatch(/Building C object .*word/);
  },
);
