import type { Datastore } from './datastore.ts';
import { splitWords } from './python-values.ts';

/** Where units are looked for; SYSTEMD_SERVICE names files, not paths. */
const DIRECTORIES = [
  '${systemd_system_unitdir}',
  '${systemd_user_unitdir}',
  '${sysconfdir}/systemd/system',
  '${sysconfdir}/systemd/user',
];

/** Has a package take the units that SYSTEMD_SERVICE names of it, and those that belong to them. */
export function useSystemdUnits(data: Datastore): void {
  for (const name of splitWords(data.get('SYSTEMD_PACKAGES'))) {
    const units = splitWords(data.get(`SYSTEMD_SERVICE:${name}`) ?? data.get('SYSTEMD_SERVICE'));
    const files = [...new Set(units.flatMap(withItsOwn))].flatMap((unit) =>
      DIRECTORIES.map((directory) => `${directory}/${unit}`),
    );
    if (files.length === 0) continue;
    const variable = `FILES:${name}`;
    data.set(variable, [data.get(variable) ?? '', ...files].join(' '));
  }
}

/** `a.service` may be started by `a.socket` and have instances, of `a@.service`; `a@tty1.service` is one of these. */
function withItsOwn(unit: string): readonly string[] {
  const [, stem, instance, kind] = /^([^@]*)(@.*)?\.(\w+)$/.exec(unit) ?? [];
  if (stem === undefined) return [unit];
  const template = `${stem}@.${kind}`;
  if (instance !== undefined) return [unit, template];
  return kind === 'service' || kind === 'socket'
    ? [unit, template, `${stem}.service`, `${stem}@.service`, `${stem}.socket`]
    : [unit, template];
}
