/** The part of a prerm that has nothing to do while a newer package takes the place of this one. */
export function whenRemoved(script: string): string {
  return `case "$1" in upgrade | failed-upgrade) ;; *)\n${script};; esac\n`;
}
