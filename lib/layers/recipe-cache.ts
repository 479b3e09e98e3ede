/** What was found out about recipes, kept between runs. It saves time and nothing else: what no longer holds is not found. */
import type { World } from '../ports/world.ts';
import { TICK } from '../terms/last-touched.ts';
import type { RecipeFacts } from './metadata.ts';
import type { Observed, Warning } from './observe-reading.ts';
import {
  bytesOf,
  detailOf,
  readProofs,
  readRecipeCache,
  writeProofs,
  writeRecipeCache,
  type Detail,
  type KeptRecipe,
} from './recipe-cache-file.ts';
import type { TextMemo } from './text-memo.ts';

export interface RecipeCache {
  /** Undefined where nothing is known, or where the disk now answers otherwise than when it was found out. */
  find(name: string): Found | undefined;
  keep(name: string, observed: Observed<RecipeFacts>): void;
  /** Adds what was made of the variables of a recipe that is known. */
  keepDetail(name: string, what: string, observed: Observed<unknown>): void;
  /** Writes what is known of these recipes, if any of it is new, and forgets it: all have been asked for by then. */
  save(names: ReadonlySet<string>): void;
}

export interface Found {
  readonly facts: RecipeFacts;
  readonly warnings: readonly Warning[];
  /** Undefined: not known. */
  detail(what: string): unknown;
}

export interface CacheOptions {
  /** One file for each configuration. */
  readonly path: string;
  readonly memo: TextMemo;
  /** What the disk answers to a question now. */
  readonly answer: (question: string) => string;
}

const millisecond = 1_000_000n;

/** Opens the cache; one that is absent or damaged is empty. */
export function openRecipeCache(world: World, { path, memo, answer }: CacheOptions): RecipeCache {
  const opened = world.now();
  let file = readRecipeCache(world.fs, path);
  memo.trust(readProofs(world.fs, path));
  const recipes = new Map<string, KeptRecipe>(file?.recipes);
  const fresh = new Set<string>();
  const answers = new Map<string, string>();
  const now = (question: string): string => {
    const known = answers.get(question) ?? answer(question);
    answers.set(question, known);
    return known;
  };
  const put = (name: string, kept: KeptRecipe): void => {
    recipes.set(name, kept);
    fresh.add(name);
  };
  /** Nothing that was asked in this run is answered otherwise than it was. */
  const isKept = (name: string, { asked }: KeptRecipe): boolean =>
    fresh.has(name) ||
    asked.every(
      (question) => !answers.has(question) || file?.answers.get(question) === answers.get(question),
    );
  function saveNow(names: ReadonlySet<string>): void {
    for (const name of fresh) recipes.get(name)?.asked.forEach(now);
    const kept = new Map([...recipes].filter(([name, one]) => names.has(name) && isKept(name, one)));
    const isNew = fresh.size > 0 || kept.size !== file?.recipes.size;
    if (!isNew && !memo.learnt()) return;
    const asked = new Set([...kept.values()].flatMap((one) => one.asked));
    writeProofs(world.fs, path, (time) =>
      memo
        .proofs(time - BigInt(world.now() - opened) * millisecond - TICK)
        .filter((proof) => asked.has(`text ${proof.path}`)),
    );
    if (!isNew) return;
    writeRecipeCache(world.fs, path, {
      recipes: kept,
      answers: new Map(
        [...asked].map((question) => [question, answers.get(question) ?? file?.answers.get(question) ?? '']),
      ),
    });
  }
  return {
    find(name) {
      const kept = recipes.get(name);
      if (kept === undefined) return undefined;
      const holds =
        fresh.has(name) || kept.asked.every((question) => file?.answers.get(question) === now(question));
      if (!holds) return undefined;
      const { facts, warnings } = kept;
      return { facts, warnings, detail: (what) => parsed(recipes.get(name)?.details.get(what)) };
    },
    // What Python asked is not known: it is asked again each time.
    keep(name, { result: facts, asked, warnings, python }) {
      if (python) recipes.delete(name);
      else put(name, { facts, asked, warnings, details: new Map() });
    },
    keepDetail(name, what, observed) {
      const kept = recipes.get(name);
      if (kept !== undefined && !observed.python) put(name, withDetail(kept, what, observed));
    },
    save(names) {
      try {
        saveNow(names);
      } finally {
        recipes.clear();
        file = undefined;
      }
    },
  };
}

function withDetail(
  kept: KeptRecipe,
  what: string,
  { result, asked, warnings }: Observed<unknown>,
): KeptRecipe {
  return {
    facts: kept.facts,
    asked: asked.length === 0 ? kept.asked : [...new Set([...kept.asked, ...asked])],
    warnings: [...kept.warnings, ...warnings],
    details: new Map(kept.details).set(what, detailOf(Buffer.from(JSON.stringify(result)))),
  };
}

function parsed(detail: Detail | undefined): unknown {
  const json = detail === undefined ? undefined : bytesOf(detail);
  return json === undefined ? undefined : JSON.parse(json.toString('utf8'));
}
