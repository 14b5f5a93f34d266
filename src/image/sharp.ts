import { createRequire } from 'node:module';
import type sharpModule from 'sharp';

/**
 * The library that decodes and encodes pictures, in the form for `require`: the same code, which Node opens in half the
 * processor time that its 14 modules take as imports.
 */
export const sharp = createRequire(import.meta.url)('sharp') as typeof sharpModule;
