/** Of the tasks that a WORKDIR goes through, those that make its sources: up to do_patch. */
export function sourceTasks(chain: readonly string[]): readonly string[] {
  return chain.slice(0, Math.max(chain.indexOf('do_unpack'), chain.indexOf('do_patch')) + 1);
}
