/** Units of systemd that packages have started: a preset says so, and scripts see to it on a target. */
import { readShellWords, shellWord } from '../terms/shell-word.ts';
import { whenRemoved } from './when-removed.ts';

/** A unit of a package that is to be enabled. */
export interface EnabledUnit {
  readonly package: string;
  /** Whose service manager has it. */
  readonly of: UnitOwner;
  readonly unit: string;
}

export type UnitOwner = 'system' | 'user';

/** A line for each. */
export function formatUnits(units: readonly EnabledUnit[]): string {
  return units.map((one) => `${one.package} ${one.of} ${one.unit}\n`).join('');
}

/** Reads what {@link formatUnits} wrote. */
export function parseUnits(text: string): readonly EnabledUnit[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const [one = '', of = '', unit = ''] = line.split(' ');
      return { package: one, of: of === 'user' ? 'user' : 'system', unit };
    });
}

const OPENING = 'if command -v systemctl >/dev/null; then';
const ENABLE = {
  system: '\tsystemctl ${DPKG_ROOT:+--root="$DPKG_ROOT"} enable ',
  user: '\tsystemctl ${DPKG_ROOT:+--root="$DPKG_ROOT"} --global enable ',
} as const;
/** The package is installed whatever comes of it: a template may have nothing to be enabled. */
const END = ' || true';
/** Where there is a system that runs: in an image that is made there is none. */
const RUNNING = '\tif [ -z "${DPKG_ROOT:-}" ] && [ -d /run/systemd/system ]; then';
const OWNERS = ['system', 'user'] as const;

/** What a postinst says of them; '' where there are none. */
export function enablingScript(units: readonly EnabledUnit[]): string {
  if (units.length === 0) return '';
  const lines = units.map(({ of, unit }) => `${ENABLE[of]}${shellWord(unit)}${END}\n`).join('');
  const own = wordsOf(units, 'system');
  const restart = own === '' ? '' : `\t\tsystemctl --no-block restart${own} || true\n`;
  return `${OPENING}\n${lines}${RUNNING}\n\t\tsystemctl daemon-reload || true\n${restart}\tfi\nfi\n`;
}

/** What a prerm says of them: nothing while a newer package takes the place of this one. */
export function disablingScript(units: readonly EnabledUnit[]): string {
  if (units.length === 0) return '';
  const own = wordsOf(units, 'system');
  const stop = own === '' ? '' : `${RUNNING}\n\t\tsystemctl stop${own} || true\n\tfi\n`;
  const lines = units.map(
    ({ of, unit }) => `${ENABLE[of].replace('enable', 'disable')}${shellWord(unit)}${END}\n`,
  );
  return whenRemoved(`${OPENING}\n${stop}${lines.join('')}fi\n`);
}

function wordsOf(units: readonly EnabledUnit[], owner: UnitOwner): string {
  // Of a template only instances run.
  const run = units.filter(({ of, unit }) => of === owner && !unit.includes('@.'));
  return run.map(({ unit }) => ` ${shellWord(unit)}`).join('');
}

/** Finds in a postinst what {@link enablingScript} said. */
export function unitsIn(script: string, one: string): readonly EnabledUnit[] {
  return script.split('\n').flatMap((line) =>
    OWNERS.filter((of) => line.startsWith(ENABLE[of])).map((of) => {
      const [unit = ''] = readShellWords(line.slice(ENABLE[of].length, -END.length));
      return { package: one, of, unit };
    }),
  );
}

/** The text of a preset: what is not said otherwise is up to the target's own. */
export function presetText(action: 'enable' | 'disable', units: readonly string[]): string {
  const instances = new Map<string, string[]>();
  for (const unit of units) {
    const [, prefix, instance = '', kind] = /^([^@]*@)(.*)\.(\w+)$/s.exec(unit) ?? [];
    const name = prefix === undefined ? unit : `${prefix}.${kind}`;
    const known = instances.get(name) ?? [];
    instances.set(name, instance === '' ? known : [...known, instance]);
  }
  return [...instances].map(([name, all]) => `${[action, name, ...all].join(' ')}\n`).join('');
}
