/** ` (and 2 more)`, after the one that is named; '' where there are no others. */
export function andMore(others: number): string {
  return others === 0 ? '' : ` (and ${others} more)`;
}
