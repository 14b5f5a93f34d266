import { extname } from 'node:path';

/** Left out are .ts and .mts, which are programs in TypeScript as often as they are transport streams. */
const VIDEO_EXTENSIONS = new Set(
  '.mp4 .m4v .mov .mkv .webm .avi .mpg .mpeg .m2ts .wmv .asf .flv .ogv .3gp .3g2 .mxf'.split(' '),
);

/** Whether a name is called as videos are; what the file holds is another question. */
export function hasVideoExtension(name: string): boolean {
  return VIDEO_EXTENSIONS.has(extname(name).toLowerCase());
}
