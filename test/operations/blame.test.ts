import { expect, test } from 'vitest';
import { blameFile } from '../../lib/operations/blame-file.ts';
import { buildDir, historyOf, worldWithBuilds } from './recorded.ts';

type Files = Readonly<Record<string, string>>;

/** What blame says of a file after do_install, where the tasks left these files: a writer a line. */
function blamed(
  path: string,
  states: Readonly<Record<string, Files>>,
  rev = 'app:install',
): readonly string[] {
  const tasks = Object.fromEntries(Object.entries(states).map(([task, files]) => [task, { files }]));
  const world = worldWithBuilds([{ recipes: { app: { tasks, artifact: { 'etc/app': 'x' } } } }]);
  return blameFile(world, { buildDir, rev, path }, () => {}).lines.map(({ task, doubt, latest, path: at }) =>
    task === null
      ? `${latest === undefined ? 'unknown' : `${latest} or before`}: ${doubt}`
      : at === undefined
        ? task
        : `${task} ${at}`,
  );
}

const source = 'int first(void);\nint second(void);\n}\n';

test('a line is of the task that wrote it, whatever others did to the file since', () => {
  expect(
    blamed('a', {
      do_unpack: { a: source },
      do_configure: { a: `#define CONFIGURED\n${source}` },
      do_install: { a: `#define CONFIGURED\n${source}int installed(void);\n` },
    }),
  ).toEqual(['do_configure a', 'do_unpack a', 'do_unpack a', 'do_unpack a', 'do_install a']);
});

test('what was copied into another file is of who wrote it there', () => {
  const parts = { one: source, two: 'int third(void);\n\nint fourth(void);\n' };
  expect(
    blamed('all', {
      do_unpack: parts,
      do_install: { ...parts, all: `${parts.one}/* and then */\n${parts.two}` },
    }),
  ).toEqual([
    'do_unpack one',
    'do_unpack one',
    'do_unpack one',
    'do_install all',
    'do_unpack two',
    'do_unpack two',
    'do_unpack two',
  ]);
});

test('a line that is elsewhere by chance, perhaps, has no known writer', () => {
  expect(
    blamed('b', {
      do_unpack: { a: source },
      do_install: { a: source, b: 'int first(void);\nint other(void);\n' },
    }),
  ).toEqual(['do_install or before: single-line', 'do_install b']);
  expect(blamed('b', { do_unpack: { a: '1\n' }, do_install: { a: '1\n', b: '1\n' } })).toEqual([
    'unknown: too-short',
  ]);
});

test('where equal files have different writers nobody can tell; with one writer the place is left open', () => {
  const made = {
    do_unpack: { 'x/a': source },
    do_compile: { 'x/a': source, 'y/a': source.replace('}', '{') },
  };
  expect(blamed('z/a', { ...made, do_install: { 'x/a': source, 'y/a': source, 'z/a': source } })).toEqual([
    'do_unpack x/a',
    'do_unpack x/a',
    'do_unpack x/a',
  ]);
  const [program, other] = ['\0a program, which is no text', '\0another program'];
  const both = { 'x/a': program, 'y/a': program };
  const programs = { do_unpack: { 'x/a': program, 'y/a': other }, do_compile: both };
  expect(blamed('z/a', { ...programs, do_install: { ...both, 'z/a': program } })).toEqual([
    'unknown: several-writers',
  ]);
  const twice = { 'x/a': source, 'y/a': source };
  expect(blamed('z/a', { do_unpack: twice, do_install: { ...twice, 'z/a': source } })).toEqual([
    'do_unpack',
    'do_unpack',
    'do_unpack',
  ]);
});

test('a file that is no text is of the task that made it, a link is followed, an artifact made elsewhere is unknown', () => {
  const program = '\u007fELF\0\0program, which is compiled';
  const states = {
    do_compile: { 'b/app': program },
    do_install: { 'b/app': program, 'image/usr/bin/app': program },
  };
  expect(blamed('image/usr/bin/app', states)).toEqual(['do_compile b/app']);
  expect(blamed('etc/app', states, 'app')).toEqual(['unknown: not-recorded']);
  expect(() => blamed('b', states)).toThrow('b in app@1:do_install is no file');
});

test('a recipe whose result is not in the record is not claimed, and no doubt is left where it cannot matter', () => {
  const inputs = [{ kind: 'artifact', name: 'lib', value: '0'.repeat(64) }] as const;
  const program = '\0a program, which is no text';
  const tasks = {
    do_unpack: { files: { a: source }, inputs: [] },
    do_compile: { files: { a: source, app: program }, inputs },
    do_install: { files: { a: source, app: program, 'image/app': program, 'image/a': source }, inputs },
  };
  const world = worldWithBuilds([{ recipes: { app: { tasks } } }]);
  const claims = (path: string): readonly unknown[] =>
    blameFile(world, { buildDir, rev: 'app:install', path }, () => {}).lines.map(
      ({ recipe, task, latest }) => `${recipe}: ${task} ${latest}`,
    );
  expect(claims('image/app')).toEqual(['app: null do_compile']);
  expect(new Set(claims('image/a'))).toEqual(new Set(['app: null do_unpack']));
  expect(new Set(claims('a'))).toEqual(new Set(['app: do_unpack undefined']));
});

test('where nothing is called like what is asked for, what there is can be listed', () => {
  const states = { do_install: { a: source } };
  expect(() => blamed('etc/motd', states)).toThrow(
    expect.objectContaining({ hints: ['varve show app@1:do_install   lists its files'] }),
  );
  expect(() => blamed('a', states, 'nothing')).toThrow(
    expect.objectContaining({
      hints: ['varve build nothing   builds it', 'varve recipes   lists what there is to build'],
    }),
  );
});

test('a damaged history is said, with the object', () => {
  const states = { do_unpack: { a: source }, do_install: { a: `${source}int installed(void);\n` } };
  const tasks = Object.fromEntries(Object.entries(states).map(([task, files]) => [task, { files }]));
  const world = worldWithBuilds([{ recipes: { app: { tasks } } }]);
  const { gitDir, objects } = historyOf(world, 'app');
  const blob = objects.writeBlob(Buffer.from(source));
  const file = `${gitDir}/objects/${blob.slice(0, 2)}/${blob.slice(2)}`;
  world.fs.chmodSync(file, 0o644);
  world.fs.writeFileSync(file, 'damaged');
  expect(() => blameFile(world, { buildDir, rev: 'app:install', path: 'a' }, () => {})).toThrow(
    new RegExp(`app.git is damaged: object ${blob.slice(0, 12)}`),
  );
});
