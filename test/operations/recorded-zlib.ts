/** A recipe as builds have recorded it. */
import type { Input } from '../../lib/terms/inputs.ts';
import { buildDir, type RecipeState } from './recorded.ts';

const cflags = (value: string): Input => ({
  kind: 'variable',
  name: 'CFLAGS',
  value,
  at: `${buildDir}/conf/local.conf:3`,
});
const after = (task: string, value: string): Input => ({ kind: 'after', name: task, value });

/** zlib, compiled with these flags. */
export function zlib(flags: string): RecipeState {
  return {
    tasks: {
      do_unpack: { files: { 'zlib.c': 'source\n' } },
      do_compile: { files: { 'zlib.c': 'source\n', 'zlib.o': `object ${flags}\n` }, inputs: [cflags(flags)] },
      do_install: {
        files: {
          'zlib.c': 'source\n',
          'zlib.o': `object ${flags}\n`,
          'image/usr/lib/libz.a': `library ${flags}\n`,
        },
        inputs: [after('do_compile', flags)],
      },
    },
    artifact: { 'usr/lib/libz.a': `library ${flags}\n` },
  };
}
