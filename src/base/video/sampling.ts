/** Which frames of a video to take. Times are seconds from the first frame. */
export type Sampling =
  /** The first frame of each stretch of `everySeconds`. */
  | { readonly kind: 'every'; readonly everySeconds: number }
  /** This many frames, each from the middle of an equal part. */
  | { readonly kind: 'count'; readonly count: number }
  /** The first frame of each shot; a cut is where frames differ by more than `threshold`, 0..1. */
  | { readonly kind: 'scenes'; readonly threshold: number }
  /** Frames by number, counted from 0 at the first; ranges with both ends. */
  | { readonly kind: 'numbers'; readonly ranges: readonly (readonly [number, number])[] }
  | { readonly kind: 'all' };
