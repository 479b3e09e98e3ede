import { linesOf, oneLine } from './lines-of.ts';

/** What a package says of itself, as dpkg reads it. */
export interface DebControl {
  /** Name and value of a field each; one without a value is left out. */
  readonly fields: readonly (readonly [name: string, value: string])[];
  /** One line. */
  readonly summary: string;
  /** Paragraphs between line breaks, wrapped here. */
  readonly description: string;
}

/** Writes the paragraph: a field a line, Description last. */
export function formatControl({ fields, summary, description }: DebControl): string {
  const lines = fields
    .map(([name, value]) => [name, oneLine(value)] as const)
    .filter(([, value]) => value !== '')
    .map(([name, value]) => `${name}: ${value}`);
  const more = linesOf(description).map((line) => (line === '' ? ' .' : ` ${line}`));
  return `${[...lines, `Description: ${oneLine(summary)}`, ...more].join('\n')}\n`;
}

/** Reads one field of a control text; '' where it has none. */
export function controlField(control: string, name: string): string {
  return new RegExp(`^${name}: (.*)$`, 'm').exec(control)?.[1] ?? '';
}

/** Puts more lines into a control text, before Description: it comes last, and its lines go on. */
export function withFields(control: string, lines: string): string {
  const at = control.indexOf('\nDescription:') + 1;
  return `${control.slice(0, at)}${lines}${control.slice(at)}`;
}

/** Writes what dpkg keeps of a package that is installed: its control text, the state, and which files are a person's to change. */
export function statusText(
  control: string,
  of: {
    /** Its postinst has not run yet. */
    readonly isUnpacked: boolean;
    /** Paths on the target, and the MD5 of each as the package has it. */
    readonly conffiles: readonly (readonly [path: string, md5: string])[];
  },
): string {
  const at = control.indexOf('\n') + 1;
  const state = `Status: install ok ${of.isUnpacked ? 'unpacked' : 'installed'}\n`;
  const lines = of.conffiles.map(([path, md5]) => ` ${path} ${md5}\n`).join('');
  const conffiles = lines === '' ? '' : `Conffiles:\n${lines}`;
  return withFields(`${control.slice(0, at)}${state}${control.slice(at)}`, conffiles);
}
