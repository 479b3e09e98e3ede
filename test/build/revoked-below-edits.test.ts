import { expect, test } from 'vitest';
import { revokeArtifacts } from '../../lib/operations/revoke-artifacts.ts';
import { buildDir } from '../support/memory-build.ts';
import { isOk, machine, now, ofTasks, warnings } from '../support/trusting.ts';

test('edits in force are built on when what they were made on is revoked, and it is said', async () => {
  const w = machine({ host: 'here' });
  await w.build('disk');
  w.write(`${buildDir}/tmp/work/x86_64/lib-a/mine`, 'typed');
  await w.build('lib-a', { force: true, task: 'do_compile' });
  for (const _ of ['before anything needed its do_install', 'after it']) {
    revokeArtifacts(
      w.world,
      { buildDir, rule: { recipe: 'lib-a', until: new Date(now()).toISOString() }, write: true },
      () => {},
    );
    const events = await w.build('disk');
    expect(isOk(events)).toBe(true);
    expect(warnings(events)).toContainEqual(
      expect.stringMatching(
        /^lib-a: your edits were made on what is revoked by here since \S+ \(--recipe lib-a\); this build goes on from there/,
      ),
    );
    expect(ofTasks(await w.build('disk'), 'run')).toEqual([]);
  }
});
