/** Building for a machine with another processor, with Debian's compiler for it; what comes out runs in an emulator. */
import { spawnSync } from 'node:child_process';
import { expect } from 'vitest';
import { testWith } from '../support/needs.ts';
import { makeWorkspace, type Workspace } from '../support/workspace.ts';

const programs = ['aarch64-linux-gnu-gcc', 'qemu-aarch64', 'readelf'];
const crossed = testWith({ programs });

const board = `TARGET_ARCH = "aarch64"
TARGET_PREFIX = "aarch64-linux-gnu-"
`;
const sources = {
  'conf/machine/board.conf': board,
  // A tool that makes a part of the program's text, and has to run on the machine that builds.
  'recipes/words-native.bb': `LICENSE = "MIT"
SRC_URI = "file://words.c"
S = "\${UNPACKDIR}"
inherit native
do_compile() {
	\${CC} \${CFLAGS} words.c -o words
}
do_install() {
	install -D words \${D}\${bindir}/words
}
`,
  'recipes/files/words.c':
    '#include <stdio.h>\nint main(void) { puts("#define WORDS \\"made by a tool\\""); return 0; }\n',
  'recipes/app.bb': `LICENSE = "MIT"
SRC_URI = "file://app.c"
S = "\${UNPACKDIR}"
DEPENDS = "words-native data"
do_compile() {
	words > words.h
	\${CC} \${CFLAGS} \${LDFLAGS} app.c -o app
}
do_install() {
	install -D app \${D}\${bindir}/app
}
`,
  'recipes/files/app.c':
    '#include <stdio.h>\n#include "words.h"\nint main(void) { printf("%s, %zu\\n", WORDS, sizeof(void *)); return 0; }\n',
  'recipes/data.bb':
    'LICENSE = "MIT"\ninherit allarch\ndo_install() {\n\tinstall -d ${D}/etc\n\techo a > ${D}/etc/data\n}\n',
};

function machineOf(path: string): string {
  const { stdout } = spawnSync('readelf', ['-h', path], { encoding: 'utf8', env: { LC_ALL: 'C' } });
  return /Machine:\s+(.*)/.exec(stdout)?.[1] ?? `${path} is no program`;
}

function emulated(root: string, program: string, ...args: string[]): string {
  const emulator = ['-L', '/usr/aarch64-linux-gnu', '-E', `LD_LIBRARY_PATH=${root}/usr/lib`];
  const ran = spawnSync('qemu-aarch64', [...emulator, `${root}/${program}`, ...args], { encoding: 'utf8' });
  return ran.stdout + ran.stderr;
}

function restored(w: Workspace, rev: string): string {
  const to = w.path('restored', rev);
  expect(w.varve('restore', rev, to).stderr).toBe('');
  return to;
}

crossed(
  'a machine with a prefix gets programs of its own kind, made with tools of the machine that builds',
  () => {
    const w = makeWorkspace({ files: sources, local: 'MACHINE = "board"\n' });
    expect(w.varve('build', 'app').said).toContain(' ok: ');
    const root = restored(w, 'app');
    expect(machineOf(`${root}/usr/bin/app`)).toBe('AArch64');
    expect(emulated(root, 'usr/bin/app')).toBe('made by a tool, 8\n');
    expect(machineOf(`${restored(w, 'words-native')}/usr/bin/words`)).not.toBe('AArch64');
  },
);

crossed('two machines share what is native or for all, and keep the rest apart', () => {
  const w = makeWorkspace({ files: sources });
  const onBoard = makeWorkspace({
    files: sources,
    local: `MACHINE = "board"\nARTIFACT_MIRRORS = "file://${w.path('artifacts')}"\n`,
  });
  expect(w.varve('build', 'app').said).toContain(' ok: ');
  const built = onBoard.varve('build', 'app');
  const ran = [...built.stdout.matchAll(/^(\S+):do_compile {2}ran/gm)].map(([, recipe]) => recipe);
  expect(ran).toEqual(['app']);
  expect(built.stdout).toMatch(/words-native:do_install {2}restored/);
  expect(built.stdout).toMatch(/data:do_install {2}restored/);
});

crossed('the compiler for another machine is an input of what is built for it, and of nothing else', () => {
  const w = makeWorkspace({ files: sources, local: 'MACHINE = "board"\n' });
  expect(w.varve('build', 'app').said).toContain(' ok: ');
  const compilers = (task: string): readonly string[] => {
    const shown = JSON.parse(w.varve('show', '--json', task).stdout) as {
      inputs: readonly { readonly kind: string; readonly name: string }[];
    };
    const tools = shown.inputs.filter(({ kind }) => kind === 'hosttool');
    return tools.map(({ name }) => name).filter((name) => /(^|-)gcc$/.test(name));
  };
  expect(compilers('app:compile')).toEqual(['aarch64-linux-gnu-gcc', 'gcc']);
  expect(compilers('words-native:compile')).toEqual(['gcc']);
  expect(compilers('data:install')).toEqual(['gcc']);
});

crossed('a machine whose compiler is not installed is told what is missing', () => {
  const w = makeWorkspace({
    files: { ...sources, 'conf/machine/board.conf': board.replaceAll('aarch64', 'riscv128') },
    local: 'MACHINE = "board"\n',
  });
  const failed = w.varve('build', 'app');
  expect(failed.status).toBe(1);
  expect(failed.said).toContain('riscv128-linux-gnu-gcc');
});

const mesonBuild = `project('app', 'c')
tool = executable('tool', 'tool.c', native : true)
words = custom_target('words', output : 'words.h', command : [tool], capture : true)
executable('app', 'app.c', words, install : true)
`;
testWith({ programs: [...programs, 'meson', 'ninja'] })(
  'meson builds for either machine, and its own tools for the one that builds',
  () => {
    const w = makeWorkspace({
      files: {
        'conf/machine/board.conf': board,
        'recipes/app.bb':
          'LICENSE = "MIT"\nSRC_URI = "file://app.c file://tool.c file://meson.build"\nS = "${UNPACKDIR}"\ninherit meson\n',
        'recipes/files/app.c': sources['recipes/files/app.c'],
        'recipes/files/tool.c': sources['recipes/files/words.c'],
        'recipes/files/meson.build': mesonBuild,
      },
    });
    expect(w.varve('build', 'app').said).toContain(' ok: ');
    expect(spawnSync(`${restored(w, 'app')}/usr/bin/app`, { encoding: 'utf8' }).stdout).toBe(
      'made by a tool, 8\n',
    );
    w.write('../build/conf/local.conf', 'MACHINE = "board"\n');
    expect(w.varve('build', 'app').said).toContain(' ok: ');
    expect(machineOf(`${restored(w, 'aarch64/app')}/usr/bin/app`)).toBe('AArch64');
  },
);

testWith({ programs: [...programs, 'cmake', 'pkg-config'] })(
  'cmake finds what another machine needs in its sysroot and with its compiler, not on the machine that builds',
  () => {
    const w = makeWorkspace({
      files: {
        'conf/machine/board.conf': board,
        'recipes/lib.bb': `LICENSE = "MIT"
SRC_URI = "file://lib.c"
S = "\${UNPACKDIR}"
do_compile() {
	\${CC} \${CFLAGS} -shared -fPIC lib.c -Wl,-soname,libanswer.so -o libanswer.so
}
do_install() {
	install -D libanswer.so \${D}\${libdir}/libanswer.so
	install -d \${D}\${includedir}
	echo 'int answer(void);' > \${D}\${includedir}/answer.h
}
`,
        'recipes/files/lib.c': 'int answer(void) { return 42; }\n',
        'recipes/app.bb': `LICENSE = "MIT"
SRC_URI = "file://app.c file://CMakeLists.txt"
S = "\${UNPACKDIR}"
DEPENDS = "lib"
inherit cmake
`,
        'recipes/files/app.c':
          '#include <answer.h>\n#include <math.h>\n#include <stdio.h>\nint main(int n, char **v) { printf("%d %.0f\\n", answer(), pow(n, 2)); return 0; }\n',
        'recipes/files/CMakeLists.txt': `cmake_minimum_required(VERSION 3.10)
project(app C)
find_library(ANSWER answer REQUIRED)
find_path(ANSWER_H answer.h REQUIRED)
find_library(MATH m REQUIRED)
find_program(SED sed REQUIRED)
add_executable(app app.c)
target_link_libraries(app \${ANSWER} \${MATH})
install(TARGETS app)
`,
      },
      local: 'MACHINE = "board"\n',
    });
    expect(w.varve('build', 'app').said).toContain(' ok: ');
    const root = restored(w, 'app');
    const libraries = restored(w, 'lib');
    expect(machineOf(`${root}/usr/bin/app`)).toBe('AArch64');
    const ran = spawnSync(
      'qemu-aarch64',
      ['-L', '/usr/aarch64-linux-gnu', '-E', `LD_LIBRARY_PATH=${libraries}/usr/lib`, `${root}/usr/bin/app`],
      { encoding: 'utf8' },
    );
    expect(ran.stdout).toBe('42 1\n');
  },
);
