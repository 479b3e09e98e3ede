/** `varve artifact show --provenance`: what an artifact was made from, by whom, as SLSA has it said. */
import type { AcEntry } from '../artifacts/ac-entry.ts';
import type { World } from '../ports/world.ts';
import type { Input } from '../terms/inputs.ts';
import { storedEntry } from './artifacts.ts';
import { openRecord } from './record/open-record.ts';
import type { RecordedRecipe } from './record/recorded-recipe.ts';

/** An in-toto statement (https://in-toto.io/Statement/v1) with a SLSA provenance (https://slsa.dev/provenance/v1). */
export interface Provenance {
  readonly _type: 'https://in-toto.io/Statement/v1';
  readonly subject: readonly [{ readonly name: string; readonly digest: Digest }];
  readonly predicateType: 'https://slsa.dev/provenance/v1';
  readonly predicate: {
    readonly buildDefinition: {
      readonly buildType: string;
      readonly externalParameters: Readonly<Record<string, string>>;
      readonly internalParameters: Readonly<Record<string, string>>;
      readonly resolvedDependencies: readonly Dependency[];
    };
    readonly runDetails: {
      readonly builder: { readonly id: string; readonly version: { readonly varve: string } };
      readonly metadata: { readonly invocationId: string; readonly finishedOn?: string };
    };
  };
}

type Digest = Readonly<Partial<Record<'sha256' | 'gitCommit', string>>>;

interface Dependency {
  readonly name: string;
  readonly uri?: string;
  readonly digest?: Digest;
  readonly annotations?: Readonly<Record<string, string | boolean>>;
}

/** Tells of an artifact of the store, by what the record has of its inputs. */
export function artifactProvenance(
  world: World,
  { buildDir, rev }: { readonly buildDir: string; readonly rev: string },
): Provenance {
  const { entry, build, recipe } = storedEntry(openRecord(world, buildDir), rev);
  const asked = askedOf(build.asked());
  return {
    _type: 'https://in-toto.io/Statement/v1',
    subject: [{ name: `${entry.recipe}-${entry.version}.tar.gz`, digest: { sha256: entry.archive.sha256 } }],
    predicateType: 'https://slsa.dev/provenance/v1',
    predicate: {
      buildDefinition: {
        buildType: 'urn:varve:task:1',
        externalParameters: {
          recipe: entry.recipe,
          version: entry.version,
          task: entry.task,
          machine: asked.machine,
          distro: asked.distro,
        },
        internalParameters: { signature: entry.signature, artifact: entry.id, tree: entry.tree },
        resolvedDependencies: [...asked.layers, ...dependenciesOf(recipe, entry.task)],
      },
      runDetails: runOf(entry),
    },
  };
}

/** The same result of the same inputs by the same host is one invocation, whoever asks. */
function runOf({ signature, builtBy }: AcEntry): Provenance['predicate']['runDetails'] {
  const { host, varve, at } = builtBy;
  return {
    builder: { id: `urn:varve:host:${encodeURIComponent(host)}`, version: { varve } },
    metadata: {
      invocationId: `${host}/${signature}${at === undefined ? '' : `/${at}`}`,
      ...(at !== undefined && { finishedOn: at }),
    },
  };
}

interface Asked {
  readonly machine: string;
  readonly distro: string;
  readonly layers: readonly Dependency[];
}

/** Reads what `describeBuild` wrote. */
function askedOf(text: string): Asked {
  const lines = text.split('\n\n==')[0]?.split('\n') ?? [];
  const value = (name: string): string =>
    lines.find((line) => line.startsWith(`${name} `))?.slice(name.length + 1) ?? '';
  const layers = lines.flatMap((line): readonly Dependency[] => {
    const [, name, remote, revision, dirty] = /^layer (\S+) (\S+) (\S+)( dirty)?$/.exec(line) ?? [];
    if (name === undefined) return [];
    return [
      {
        name: `layer ${name}`,
        ...(remote !== undefined && remote !== '-' && { uri: `git+${remote}` }),
        ...(revision !== undefined && revision !== '-' && { digest: { gitCommit: revision } }),
        ...(dirty !== undefined && { annotations: { dirty: true } }),
      },
    ];
  });
  return { machine: value('machine'), distro: value('distro'), layers };
}

/** What the task, and those of its recipe that it comes after, were given from outside; each thing once. */
function dependenciesOf(recipe: RecordedRecipe, task: string): readonly Dependency[] {
  const found = new Map<string, Dependency>();
  const done = new Set<string>();
  const open = [task];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    if (done.has(name)) continue;
    done.add(name);
    for (const input of recipe.inputs(name) ?? []) {
      if (input.kind === 'after') open.push(input.name);
      const dependency = asDependency(input);
      if (dependency !== undefined) found.set(`${dependency.name}\0${input.value}`, dependency);
    }
  }
  return [...found].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, dependency]) => dependency);
}

function asDependency({ kind, name, value }: Input): Dependency | undefined {
  const digest = digestIn(value);
  const named = { name: `${kind} ${name}`, ...(digest !== undefined && { digest }) };
  switch (kind) {
    case 'source':
      return digest === undefined ? undefined : { ...named, ...sourceOf(name) };
    case 'file':
      return named;
    case 'hosttool':
      return { ...named, annotations: { version: value.replace(/ ?sha256:[0-9a-f]{64}$/, '') } };
    case 'artifact':
    case 'produced': {
      const [id = ''] = value.split(' ');
      return { ...named, ...(/^[0-9a-f]{64}$/.test(id) && { digest: { sha256: id } }) };
    }
    case 'edited':
      return { ...named, annotations: { edited: true } };
    case 'task':
    case 'variable':
    case 'function':
    case 'flag':
    case 'after':
      return undefined;
    default:
      return kind satisfies never;
  }
}

/** What was fetched, without what the recipe then does with it; of a repository on a disk there is no place to tell. */
function sourceOf(name: string): Pick<Dependency, 'name' | 'uri'> {
  const [bare = ''] = name.split(';');
  const isSomewhere = /^\w+:\/\//.test(bare) && !bare.includes('…');
  const uri = bare.replace(/^git:/, 'git+git:').replace(/#.*$/, '');
  return { name: `source ${bare}`, ...(isSomewhere && { uri }) };
}

function digestIn(value: string): Digest | undefined {
  const [, sha256] = /sha256:([0-9a-f]{64})/.exec(value) ?? [];
  if (sha256 !== undefined) return { sha256 };
  return /^[0-9a-f]{40}$/.test(value) ? { gitCommit: value } : undefined;
}
