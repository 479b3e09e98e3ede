/** Files that change without showing it: same size, same time, at once, under a clock that steps. */
import { execFileSync } from 'node:child_process';
import * as nodeFs from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, expect, test, vi } from 'vitest';
import { openHistory, type History } from '../../lib/history/history.ts';
import { listEntries } from '../../lib/trees/list-entries.ts';
import { memoryFileSystem } from '../support/memory-world.ts';
import { diskHistory } from '../support/real-git.ts';

const scope = { exclude: [], image: 'image' };
const names = ['a', 'in/b', 'in/c'] as const;
const texts = ['one', 'two', 'six'] as const;

afterEach(() => vi.useRealTimers());

/** What a look at the WORKDIR takes its files for. */
function recorded(history: History): Readonly<Record<string, string>> {
  const { tree } = history.snapshot(scope);
  history.setHead(history.commit({ tree, parents: [], subject: 'x', trailers: [], time: 1 }));
  return Object.fromEntries(
    listEntries(history.objects, tree).flatMap(({ path, oid }) =>
      oid === undefined ? [] : [[path, history.objects.readBlob(oid).toString()]],
    ),
  );
}

const file = fc.constantFrom(...names);
const deed = fc.oneof(
  fc.record({ kind: fc.constant('write' as const), file, text: fc.constantFrom(...texts) }),
  // As cp -p and touch -r do.
  fc.record({ kind: fc.constant('copy' as const), file, from: file }),
  fc.record({ kind: fc.constant('date' as const), file, from: file }),
  fc.record({ kind: fc.constant('replace' as const), file, from: file }),
  fc.record({ kind: fc.constant('remove' as const), file }),
  fc.record({ kind: fc.constant('wait' as const), milliseconds: fc.constantFrom(0, 1, 20, 21, 50, 2500) }),
  fc.record({ kind: fc.constant('step' as const), milliseconds: fc.constantFrom(-3_600_000, 3_600_000) }),
  fc.record({ kind: fc.constant('look' as const) }),
  fc.record({ kind: fc.constant('ask' as const) }),
);

test('whatever is written when, each look sees what is there', () => {
  vi.useFakeTimers({ toFake: ['Date'] });
  fc.assert(
    fc.property(fc.array(deed, { maxLength: 40 }), (deeds) => {
      vi.setSystemTime(1_700_000_000_000);
      const fs = memoryFileSystem();
      fs.mkdirSync('/work/in', { recursive: true });
      const history = openHistory({ fs, gitDir: '/history.git', workdir: '/work', now: () => Date.now() });
      const is: Record<string, string> = {};
      let last: Readonly<Record<string, string>> | undefined;
      const write = (name: string, text: string): void => {
        fs.writeFileSync(`/work/${name}`, text);
        is[name] = text;
      };
      const dateAs = (name: string, from: string): void => {
        if (is[name] === undefined || is[from] === undefined) return;
        const { mtime } = fs.statSync(`/work/${from}`);
        fs.utimesSync(`/work/${name}`, mtime, mtime);
      };
      for (const name of names) write(name, 'old');
      for (const each of [...deeds, { kind: 'look' as const }]) {
        switch (each.kind) {
          case 'write':
            write(each.file, each.text);
            break;
          case 'copy':
            write(each.file, is[each.from] ?? '');
            dateAs(each.file, each.from);
            break;
          case 'date':
            dateAs(each.file, each.from);
            break;
          case 'replace':
            if (each.file === each.from) break;
            write('new', is[each.from] ?? '');
            dateAs('new', each.file);
            fs.renameSync('/work/new', `/work/${each.file}`);
            is[each.file] = is[each.from] ?? '';
            delete is['new'];
            break;
          case 'remove':
            fs.rmSync(`/work/${each.file}`, { force: true });
            delete is[each.file];
            break;
          case 'wait':
          case 'step':
            vi.setSystemTime(Date.now() + each.milliseconds);
            break;
          case 'look':
            expect(recorded(history)).toEqual(is);
            last = { ...is };
            break;
          case 'ask':
            expect(history.changed(scope) === undefined).toBe(
              last !== undefined && names.every((name) => is[name] === last?.[name]),
            );
            break;
          default:
            each satisfies never;
        }
      }
    }),
    { numRuns: 400 },
  );
});

test.each([
  ['cp -p', 'cp -p other file'],
  ['touch -r', 'cat other > file; touch -r reference file'],
  ['cp -p by way of a rename', 'cp -p other new; touch -r reference new; mv new file'],
  ['rsync -t', 'cat other > file; touch -d @1600000000 file'],
])('content that %s brings is seen, though size and time are as before', (_, script) => {
  const history = diskHistory();
  const { workdir } = history;
  for (const [name, text] of [
    ['file', 'one'],
    ['other', 'two'],
    ['reference', 'x'],
  ] as const) {
    nodeFs.writeFileSync(join(workdir, name), text);
    nodeFs.utimesSync(join(workdir, name), 1_600_000_000, 1_600_000_000);
  }
  // Nothing was written just now: the cache is believed.
  for (const look of [1, 2]) expect([look, recorded(history)['file']]).toEqual([look, 'one']);
  execFileSync('sh', ['-ec', script], { cwd: workdir });
  expect(recorded(history)['file']).toBe('two');
  expect(nodeFs.statSync(join(workdir, 'file')).mtimeMs).toBe(1_600_000_000_000);
});
