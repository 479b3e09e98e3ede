/** The bill of materials of an image, as SPDX 2.3 has it in JSON. */
import { createHash } from 'node:crypto';
import { byCodeUnit } from '../terms/ids.ts';
import { licenseExpression, ownLicenses } from './license-expression.ts';
import type { RecipeOrigin, Source } from './recipe-origin.ts';

/** What an image is made of. */
export interface Bill {
  /** Of the document. */
  readonly name: string;
  readonly image: Pick<RecipeOrigin, 'name' | 'version' | 'license' | 'summary' | 'artifact'>;
  /** Sorted by name; none: it is made of the artifacts of the recipes. */
  readonly packages: readonly BilledPackage[];
  /** Those that the packages are of, sorted by name. */
  readonly recipes: readonly RecipeOrigin[];
  /** SOURCE_DATE_EPOCH. */
  readonly time: number;
}

export interface BilledPackage {
  readonly name: string;
  readonly version: string;
  readonly license: string;
  readonly summary: string;
  readonly recipe: string;
  /** The file that it was installed from. */
  readonly file: string;
  readonly sha256: string;
  /** Names of packages in the image. */
  readonly needs: readonly string[];
}

/** Writes the document: its namespace is made of its content, so that the same image has the same bytes. */
export function spdxDocument(bill: Bill): string {
  const { name, image, packages, recipes, time } = bill;
  const described = recipes.map(describeRecipe);
  const body = {
    packages: [
      describeImage(image),
      ...packages.map(describePackage),
      ...described.flatMap(({ elements }) => elements),
    ],
    relationships: [
      relation('SPDXRef-DOCUMENT', 'DESCRIBES', IMAGE),
      ...(packages.length > 0
        ? packages.map((one) => relation(IMAGE, 'CONTAINS', idOf('Package', one.name)))
        : recipes.map((one) => relation(IMAGE, 'CONTAINS', idOf('Recipe', one.name)))),
      ...packages.flatMap((one) => [
        ...one.needs.map((need) => relation(idOf('Package', one.name), 'DEPENDS_ON', idOf('Package', need))),
        ...(recipes.some((recipe) => recipe.name === one.recipe)
          ? [relation(idOf('Package', one.name), 'GENERATED_FROM', idOf('Recipe', one.recipe))]
          : []),
      ]),
      ...described.flatMap(({ relations }) => relations),
    ],
    ...extracted([image, ...packages, ...recipes].map(({ license }) => license)),
  };
  const head = {
    spdxVersion: 'SPDX-2.3',
    dataLicense: 'CC0-1.0',
    SPDXID: 'SPDXRef-DOCUMENT',
    name,
    // No version of the tool: the same packages would be another document then.
    creationInfo: { created: momentOf(time), creators: ['Tool: varve'] },
  };
  const digest = createHash('sha256')
    .update(JSON.stringify([head, body]))
    .digest('hex');
  const documentNamespace = `https://spdx.org/spdxdocs/${encodeURIComponent(name)}-${digest}`;
  return `${JSON.stringify({ ...head, documentNamespace, ...body }, null, 2)}\n`;
}

const IMAGE = 'SPDXRef-Image';

/** Checksums come first, so that what stands around a line that differs says whose it is. */
interface Element {
  readonly SPDXID: string;
  readonly name: string;
  readonly [field: string]: unknown;
}

interface Relation {
  readonly spdxElementId: string;
  readonly relationshipType: string;
  readonly relatedSpdxElement: string;
}

function relation(spdxElementId: string, relationshipType: string, relatedSpdxElement: string): Relation {
  return { spdxElementId, relationshipType, relatedSpdxElement };
}

function describeImage({ name, version, license, summary, artifact }: Bill['image']): Element {
  return {
    ...checksums(artifact),
    SPDXID: IMAGE,
    name,
    versionInfo: version,
    ...NOTHING_SAID,
    licenseDeclared: licenseExpression(license),
    ...(summary !== '' && { summary }),
    comment: ARTIFACT,
  };
}

function describePackage({ name, version, license, summary, file, sha256 }: BilledPackage): Element {
  return {
    ...checksums(sha256),
    SPDXID: idOf('Package', name),
    name,
    versionInfo: version,
    packageFileName: file,
    ...NOTHING_SAID,
    licenseDeclared: licenseExpression(license),
    ...(summary !== '' && { summary }),
  };
}

function describeRecipe(recipe: RecipeOrigin): {
  readonly elements: readonly Element[];
  readonly relations: readonly Relation[];
} {
  const own = idOf('Recipe', recipe.name);
  const sources = recipe.sources.map((source, at) => describeSource(source, idAt('Source', recipe.name, at)));
  const patches = recipe.patches.map((patch, at) => describeSource(patch, idAt('Patch', recipe.name, at)));
  const element = {
    ...checksums(recipe.artifact),
    SPDXID: own,
    name: recipe.name,
    versionInfo: recipe.version,
    ...NOTHING_SAID,
    licenseDeclared: licenseExpression(recipe.license),
    ...(recipe.homepage !== '' && { homepage: recipe.homepage }),
    ...(recipe.summary !== '' && { summary: recipe.summary }),
    ...(recipe.cpes.length > 0 && {
      externalRefs: recipe.cpes.map((cpe) => ({
        referenceCategory: 'SECURITY',
        referenceType: 'cpe23Type',
        referenceLocator: cpe,
      })),
    }),
    comment: recipe.edited === true ? `${ARTIFACT} ${EDITED}` : ARTIFACT,
  };
  return {
    elements: [element, ...sources, ...patches],
    relations: [
      ...sources.map(({ SPDXID }) => relation(own, 'GENERATED_FROM', SPDXID)),
      ...patches.map(({ SPDXID }) => relation(SPDXID, 'PATCH_APPLIED', own)),
    ],
  };
}

function describeSource({ name, sha256, revision }: Source, id: string): Element {
  const isRemote = /^\w+:\/\//.test(name);
  // Of a repository on a disk there is no place to tell.
  const isSomewhere = isRemote && !name.includes('…');
  return {
    ...checksums(sha256),
    SPDXID: id,
    name: isRemote ? name.slice(name.lastIndexOf('/') + 1) : name,
    ...(revision !== undefined && { versionInfo: revision }),
    ...NOTHING_SAID,
    ...(isSomewhere && { downloadLocation: revision === undefined ? name : `git+${name}@${revision}` }),
    licenseDeclared: 'NOASSERTION',
    primaryPackagePurpose: isRemote ? 'SOURCE' : 'FILE',
  };
}

const EDITED =
  'It was made with changes to its sources in the WORKDIR, which are in none of the sources and patches named here.';
const ARTIFACT = 'SHA256 is that of the uncompressed tar of what was installed.';

/** What varve did not look into. */
const NOTHING_SAID = {
  downloadLocation: 'NOASSERTION',
  filesAnalyzed: false,
  licenseConcluded: 'NOASSERTION',
  copyrightText: 'NOASSERTION',
} as const;

function checksums(sha256: string | undefined): { readonly checksums?: readonly object[] } {
  return sha256 === undefined ? {} : { checksums: [{ algorithm: 'SHA256', checksumValue: sha256 }] };
}

/** Names that SPDX does not know have to be told of. */
function extracted(licenses: readonly string[]): { readonly hasExtractedLicensingInfos?: readonly object[] } {
  const own = new Map(licenses.flatMap((license) => [...ownLicenses(license)]));
  if (own.size === 0) return {};
  return {
    hasExtractedLicensingInfos: [...own]
      .sort(([a], [b]) => byCodeUnit(a, b))
      .map(([licenseId, name]) => ({
        licenseId,
        name,
        extractedText: `What a recipe's LICENSE calls ${name}`,
      })),
  };
}

function idOf(kind: 'Package' | 'Recipe' | 'Source' | 'Patch', name: string): string {
  // An id has letters, digits, points and hyphens; two names must not become one.
  const plain = name.replaceAll(/[^a-zA-Z0-9.-]/g, (sign) => `..${(sign.codePointAt(0) ?? 0).toString(16)}`);
  return `SPDXRef-${kind}-${plain}`;
}

function idAt(kind: 'Source' | 'Patch', recipe: string, at: number): string {
  return `${idOf(kind, recipe)}-${at + 1}`;
}

function momentOf(time: number): string {
  return new Date(time * 1000).toISOString().replace(/\.\d+Z$/, 'Z');
}
