/** Files that are larger than what a program should have in memory. */
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { makeWorkspace, plainRecipe, type Workspace } from '../support/workspace.ts';

const everything = process.env['VARVE_TEST_ALL'] === '1';
/** MiB of the sparse file and of the random one. */
const [sparse, random] = everything ? [3072, 600] : [128, 128];
/** What varve may use at its worst: less than either file, and next to nothing beside the large ones. */
const allowed = 190;

const recipes = {
  'recipes/big_1.bb': plainRecipe({
    do_compile: `truncate -s ${sparse}M sparse\nprintf end >> sparse\nhead -c ${random}M /dev/urandom > random`,
    do_install: 'install -d ${D}/usr/lib\ncp --sparse=always sparse random ${D}/usr/lib/',
  }),
  'recipes/user_1.bb': plainRecipe(
    {
      do_compile: 'tail -c 3 ${RECIPE_SYSROOT}/usr/lib/sparse > seen',
      do_install: 'install -D seen ${D}/usr/seen',
    },
    'DEPENDS = "big"\n',
  ),
};

/** Runs varve by way of a shell; answers what came out, and the most memory that varve had, in MiB. */
function measured(w: Workspace, command: string): { readonly said: string; readonly peak: number } {
  const peak = join(w.top, 'peak');
  const note = join(w.top, 'note-peak.mjs');
  writeFileSync(
    note,
    `import { writeFileSync } from 'node:fs';
process.on('exit', () => writeFileSync(${JSON.stringify(peak)}, String(process.resourceUsage().maxRSS)));
`,
  );
  const ran = spawnSync('sh', ['-ec', `varve() { "$NODE" --import "$NOTE" "$VARVE" "$@"; }\n${command}`], {
    cwd: w.buildDir,
    encoding: 'utf8',
    env: {
      ...process.env,
      NODE: process.execPath,
      NOTE: note,
      VARVE: join(process.cwd(), 'dist/bin/varve.js'),
    },
  });
  const said = ran.stdout + ran.stderr;
  if (ran.status !== 0) throw new Error(said);
  return { said, peak: Number(readFileSync(peak, 'utf8')) / 1024 };
}

test(
  'a file of gigabytes is recorded, exported, compressed, restored, staged and shown in the memory of a small one',
  { timeout: everything ? 1_800_000 : 300_000 },
  () => {
    const w = makeWorkspace({ files: recipes });
    const steps = {
      build: 'varve build big',
      diff: 'varve diff big:compile',
      cat: 'varve cat big:compile sources/random | cmp - tmp/work/*/big/sources/random',
      'put back': 'rm -rf tmp; varve build -f -c install big',
      gc: 'varve gc',
      restore: 'varve restore big out; cmp out/usr/lib/random tmp/work/*/big/sources/random; rm -rf out',
      'compressed by git':
        'git --git-dir history/*/big.git repack -adFq; rm -rf tmp; varve build -f -c install big; varve fsck',
      'from the artifact': 'rm -rf tmp history; varve build big user; varve cat user usr/seen',
    };
    const peaks: Record<string, number> = {};
    const said: string[] = [];
    for (const [step, command] of Object.entries(steps)) {
      const ran = measured(w, command);
      peaks[step] = ran.peak;
      said.push(ran.said);
    }
    expect(Object.entries(peaks).filter(([, peak]) => peak > allowed)).toEqual([]);
    expect(said.join('')).not.toContain('no room to compress');
    expect(said.join('')).toContain(`binary file of ${random}`);
    expect(said.at(-1)).toMatch(/end$/);
    expect(w.git('big', 'fsck', '--strict')).toBe('');
  },
);
