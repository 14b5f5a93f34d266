import { editDistance } from './edit-distance.js';

/** Names further away than this share of their length are not what the user meant. */
const MAX_DISTANCE_SHARE = 0.4;

/** The name most like `wanted` (edit distance, case ignored), or undefined when none is close. */
export function findNearestName(wanted: string, names: readonly string[]): string | undefined {
  let best: string | undefined;
  let bestDistance = Infinity;
  for (const name of names) {
    const distance = editDistance(wanted.toLowerCase(), name.toLowerCase());
    const limit = Math.ceil(Math.max(wanted.length, name.length) * MAX_DISTANCE_SHARE);
    if (distance <= limit && distance < bestDistance) {
      best = name;
      bestDistance = distance;
    }
  }
  return best;
}
