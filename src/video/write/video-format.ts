import { extname } from 'node:path';
import { ToolMissingError, UsageError } from '../../base/errors.js';
import { findEncoder } from '../ffmpeg/ffmpeg-features.js';
import type { FfmpegTools } from '../ffmpeg/find-ffmpeg.js';

/** Kinds of video that can be written. */
export type VideoFormat = 'mp4' | 'webm' | 'gif';

/** Good enough that thin lines stay clean; lower is better and larger. */
const H264_QUALITY = '20';
const VP9_QUALITY = '30';
/** A GIF's frames are whole pictures: more than this per second make it enormous. The first of each twelfth is taken. */
const MAX_GIF_RATE = 12;
/** @throws {UsageError} the name does not end in .mp4, .webm or .gif. */
export function videoFormatOf(path: string): VideoFormat {
  const extension = extname(path).toLowerCase().slice(1);
  if (extension === 'mp4' || extension === 'webm' || extension === 'gif') return extension;
  throw new UsageError('OUTPUT_UNKNOWN_FORMAT', `${path} does not say which kind of video to write.`, {
    hint: 'Let the name end in .mp4, .webm or .gif.',
  });
}

/**
 * How to encode the pictures.
 * @param rate frames a second; the last frame is shown for the time of one.
 * @throws {ToolMissingError} ffmpeg has no encoder for the format.
 */
export async function pictureOptions(
  tools: FfmpegTools,
  format: VideoFormat,
  rate: number,
): Promise<string[]> {
  if (format === 'gif') {
    // A palette for each frame: one for all would need all frames in memory.
    const palette = 'split[a][b];[a]palettegen=stats_mode=single[p];[b][p]paletteuse=new=1';
    const place = (time: string): string => `floor(${time}*${MAX_GIF_RATE}+0.001)`;
    const few = `select=isnan(prev_selected_t)+gt(${place('t')}\\,${place('prev_selected_t')})`;
    return [
      '-vf',
      `${few},${palette}`,
      '-final_delay',
      String(Math.ceil(100 / Math.min(rate, MAX_GIF_RATE))),
    ];
  }
  const names = format === 'mp4' ? ['libx264', 'libopenh264', 'mpeg4'] : ['libvpx-vp9', 'libvpx'];
  const encoder = await findEncoder(tools, names);
  if (encoder === undefined) {
    throw new ToolMissingError('TOOL_MISSING', `This ffmpeg cannot write ${format} files.`, {
      hint: `It needs one of: ${names.join(', ')}.`,
    });
  }
  const even = 'scale=out_color_matrix=bt709:out_range=tv,pad=ceil(iw/2)*2:ceil(ih/2)*2,format=yuv420p';
  const colors = ['-colorspace', 'bt709', '-color_primaries', 'bt709', '-color_trc', 'bt709'];
  return ['-vf', even, '-c:v', encoder, ...(encoderOptions[encoder] ?? []), ...colors];
}

const encoderOptions: Readonly<Record<string, readonly string[]>> = {
  // Frames that refer to later ones would move the file's beginning by the longest time between two frames.
  libx264: ['-preset', 'veryfast', '-crf', H264_QUALITY, '-bf', '0', '-movflags', '+faststart'],
  libopenh264: ['-b:v', '6M', '-movflags', '+faststart'],
  mpeg4: ['-q:v', '3'],
  'libvpx-vp9': ['-crf', VP9_QUALITY, '-b:v', '0', '-deadline', 'realtime', '-cpu-used', '6', '-row-mt', '1'],
  libvpx: ['-crf', '10', '-b:v', '6M', '-deadline', 'realtime', '-cpu-used', '6'],
};
