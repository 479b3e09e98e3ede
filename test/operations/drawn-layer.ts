/** A layer in which every kind of change can be drawn: recipes with an include, a class, functions, sources and patches. */

export const names = ['base-lib', 'tool', 'app', 'other'] as const;
export type Name = (typeof names)[number];

const needs: Readonly<Record<Name, string>> = {
  'base-lib': '',
  tool: 'base-lib',
  app: 'tool',
  other: '',
};

const recipe = (name: Name, sha256: string): string => `SUMMARY = "Says something"
LICENSE = "CLOSED"
require ${name}.inc
inherit greeting
DEPENDS = "${needs[name]}"

SRC_URI = "file://src \\
           file://first.patch \\
           https://src.invalid/${name}.txt;unpack=0 \\
           "
SRC_URI[sha256sum] = "${sha256}"
S = "\${UNPACKDIR}/src"

LEVEL = "one"
EXTRA = "--level=\${LEVEL}"
EXTRA:append:tuned = " --tuned"
PACKAGECONFIG ??= "ssl"
PACKAGECONFIG[ssl] = "--with-ssl,--without-ssl"
PACKAGECONFIG[zip] = "--with-zip,--without-zip"

helper() {
	echo begin
	echo help
	speak
}

do_compile[umask] = "022"
do_compile() {
	helper
	make \${EXTRA} \${INC_FLAG} \${CLASS_FLAG} \${LOCAL_FLAG} \${PACKAGECONFIG_CONFARGS} \${FEATURE_FLAG}
	: nothing
}

addtask extra after do_compile before do_install
do_extra() {
	echo extra
}

do_install() {
	install \${PN} \${PV}
	install more
}
`;

/** Layer files by path, and what lies elsewhere by absolute path. */
export function drawnLayer(sha256Of: (text: string) => string, downloads: string): Record<string, string> {
  const files: Record<string, string> = {
    'classes/greeting.bbclass': `CLASS_FLAG ?= "quiet"
FEATURE_FLAG = "\${@bb.utils.contains('DISTRO_FEATURES', 'loud', '--loud', '', d)}"

speak() {
	echo speak
}
`,
  };
  for (const name of names) {
    const upstream = `upstream of ${name}\n`;
    files[`recipes/${name}_1.0.bb`] = recipe(name, sha256Of(upstream));
    files[`recipes/${name}.inc`] = `# What all versions of ${name} share\nINC_FLAG = "low"\n`;
    files[`recipes/${name}/src/main.c`] = 'int main(void)\n{\n\treturn 0;\n}\n';
    files[`recipes/${name}/src/README`] = 'Read me.\n';
    files[`recipes/${name}/first.patch`] = '--- a/main.c\n+++ b/main.c\n';
    files[`${downloads}/${name}.txt`] = upstream;
  }
  return files;
}

export const drawnLocalConf = `# Set by hand
LOCAL_FLAG = "here"
OVERRIDES .= ":tuned"
DISTRO_FEATURES = "net"
`;
