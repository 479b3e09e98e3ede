import { defineCommand } from '../command.ts';

/** `varve layers`: the layers, and what each lays over others. */
export const layersCommand = defineCommand({
  command: 'layers',
  describe: 'List the layers, and what each lays over others',
  examples: [
    ['varve layers', 'Priority, directory, branch and commit of each; recipes and classes that it hides'],
  ],
  builder: (yargs) => yargs,
  run: async (call) => {
    const { listLayers } = await import('../../operations/list-layers.ts');
    const { formatLayers } = await import('../../reporting/format-layers.ts');
    const layers = listLayers(call.world, { buildDir: call.buildDir() }, call.note);
    call.answer(layers, () => formatLayers(layers, call));
  },
});
