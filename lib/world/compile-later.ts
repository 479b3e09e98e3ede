import { setFlagsFromString } from 'node:v8';

/** By release of Node; of a flag that it does not know it complains. */
const laterCompilation: Readonly<Record<string, string>> = {
  20: '--interrupt-budget=800000',
  22: '--invocation-count-for-turbofan=30000',
  24: '--invocation-count-for-turbofan=30000',
};

/** What has run for a few milliseconds V8 compiles anew, on other cores, which a command seldom gets back: it waits ten times as long. */
export function compileLater(): void {
  const [release = ''] = process.versions.node.split('.');
  const flag = laterCompilation[release];
  if (flag !== undefined) setFlagsFromString(flag);
}
