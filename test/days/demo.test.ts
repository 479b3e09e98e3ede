import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';

test('the demo shows each command as it can be typed, the one that changes a line too', () => {
  const { status, stdout } = spawnSync('sh', ['fixtures/demo.sh'], { encoding: 'utf8' });
  expect(status).toBe(0);
  const source = '../meta-quickstart/recipes-greet/libgreet/files/libgreet-1.0/greet.c';
  expect(stdout).toContain(
    `\n$ sed -i 's/"Hello"/"Good morning"/' ${source}\n\n$ grep -n 'Good morning' ${source}\n`,
  );
  expect(stdout).toContain('Good morning, Ada!');
});
