import { expect, test } from 'vitest';
import { appendToVariable } from '../../lib/language/append-to-variable.ts';

const add = (text: string): string => appendToVariable(text, 'SRC_URI', ['file://new.patch']);

test('words come after the last statement of the variable, whole lines kept', () => {
  expect(add('SRC_URI = "a \\\n  b \\\n"\nSRC_URI[sha256sum] = "1"\n\ndo_x() {\n\t:\n}\n')).toBe(
    'SRC_URI = "a \\\n  b \\\n"\nSRC_URI += "file://new.patch"\nSRC_URI[sha256sum] = "1"\n\ndo_x() {\n\t:\n}\n',
  );
});

test('where words come by :append, these do too, since those of += would stand before them', () => {
  expect(add('SRC_URI = "a"\nSRC_URI:append:arm = " b"\n')).toBe(
    'SRC_URI = "a"\nSRC_URI:append:arm = " b"\nSRC_URI:append = " file://new.patch"\n',
  );
});

test('a text that says nothing of the variable gets a paragraph at its end', () => {
  expect(add('require zlib.inc')).toBe('require zlib.inc\n\nSRC_URI += "file://new.patch"\n');
  expect(add('')).toBe('SRC_URI += "file://new.patch"\n');
});

test('names that only begin alike are others', () => {
  expect(add('SRC_URI_EXTRA = "x"\n')).toBe('SRC_URI_EXTRA = "x"\n\nSRC_URI += "file://new.patch"\n');
});
