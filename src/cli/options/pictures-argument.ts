import type { ArgumentDefinition } from './command-definition.js';

/** The pictures of a command, one result each. */
export const picturesArgument: ArgumentDefinition = {
  name: '[pictures...]',
  description:
    'files (JPEG, PNG, WebP, GIF, AVIF, TIFF, SVG, or a video), folders, "patterns*", URLs, cameras, or - for stdin',
};
