/** Writes down what a recipe is made of, so that it comes along with its packages wherever these come from. */
import { join } from 'node:path';
import type { LoadedRecipe } from '../../layers/load-metadata.ts';
import { splitWords } from '../../layers/split-words.ts';
import {
  cpesOf,
  formatOrigin,
  parseOrigin,
  type RecipeOrigin,
  type Source,
} from '../../packages/recipe-origin.ts';
import type { FileSystem } from '../../ports/world.ts';
import type { SourceInputs } from '../../sources/source-inputs.ts';
import type { Input } from '../../terms/inputs.ts';
import { listEntries } from '../../trees/list-entries.ts';
import { DEFAULT_IMAGE, inside } from '../../trees/tree-metadata.ts';
import type { RecipeArtifact } from './recipe-artifact.ts';

export interface RecipeDescribing {
  readonly fs: FileSystem;
  readonly recipe: LoadedRecipe;
  /** As they were signed. */
  readonly sources: SourceInputs;
  /** The id of what do_install made. */
  readonly artifact: string;
  /** Whether that was made with a person's edits. */
  readonly edited: boolean;
}

const FILE = 'recipe.json';

/** Writes it into SPDXDIR. Nothing in it is other than what the signature of the task has. */
export function describeRecipe({ fs, recipe, sources, artifact, edited }: RecipeDescribing): void {
  const { data } = recipe;
  const patches = sources.patch.map(sourceOf);
  const patched = new Set(patches.map(({ name }) => name));
  const text = (name: string): string => (data.get(name) ?? '').trim();
  const origin: RecipeOrigin = {
    name: recipe.name,
    version: text('PV'),
    license: text('LICENSE'),
    homepage: text('HOMEPAGE'),
    summary: text('SUMMARY'),
    cpes: cpesOf(splitWords(data.get('CVE_PRODUCT')), text('CVE_VERSION')),
    artifact,
    ...(edited && { edited }),
    sources: sources.unpack.map(sourceOf).filter(({ name }) => !patched.has(name)),
    patches,
  };
  fs.writeFileSync(join(data.get('SPDXDIR') ?? '', FILE), formatOrigin(origin));
}

/** Reads it from the artifact of the task that wrote it. */
export function readOrigin({ objects, tree }: RecipeArtifact): RecipeOrigin | undefined {
  const path = inside(DEFAULT_IMAGE, FILE);
  const { oid } = listEntries(objects, tree, { under: path })[0] ?? {};
  return oid === undefined ? undefined : parseOrigin(objects.readBlob(oid).toString('utf8'));
}

/** What an input says of a source, without the parameters that say what becomes of it, and without a name and password. */
function sourceOf(input: Input): Source {
  const { value } = input;
  const [, sha256] = /sha256:([0-9a-f]{64})/.exec(value) ?? [];
  const [revision] = /^[0-9a-f]{40}$/.exec(value) ?? [];
  return {
    name: bareSource(input).replace(/(?<=^\w+:\/\/)[^/@]*@/, ''),
    ...(sha256 !== undefined && { sha256 }),
    ...(revision !== undefined && { revision }),
  };
}

/** A file of a directory has its path there behind the parameters, which may have slashes too: where it is, tells which. */
function bareSource({ name, at = '' }: Input): string {
  const [bare = '', ...parameters] = name.split(';');
  if (parameters.length === 0 || /^\w+:\/\//.test(bare)) return bare;
  const slashes = [...name.matchAll(/\//g)].map(({ index }) => index).filter((index) => index > bare.length);
  const start = slashes.find((index) => at.endsWith(`/${bare}${name.slice(index)}`));
  return start === undefined ? bare : bare + name.slice(start);
}
