/** As BitBake reads such flags: any text but nothing and "0" means yes. */
export function isSet(flag: string | undefined): boolean {
  return flag !== undefined && flag !== '' && flag !== '0';
}
