import type { Site } from './site.ts';

/** The sites of a build in which no task runs just now. */
export interface RestingSites {
  /** Before a task runs there. */
  wake(site: Site): void;
  /** After it. */
  rest(site: Site): void;
}

/** What is known of a history takes some 12 KiB: as many are held as there are recipes whose variables are. */
const held = 64;

/** Lets go of the histories in which a task ran longest ago. */
export function createRestingSites(): RestingSites {
  const sites = new Set<Site>();
  return {
    wake: (site) => void sites.delete(site),
    rest(site) {
      sites.add(site);
      for (const oldest of sites) {
        if (sites.size <= held) break;
        sites.delete(oldest);
        oldest.letGo();
      }
    },
  };
}
