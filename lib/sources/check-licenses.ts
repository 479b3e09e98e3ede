/** LIC_FILES_CHKSUM: license texts are what they were when somebody read them. */
import { createHash } from 'node:crypto';
import { closest } from '../terms/closest.ts';
import { VarveError, type Place } from '../terms/varve-error.ts';
import { licensePath, licenseText } from './license-text.ts';
import { parseLicenseFiles, type LicenseFile } from './parse-license-files.ts';
import type { SourceContext } from './source-context.ts';

export interface LicenseContext extends Pick<SourceContext, 'recipe' | 'recipeFile' | 's' | 'log' | 'world'> {
  /** LICENSE. */
  readonly license: string;
  /** LIC_FILES_CHKSUM: `file://` entries, relative to S, with md5, beginline and endline. */
  readonly licenseFiles: string;
  /** The same, not expanded. */
  readonly asWritten: string;
  /** Where LIC_FILES_CHKSUM was written. */
  readonly place: Place | undefined;
}

/** Does do_populate_lic: compares the texts with their checksums. What differs is shown, with the line that holds now. */
export function checkLicenses(context: LicenseContext): void {
  const wrong = parseLicenseFiles(context.licenseFiles).flatMap((file) => check(context, file) ?? []);
  if (wrong.length === 0) return;
  throw new VarveError('task', `${context.recipe}: ${wrong.map(({ problem }) => problem).join('; ')}`, {
    place: context.place ?? { file: context.recipeFile },
    hints: [
      ...wrong.flatMap(({ hint }) => (hint === undefined ? [] : [hint])),
      ...lineToWrite(context, wrong),
    ],
  });
}

/** The statement that holds of the texts as they are, where all of them are there. */
function lineToWrite(
  { asWritten, licenseFiles, license }: LicenseContext,
  wrong: readonly Wrong[],
): readonly string[] {
  const isFound = wrong.every(({ file }) => asWritten.includes(file.params.get('md5') ?? file.text));
  let text = (isFound ? asWritten : licenseFiles).trim().replaceAll(/\s+/g, ' ');
  for (const { file, md5 } of wrong) {
    const { text: entry, params } = file;
    if (md5 === undefined) return [];
    const old = params.get('md5');
    text = old === undefined ? text.replace(entry, `${entry};md5=${md5}`) : text.replaceAll(old, md5);
  }
  return [
    `if LICENSE = "${license}" is true of the text as it is, put into the recipe:`,
    `LIC_FILES_CHKSUM = "${text}"`,
  ];
}

interface Wrong {
  readonly file: LicenseFile;
  /** Of the text as it is; undefined: there is none. */
  readonly md5: string | undefined;
  readonly problem: string;
  readonly hint?: string;
}

function check(context: LicenseContext, file: LicenseFile): Wrong | undefined {
  const { fs } = context.world;
  const path = licensePath(context.s, file);
  if (path === undefined) {
    context.log(`${file.text} is not checked: nothing sets what it refers to`);
    return undefined;
  }
  if (!fs.existsSync(path) || !fs.statSync(path).isFile()) return noFile(context, file, path);
  const bytes = licenseText(fs, path, file);
  const md5 = md5Of(bytes);
  const wanted = file.params.get('md5');
  if (wanted?.toLowerCase() === md5) {
    context.log(`${file.text} is as it was`);
    return undefined;
  }
  if (wanted === undefined) return { file, md5, problem: `LIC_FILES_CHKSUM has no md5 of ${spoken(file)}` };
  context.log(`the text that ${file.text} means:`);
  for (const line of bytes.toString('utf8').trimEnd().split('\n')) context.log(`  ${line}`);
  return { file, md5, problem: `${spoken(file)} has the md5 ${md5}, and LIC_FILES_CHKSUM says ${wanted}` };
}

function noFile(context: LicenseContext, file: LicenseFile, path: string): Wrong {
  const { fs } = context.world;
  const there = fs.existsSync(context.s) ? fs.readdirSync(context.s) : [];
  const near = closest(file.path, there) ?? there.find((name) => /^(copying|licen[cs]e)/i.test(name));
  const problem = `LIC_FILES_CHKSUM names ${file.path}, and there is no file ${path}`;
  if (near === undefined) return { file, md5: undefined, problem };
  return { file, md5: undefined, problem, hint: `did you mean "file://${near}"?` };
}

const md5Of = (bytes: Buffer): string => createHash('md5').update(bytes).digest('hex');

function spoken({ path, beginline, endline }: LicenseFile): string {
  if (beginline === undefined && endline === undefined) return path;
  return `${path} from line ${beginline ?? 1}${endline === undefined ? '' : ` to ${endline}`}`;
}
