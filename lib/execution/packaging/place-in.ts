import { posix } from 'node:path';
import { rawPath } from '../../trees/raw-text.ts';
import type { Rootfs } from './compose-rootfs.ts';

/** Links that a way through directories may lead over; more of them go in a circle. */
const LINKS = 40;

/** Where a path on the target is in the root, raw: its directories may be links, as `/bin` is one to `usr/bin`. */
export function placeIn(root: Pick<Rootfs, 'at'>, path: string): string {
  let rest = rawPath(path).split('/');
  let place = '';
  for (let left = LINKS; rest.length > 0;) {
    const [name = '', ...others] = rest;
    const next = posix.join('/', place, name).slice(1);
    const header = others.length === 0 ? undefined : root.at(next)?.header;
    if (header?.kind === 'symlink' && left-- > 0) {
      rest = [...header.link.split('/'), ...others];
      if (header.link.startsWith('/')) place = '';
    } else [place, rest] = [next, others];
  }
  return place;
}
