import { expect, test } from 'vitest';
import { read, refusal } from './build-directory.ts';

test('two providers of one name are an error that names both and says how to choose', () => {
  const files = {
    '/layers/meta/recipes/mesa_1.bb': 'PROVIDES += "virtual/gl"\n',
    '/layers/meta/recipes/swgl_1.bb': 'PROVIDES += "virtual/gl"\n',
  };
  expect(refusal(() => read({ files }).recipe('virtual/gl'))).toEqual({
    fault: 'metadata',
    message: 'virtual/gl is provided by mesa and swgl',
    hints: ['choose one in conf/local.conf: PREFERRED_PROVIDER_virtual/gl = "mesa"'],
  });
  const chosen = { ...files, '/build/conf/local.conf': 'PREFERRED_PROVIDER_virtual/gl = "swgl"\n' };
  expect(read({ files: chosen }).recipe('virtual/gl').name).toBe('swgl');
});

test.each([
  ['PREFERRED_PROVIDER_virtual/greeter = "loud"', 'loud'],
  ['PREFERRED_PROVIDER_greeter = "quiet"', 'quiet'],
  ['PREFERRED_RPROVIDER_greeter = "quiet"', 'quiet'],
  ['PREFERRED_PROVIDER_greeter = "quiet"\nPREFERRED_RPROVIDER_greeter = "loud"', 'loud'],
])('of two recipes with packages of one name %s means %s', (line, meant) => {
  const text = 'PROVIDES += "virtual/greeter"\nPACKAGES = "${PN}"\nRPROVIDES:${PN} = "greeter"\n';
  const files = {
    '/layers/meta/recipes/loud_1.bb': text,
    '/layers/meta/recipes/quiet_1.bb': text,
    '/build/conf/local.conf': `${line}\n`,
  };
  const { providerToRun, warnings } = read({ files });
  expect(providerToRun('greeter')?.name).toBe(meant);
  expect(warnings).toEqual([]);
});
