import { expect, test } from 'vitest';
import { makeWorkspace } from '../support/workspace.ts';

const recipe = (compile: string): string => `do_compile() {
  ${compile}
}
do_install() {
  install -D out \${D}/out
}
`;

test('where a recipe was built for two machines, its name means that of the build in question', () => {
  const w = makeWorkspace({
    files: {
      'conf/machine/board.conf': 'TARGET_ARCH = "board"\n',
      'recipes/app.bb': recipe('echo ${MACHINE} > out'),
    },
  });
  const buildFor = (machine: string): void => {
    w.write('../build/conf/local.conf', `MACHINE = "${machine}"\n`);
    w.varve('build', 'app');
  };
  const told = (...words: string[]): string => w.varve(...words).stdout;
  for (const machine of ['host', 'board', 'host']) buildFor(machine);
  expect(told('cat', 'app', 'out')).toBe('host\n');
  expect(told('cat', 'app@2', 'out')).toBe('board\n');
  expect(told('log', 'app:compile')).not.toContain('board');
  // Nothing of the other one is a change of this one.
  expect(told('log', 'app', '--across').trim().split('\n')).toEqual([expect.stringContaining('builds 1-3')]);
  w.write('recipes/app.bb', recipe('echo no for ${MACHINE}; exit 3'));
  for (const machine of ['host', 'board']) buildFor(machine);
  expect(told('show', 'app:compile@failed')).toContain('no for board');
  expect(w.varve('shell', 'app:compile@failed', '--', 'pwd').stdout).toContain('/board/app');
  buildFor('host');
  expect(told('show', 'app:compile@failed')).toContain('no for host');
});
