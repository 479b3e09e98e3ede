import { expect, test } from 'vitest';
import { formatAcEntry, parseAcEntry, type AcEntry } from '../../lib/artifacts/ac-entry.ts';
import { buildDir } from '../support/memory-build.ts';
import { mirrorServer } from '../support/mirror-server.ts';
import { makeKey } from '../support/ssh-key.ts';
import {
  built,
  isOk,
  machine,
  needing,
  ofTasks,
  poisoned,
  push,
  recipesRun,
  right,
  warnings,
  online,
} from '../support/trusting.ts';

test('without a key that is trusted nothing of others is used, and that is said', async () => {
  const server = await poisoned();
  const w = machine({ mirror: server.url, trusts: [makeKey('ci')] });
  const events = await w.build('disk', online);
  expect(isOk(events)).toBe(true);
  expect(recipesRun(events)).toEqual(['app', 'disk', 'lib-a', 'lib-b']);
  expect(warnings(events)[0]).toBe(
    `lib-a:do_install: the mirror ${server.url} has an artifact that is not signed, which is passed over`,
  );
  expect({ disk: built(w, 'disk') }).toEqual(await right('disk'));
});

test('what a trusted key signed is used, and what another one signed is not', async () => {
  const [farm, ci] = [makeKey('farm'), makeKey('ci')];
  const server = await poisoned({ farm, ci });
  const both = machine({ mirror: server.url, trusts: [farm, ci] });
  expect(ofTasks(await both.build('disk', online), 'run')).toEqual([]);
  const careful = machine({ mirror: server.url, trusts: [ci] });
  const events = await careful.build('disk', online);
  expect(recipesRun(events)).toEqual(['app', 'disk', 'lib-a']);
  expect(warnings(events)).toEqual([
    `lib-a:do_install: the mirror ${server.url} has an artifact that is signed with ${farm.id}, which is not among ARTIFACT_TRUSTED_KEYS, which is passed over`,
  ]);
  expect({ disk: built(careful, 'disk') }).toEqual(await right('disk'));
});

/** What can be wrong with an entry that has a signature, given another one of the same key. */
const forgeries: Readonly<Record<string, (entry: AcEntry, other: AcEntry) => AcEntry>> = {
  'without its signature': (entry) => omitted(entry, 'sshsig'),
  "with another entry's signature": (entry, { sshsig = '' }) => ({ ...entry, sshsig }),
  'with a signature cut short': (entry) => ({ ...entry, sshsig: entry.sshsig?.slice(0, 200) ?? '' }),
  'with a letter of its signature changed': (entry) => ({
    ...entry,
    sshsig: entry.sshsig?.replace(/^([\s\S]{150}[\s\S]*?)[a-m]/, '$1z') ?? '',
  }),
  'with the content of another': (entry, { id, tree, archive, unpacked }) => ({
    ...entry,
    id,
    tree,
    archive,
    unpacked,
  }),
  'in the name of another host': (entry) => ({ ...entry, builtBy: { ...entry.builtBy, host: 'good' } }),
};

const omitted = (entry: AcEntry, field: keyof AcEntry): AcEntry =>
  Object.fromEntries(Object.entries(entry).filter(([name]) => name !== field)) as unknown as AcEntry;

test.each(Object.keys(forgeries))('an entry %s is passed over: it is said, and made anew', async (how) => {
  const ci = makeKey('ci');
  const builder = machine({ host: 'ci', signs: ci });
  await builder.build('disk');
  const server = await mirrorServer();
  await push(builder, server.url);
  const entries = [...server.files].flatMap(([path, bytes]) => {
    const entry = path.startsWith('/ac/') ? parseAcEntry(bytes.toString()) : 'no entry';
    return typeof entry === 'string' ? [] : [{ path, entry }];
  });
  const other = entries.find(({ entry }) => entry.recipe === 'lib-b')?.entry;
  for (const { path, entry } of entries) {
    if (entry.recipe !== 'lib-a' || other === undefined) continue;
    const forged = forgeries[how]?.(entry, other) ?? other;
    server.files.set(path, Buffer.from(formatAcEntry(forged)));
  }
  const w = machine({ mirror: server.url, trusts: [ci] });
  const events = await w.build('disk', online);
  expect(isOk(events)).toBe(true);
  expect(recipesRun(events)).toEqual(['lib-a']);
  expect(warnings(events)).toEqual([
    `lib-a:do_install: the mirror ${server.url} has an artifact that ${how.startsWith('without') ? 'is not signed' : 'is not what was signed'}, which is passed over`,
  ]);
});

test('when a key is not trusted any more, what came with it is made again, once', async () => {
  const [farm, ci] = [makeKey('farm'), makeKey('ci')];
  const server = await poisoned({ farm, ci });
  const w = machine({ mirror: server.url, trusts: [farm, ci] });
  // It has it all in its histories, and its sysroots.
  w.write('recipes/top_1.bb', needing('lib-a', 'disk'));
  await w.build('top', online);
  w.write(`${buildDir}/conf/local.conf`, w.read(`${buildDir}/conf/local.conf`).replace(farm.pub, ''));
  const events = await w.build('top');
  expect(recipesRun(events)).toEqual(['app', 'disk', 'lib-a', 'top']);
  expect(warnings(events)).toEqual([
    `lib-a: what there is of it is signed with ${farm.id}, which is not among ARTIFACT_TRUSTED_KEYS; it is not used`,
  ]);
  expect(w.read(`${buildDir}/tmp/work/x86_64/top/recipe-sysroot/usr/share/lib-a`)).toBe(
    (await right('lib-a'))['lib-a'],
  );
  const again = await w.build('top');
  expect([...ofTasks(again, 'run'), ...warnings(again)]).toEqual([]);
});

test('what was made here needs no key', async () => {
  const w = machine({ trusts: [makeKey('ci')] });
  await w.build('disk');
  const again = await w.build('disk');
  expect([...ofTasks(again, 'run'), ...warnings(again)]).toEqual([]);
});
