import { knownSizeNames } from '../weights/checkpoint/known-sizes.js';

/** What `pali bench --synthetic` can measure. */
export const syntheticNames: readonly string[] = knownSizeNames;
