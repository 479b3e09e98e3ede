import { statedAlternatives } from './alternatives.ts';
import type { Datastore } from './datastore.ts';

/** Has each package with alternatives depend on what makes their links on the target, where a distribution names it. */
export function useAlternatives(data: Datastore): void {
  const provider = (data.get('VIRTUAL-RUNTIME_update-alternatives') ?? '').trim();
  if (provider === '') return;
  for (const name of new Set(statedAlternatives(data).map((one) => one.package))) {
    const variable = `RDEPENDS:${name}`;
    data.set(variable, `${data.get(variable) ?? ''} ${provider}`);
  }
}
