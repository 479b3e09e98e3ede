/** `why` against a generator that knows the truth: a hundred changes, some of them built, asked about now and then. */
import { createHash } from 'node:crypto';
import { beforeAll, expect, onTestFinished, test } from 'vitest';
import type { Explanation } from '../../lib/operations/explaining/explanation.ts';
import { formatExplanation } from '../../lib/reporting/format-explanation.ts';
import { createPaint } from '../../lib/reporting/paint.ts';
import { buildDir, layer, memoryBuild, type MemoryBuild } from '../support/memory-build.ts';
import type { Change, Drawing, Truth } from './drawn-change.ts';
import { dependencyRemoved, drawNothing, draws } from './draws.ts';
import { drawnLayer, drawnLocalConf, type Name } from './drawn-layer.ts';

const localConf = `${buildDir}/conf/local.conf`;
const downloads = `${buildDir}/downloads`;
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** A generator of numbers below 1 that always gives the same ones (mulberry32). */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

let w: MemoryBuild;
let words = 0;
beforeAll(async () => {
  w = memoryBuild({ files: drawnLayer(sha256, downloads), local: drawnLocalConf });
  await w.build('app', { targets: ['app', 'other'] });
});

function drawing(recipe: Name, random: () => number): Drawing {
  return {
    recipe,
    read: w.read,
    word: () => `w${(words += 1)}`,
    pick: (from) => from[Math.floor(random() * from.length)] ?? from[0],
    sha256,
    localConf,
    downloads,
  };
}

/** Makes a change; the answer undoes it. */
function apply({ edits }: Change): () => void {
  const before = [...edits.keys()].map((path) => [path, w.exists(path) ? w.read(path) : undefined] as const);
  const put = (path: string, text: string | undefined): void => {
    if (text !== undefined) w.write(path, text);
    else if (w.exists(path)) w.remove(path);
  };
  for (const [path, text] of edits) put(path, text);
  return () => before.forEach(([path, text]) => put(path, text));
}

const view = {
  world: { cwd: buildDir, now: () => 0 },
  paint: createPaint(false),
  verbose: false,
  quiet: false,
};
const placed = (at: string): string => {
  if (at.startsWith(`${buildDir}/`)) return at.slice(buildDir.length + 1);
  return at.startsWith('/') ? at : `${layer}/${at}`;
};
const short = (value: string): string => value.replaceAll(/\b([0-9a-f]{12})[0-9a-f]{28,}\b/g, '$1');

interface Found {
  readonly recipe: Name;
  readonly truth: Truth;
}

/** The causes are these and no others, and the first line tells one of them whole. */
function expectCauses(explanation: Explanation, found: readonly Found[]): void {
  const told = explanation.causes.map(({ kind, name, from, to, at }) => ({ kind, name, from, to, at }));
  const wanted = found.map(({ truth: { kind, name, from, to, at } }) => ({
    kind,
    name,
    from: from === undefined ? expect.anything() : from,
    to,
    at,
  }));
  expect(told.map(({ kind, name }) => `${kind} ${name}`).sort()).toEqual(
    wanted.map(({ kind, name }) => `${kind} ${name}`).sort(),
  );
  const lines = formatExplanation(explanation, view).trimEnd().split('\n');
  expect(lines.length).toBeLessThanOrEqual(5);
  for (const { recipe, truth } of found) {
    const cause = explanation.causes.find(({ kind, name }) => kind === truth.kind && name === truth.name);
    if (truth.from !== undefined) expect(cause?.from).toContain(truth.from);
    if (truth.to !== undefined) expect(cause?.to).toContain(truth.to);
    expect(cause?.at).toBe(truth.at === undefined ? undefined : placed(truth.at));
    const line = lines.find((each) => isAbout(each, truth)) ?? '';
    const values =
      truth.told === undefined ? [truth.from, truth.to].map((value) => short(value ?? '')) : [truth.told];
    const place = truth.at === undefined ? [] : [truth.at.replace(`${buildDir}/`, '')];
    for (const part of [...values, ...place]) expect(line).toContain(part);
    if (truth.kind === 'hosttool') continue;
    const reached = cause?.tasks ?? [cause?.task ?? ''];
    expect(reached.some((task) => task.startsWith(`${recipe}:`))).toBe(true);
    // Of many tasks the first stands for all.
    expect(line).toContain(reached.length > 2 ? reached[0] : `${recipe}:`);
  }
  expect(found.some(({ truth }) => isAbout(lines[0] ?? '', truth))).toBe(true);
}

function isAbout(line: string, { kind, name }: Truth): boolean {
  return kind.startsWith('task-') ? line.includes(`:${name}`) : line.startsWith(`${kind} ${name}: `);
}

const dependants: Readonly<Record<Name, readonly [Name, ...Name[]]>> = {
  'base-lib': ['base-lib', 'tool', 'app'],
  tool: ['tool', 'app'],
  app: ['app'],
  other: ['other'],
};
const recipes: readonly [Name, ...Name[]] = ['base-lib', 'tool', 'app', 'other'];

interface Case {
  readonly asked: string;
  readonly what: string;
  readonly found: readonly Found[];
  readonly undo: () => void;
}

/** Draws one change, sometimes a second one in a recipe that needs the first, and asks about one that needs both. */
function draw(n: number): Case {
  const random = seeded(n);
  const pick: Drawing['pick'] = (from) => from[Math.floor(random() * from.length)] ?? from[0];
  const one = n % 10 === 9 ? drawNothing : (draws[n % draws.length] ?? drawNothing);
  const two = n % 10 !== 9 && (n % 3 === 1 || n % 30 === 2) ? draws[(n * 7 + 3) % draws.length] : undefined;
  const isPair = two !== undefined && two !== one && two !== dependencyRemoved;
  const recipe = isPair ? 'base-lib' : pick(recipes);
  const drawn: { readonly recipe: Name; readonly change: Change }[] = [];
  const undoings: (() => void)[] = [];
  const add = (of: Name, drawOne: typeof one): void => {
    const change = drawOne(drawing(of, random));
    undoings.unshift(apply(change));
    drawn.push({ recipe: of, change });
  };
  add(recipe, one);
  if (isPair) add('tool', two);
  const undo = (): void => undoings.forEach((undoOne) => undoOne());
  onTestFinished(undo);
  return {
    asked: `${pick(dependants[isPair ? 'tool' : recipe])}:install`,
    what: drawn.map(({ change }) => change.what).join(', '),
    undo,
    found: drawn.flatMap(({ recipe: of, change: { truth } }) =>
      truth === undefined ? [] : [{ recipe: of, truth }],
    ),
  };
}

const cases = Array.from({ length: 100 }, (_, n) => n);

test('of the hundred at least thirty have two causes, twenty reach what is asked about through an artifact, ten have none', () => {
  const drawn = cases.map((n) => {
    const { undo, ...each } = draw(n);
    undo();
    return each;
  });
  const isFar = ({ asked, found }: Omit<Case, 'undo'>): boolean =>
    found.length > 0 && found.every(({ recipe }) => !asked.startsWith(`${recipe}:`));
  expect(drawn.filter(({ found }) => found.length === 2).length).toBeGreaterThanOrEqual(30);
  expect(drawn.filter(isFar).length).toBeGreaterThanOrEqual(20);
  expect(drawn.filter(({ found }) => found.length === 0).length).toBeGreaterThanOrEqual(10);
});

test.each(cases)('drawn change %i: the first line names the cause of what would run', async (n) => {
  const { asked, found, what } = draw(n);
  const now = await w.why(asked);
  expect({ what, asked, wouldRun: now.to === undefined }).toEqual({
    what,
    asked,
    wouldRun: found.length > 0,
  });
  if (found.length > 0) expectCauses(now, found);
});

test.each(cases.filter((n) => n % 11 === 0))(
  'drawn change %i, built: the same of what ran and of what lies between two builds; undone, nothing ran',
  async (n) => {
    const { asked, found, undo } = draw(n);
    const before = await newest();
    expect(await build()).toBe(found.length > 0);
    const between = await w.why(`@${before}`, `@${before + 1}`);
    if (found.length === 0) return expect(between).toMatchObject({ verdict: 'current', causes: [] });
    expectCauses(between, found);
    const reaching = found.filter(
      ({ recipe, truth }) => truth.quiet !== true || asked.startsWith(`${recipe}:`),
    );
    if (reaching.length > 0) {
      expect(await w.why(asked)).toMatchObject({ verdict: 'run', to: before + 1 });
      expectCauses(await w.why(asked), reaching);
    }
    undo();
    expect(await build()).toBe(false);
    if (reaching.length === 0) return expect((await w.why(asked)).to).not.toBe(before + 2);
    expect(await w.why(asked)).toMatchObject({
      verdict: 'current',
      to: before + 2,
      outcome: { kind: 'taken-up' },
    });
  },
);

/** Builds everything; whether anything ran. */
async function build(): Promise<boolean> {
  return (await w.ran('app', { targets: ['app', 'other'] })).length > 0;
}

async function newest(): Promise<number> {
  return (await w.why()).to ?? 0;
}
