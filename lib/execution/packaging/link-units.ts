/** Makes the links of an image that "systemctl enable" would make. */
import { posix } from 'node:path';
import { readWhole } from '../../artifacts/read-tar.ts';
import { readInstall, templateOf } from '../../packages/unit-file.ts';
import { type EnabledUnit, unitsIn } from '../../packages/units.ts';
import { byCodeUnit } from '../../terms/ids.ts';
import { rawPath, shownPath } from '../../trees/raw-text.ts';
import { type Added, type RootedPackage, type Rootfs } from './compose-rootfs.ts';
import type { OpenPackage } from './open-package.ts';
import { placeIn } from './place-in.ts';

interface Enabling {
  readonly packages: readonly Pick<OpenPackage, 'name' | 'postinst'>[];
  /** The same, as they are in the root. */
  readonly rooted: readonly RootedPackage[];
  readonly warn: (text: string, hints: readonly string[]) => void;
}

/** Where systemd looks for units, the first place first. */
const PLACES = ['/etc/systemd', '/usr/local/lib/systemd', '/usr/lib/systemd', '/lib/systemd'];

/** What is new in the root for the units that postinsts enable, and for those that are enabled with them. */
export function linkUnits(root: Rootfs, { packages, rooted, warn }: Enabling): readonly Added[] {
  const units = packages.flatMap(({ name, postinst }) => unitsIn(postinst, name));
  if (units.length === 0) return [];
  const texts = unitTexts(rooted);
  const added = new Map<string, Added>();
  const seen = new Set<string>();
  const enable = (one: EnabledUnit): void => {
    const key = `${one.of} ${one.unit}`;
    if (seen.has(key)) return;
    seen.add(key);
    const file = fileOf(root, one);
    const text = file === undefined ? undefined : texts.get(placeIn(root, file));
    if (file === undefined || text === undefined) {
      warn(`${one.package} has ${one.unit} enabled, and the image has no such unit`, [
        `IMAGE_INSTALL takes the package that has it, or SYSTEMD_AUTO_ENABLE:${one.package} = "disable" leaves it`,
      ]);
      return;
    }
    const { links, also } = readInstall(one.unit, text);
    for (const link of links) {
      const at = placeIn(root, `/etc/systemd/${one.of}/${link}`);
      if (root.at(at) !== undefined) continue;
      const { mtime = 0 } = root.at(placeIn(root, file))?.header ?? {};
      const header = { path: at, mode: 0o777, uid: 0, gid: 0, size: 0, mtime, link: rawPath(file) };
      added.set(at, { header: { ...header, kind: 'symlink' } });
    }
    for (const unit of also) enable({ ...one, unit });
  };
  for (const one of units) enable(one);
  return [...added.values()].toSorted((a, b) => byCodeUnit(a.header.path, b.header.path));
}

/** The file of a unit, its template's for an instance; an alias is the unit that it leads to. */
function fileOf(root: Rootfs, { of, unit }: EnabledUnit): string | undefined {
  for (const name of [unit, templateOf(unit)])
    for (const place of PLACES) {
      if (name === undefined) continue;
      const file = `${place}/${of}/${name}`;
      const header = root.at(placeIn(root, file))?.header;
      if (header?.kind === 'file') return file;
      if (header?.kind !== 'symlink') continue;
      const leads = posix.resolve(posix.dirname(file), shownPath(header.link));
      return root.at(placeIn(root, leads))?.header.kind === 'file' ? leads : undefined;
    }
  return undefined;
}

/** What all files say that may be units, by path. */
function unitTexts(packages: readonly RootedPackage[]): ReadonlyMap<string, string> {
  const texts = new Map<string, string>();
  for (const { read } of packages)
    read(({ path, kind, size }, content) => {
      if (kind !== 'file' || !IS_UNIT.test(path)) return;
      texts.set(path, readWhole(content, size).toString('utf8'));
    });
  return texts;
}

const IS_UNIT = /(?:^|\/)systemd\/(?:system|user)\/[^/]+\.\w+$/;
