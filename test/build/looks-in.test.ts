/** Tasks that read what tasks of other recipes left in their WORKDIRs, and what they deployed. */
import { appendFileSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { makeWorkspace, plainRecipe } from '../support/workspace.ts';

const kernel = plainRecipe(
  {
    do_compile: 'cp config built',
    do_install: 'install -d ${D}/boot; cp built ${D}/boot/Image',
    do_deploy: 'cp ${D}/boot/Image ${DEPLOYDIR}/Image',
  },
  'SRC_URI = "file://config"\ninherit deploy\naddtask deploy after do_install before do_build\n',
);

/** Its do_compile says that the kernel is needed, and do_install after it reads there, too. */
const module = (word: string): string =>
  plainRecipe(
    {
      do_compile: ':',
      do_install: `install -d \${D}/mod; cat \${BASE_WORKDIR}/*/kernel/sources/built > \${D}/mod/ko; echo ${word} >> \${D}/mod/ko`,
    },
    'do_compile[depends] += "kernel:do_compile"\n',
  );

const bundle = plainRecipe(
  { do_install: 'install -d ${D}/boot; cat ${DEPLOY_DIR_IMAGE}/Image > ${D}/boot/fit' },
  'do_install[depends] += "kernel:do_deploy"\n',
);

test('what a task reads in another WORKDIR, or in DEPLOY_DIR, is what it depends on, whatever is there by then', () => {
  const w = makeWorkspace({
    files: {
      'recipes/kernel.bb': kernel,
      'recipes/files/config': 'net\n',
      'recipes/module.bb': module('one'),
      'recipes/bundle.bb': bundle,
    },
  });
  const ko = (): string => w.varve('cat', 'module', 'mod/ko').said;
  const fit = (): string => w.varve('cat', 'bundle', 'boot/fit').said;
  // In a fresh directory nothing was deployed before.
  expect(w.counts('kernel', 'module', 'bundle')).toMatchObject({ failed: 0 });
  expect([ko(), fit()]).toEqual(['net\none\n', 'net\n']);

  appendFileSync(w.path('tmp/work/x86_64/kernel/sources/built'), 'typed\n');
  w.write('recipes/module.bb', module('two'));
  const { said } = w.varve('build', 'module');
  expect(said).toContain(
    'kernel: the WORKDIR had edits; they are kept as kernel:edited@1, and this build does not use them',
  );
  expect(ko()).toBe('net\ntwo\n');
  expect(w.varve('diff', 'kernel:edited@1').said).toContain('+typed');

  w.write('recipes/files/config', 'quiet\n');
  expect(w.counts('module', 'bundle')).toMatchObject({ failed: 0 });
  expect([ko(), fit()]).toEqual(['quiet\ntwo\n', 'quiet\n']);

  // Undoing an edit runs nothing of the kernel.
  w.write('recipes/files/config', 'net\n');
  w.write('recipes/module.bb', module('three'));
  w.counts('module', 'bundle');
  expect([ko(), fit()]).toEqual(['net\nthree\n', 'net\n']);

  w.varve('shell', 'kernel:unpack', '--', 'true');
  w.write('recipes/module.bb', module('four'));
  expect(w.counts('module')).toMatchObject({ failed: 0 });
  expect(ko()).toBe('net\nfour\n');

  // A WORKDIR that is not there is made for it, and goes with it.
  writeFileSync(w.path('conf/local.conf'), `${w.read('conf/local.conf')}RM_WORK = "1"\n`);
  w.counts('kernel', 'module');
  w.write('recipes/module.bb', module('five'));
  expect(w.counts('module')).toMatchObject({ failed: 0 });
  expect(ko()).toBe('net\nfive\n');
});
