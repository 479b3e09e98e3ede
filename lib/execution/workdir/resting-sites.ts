import type { Site } from './site.ts';

/** The sites of a build whose histories were opened, but those in which a task runs just now. */
export interface RestingSites {
  /** Before a task runs there. */
  wake(site: Site): void;
  /** After it. */
  rest(site: Site): void;
  /** After a look at what stands there, whether a task runs there or not. */
  looked(site: Site): void;
}

/** What is known of a history takes some 12 KiB: as many are held as there are recipes whose variables are. */
const held = 64;

/** Lets go of the histories that were asked longest ago. */
export function createRestingSites(): RestingSites {
  const awake = new Set<Site>();
  const resting = new Set<Site>();
  const hold = (site: Site): void => {
    resting.delete(site);
    resting.add(site);
    for (const oldest of resting) {
      if (resting.size <= held) break;
      resting.delete(oldest);
      oldest.letGo();
    }
  };
  return {
    wake(site) {
      awake.add(site);
      resting.delete(site);
    },
    rest(site) {
      awake.delete(site);
      hold(site);
    },
    looked(site) {
      if (!awake.has(site)) hold(site);
    },
  };
}
