import type { World } from '../ports/world.ts';
import type { Paint } from './paint.ts';

/** Who reads, and how much of it. */
export interface View {
  readonly world: Pick<World, 'cwd' | 'now'>;
  readonly paint: Paint;
  readonly verbose: boolean;
  readonly quiet: boolean;
}
