import { appendFileSync, cpSync, writeFileSync } from 'node:fs';
import { expect } from 'vitest';
import { testWith } from '../support/needs.ts';
import { nginxTakesFiles, startNginx } from '../support/nginx.ts';
import { makeKey } from '../support/ssh-key.ts';
import { makeWorkspace, plainRecipe } from '../support/workspace.ts';

const lib = plainRecipe({ do_install: 'mkdir -p ${D}/usr/share\necho lib > ${D}/usr/share/lib' });

testWith({ programs: ['nginx'], commands: [nginxTakesFiles] })(
  'keys and revocations go by way of an nginx, which names what it does not let be replaced',
  async () => {
    const server = await startNginx();
    const key = makeKey('ci');
    const w = makeWorkspace({
      files: { 'recipes/lib_1.bb': lib },
      local: `ARTIFACT_MIRRORS = "${server.url}"\nARTIFACT_TRUSTED_KEYS = "${key.pub}"\n`,
    });
    const two = (...args: string[]): string => w.varve('-B', `${w.buildDir}-2`, ...args).said;
    cpSync(w.path('conf'), `${w.buildDir}-2/conf`, { recursive: true });
    writeFileSync(w.path('key'), key.secret, { mode: 0o600 });
    appendFileSync(w.path('conf/local.conf'), `ARTIFACT_SIGNING_KEY = "${w.path('key')}"\n`);
    w.counts('lib');
    expect(w.varve('artifact', 'push').said).toMatch(/1 artifact pushed to http/);
    expect(two('build', 'lib')).toMatch(/lib:do_install {2}restored from http/);
    expect(w.varve('artifact', 'revoke', '--recipe', 'lib', '--yes').said).toMatch(/1 artifact is revoked/);
    expect(w.counts('lib')).toMatchObject({ restore: 0, failed: 0 });
    const pushed = w.varve('artifact', 'push').said;
    expect(pushed).toMatch(/1 revocation pushed to http/);
    expect(pushed).toMatch(
      /warning: lib: what there is at http\S+ is revoked by .*, and the mirror does not let it be replaced: who runs it can remove ac\/\w\w\/\w{64}\n/,
    );
    // What it makes itself is signed too from here on.
    writeFileSync(`${w.buildDir}-2/conf/local.conf`, w.read('conf/local.conf'));
    w.write('recipes/new_1.bb', lib.replaceAll('lib', 'new'));
    const heard = two('build', 'new', 'lib');
    expect(heard).toMatch(/warning: results are revoked by .*: --recipe lib --until /);
    expect(heard).toMatch(/lib:do_install {2}ran/);
  },
);
