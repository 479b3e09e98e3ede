/** SOURCE_DATE_EPOCH where a recipe sets none, and the time of what belongs to no recipe alone: 2020-01-01. */
export const defaultEpoch = 1_577_836_800;
