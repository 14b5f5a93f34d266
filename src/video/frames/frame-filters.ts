import type { FfmpegTools } from '../ffmpeg/find-ffmpeg.js';
import { CUT_THRESHOLD, sampledRange, selectExpression, type SamplingPlan } from './sampling-plan.js';
import type { FirstShown } from './find-first-shown.js';
import type { VideoInfo } from '../../base/video/video-info.js';
import { steadyFrames } from './steady-frames.js';

/** What the graph needs besides the video and the plan. */
export interface FilterOptions {
  /** Filters that map high dynamic range are available. */
  readonly canToneMap: boolean;
  /** Decoding begins at the first frame, not at a seek. */
  readonly isFromStart: boolean;
  /** The frame that is shown where the plan starts, if it began earlier: it counts. */
  readonly first?: FirstShown | undefined;
  /** Take the frames at these times, in the stream's units, instead of following the plan's sampling and range. */
  readonly pts?: readonly number[];
}

/** Positions of the filters of the graph that report frames. */
export interface FrameFilters {
  readonly graph: string;
  /** showinfo of every decoded frame. */
  readonly decodedAt: number;
  /** showinfo of the frames that come out. */
  readonly takenAt: number;
}

const FIRST_MARGIN_SECONDS = 0.001;
/** Above this height an untagged picture is taken for HD (BT.709), as players do. */
const HD_HEIGHT = 576;

/**
 * The filters from decoded frames to raw pixels: make sizes and times steady, number them, cut to the range,
 * deinterlace what is interlaced, find cuts, take the frames of the plan, map HDR to what a screen shows, make pixels
 * square, convert. Only the frames taken are converted.
 */
export function buildFrameFilters(
  video: VideoInfo,
  plan: SamplingPlan,
  options: FilterOptions,
): FrameFilters {
  const { startSeconds = 0, endSeconds } = plan;
  const { first } = options;
  const rangeStart = first === undefined ? video.startSeconds + startSeconds : beginJustBefore(first);
  const range = [
    ...(options.isFromStart && startSeconds > 0 ? [`start=${rangeStart.toFixed(6)}`] : []),
    ...(endSeconds === undefined ? [] : [`end=${(video.startSeconds + endSeconds).toFixed(6)}`]),
  ];
  const chosen = options.pts
    ? selectTimes(options.pts)
    : selectExpression(plan.sampling, { ...sampledRange(video, plan), firstUntil: first?.nextSeconds });
  const steady = steadyFrames(video);
  const filters = [
    ...steady,
    'showinfo=checksum=0',
    ...(range.length > 0 && !options.pts ? [`trim=${range.join(':')}`] : []),
    ...(video.isInterlaced ? ['yadif=mode=send_frame:deint=interlaced'] : []),
    ...(plan.findsCuts ? findCuts() : []),
    `select=${chosen}`,
    ...formatPictures(video, options),
    'showinfo=checksum=0',
  ];
  return { graph: filters.join(','), decodedAt: steady.length, takenAt: filters.length - 1 };
}

/** So that neither its rounding nor that of continued times leaves the frame out. */
export function beginJustBefore({ fileSeconds }: FirstShown): number {
  return fileSeconds - FIRST_MARGIN_SECONDS;
}

function selectTimes(pts: readonly number[]): string {
  return pts.map((time) => `eq(pts\\,${time})`).join('+');
}

/** Print the score of each frame that is a cut; FrameLog reads it. */
export function findCuts(): string[] {
  return [
    'select=gte(scene\\,0)',
    `metadata=mode=print:key=lavfi.scene_score:function=greater:value=${CUT_THRESHOLD}`,
  ];
}

/** The filters from frames as they are stored to raw pixels as they are shown. */
export function formatPictures(video: VideoInfo, options: Pick<FilterOptions, 'canToneMap'>): string[] {
  return [
    ...(video.isHdr && options.canToneMap ? toneMap(video) : []),
    scale(video),
    'setsar=1',
    `format=${video.hasAlpha ? 'rgba' : 'rgb24'}`,
  ];
}

/**
 * To linear light, BT.709 primaries, then bright parts bent with Hable's curve. 100 cd/m2 is a screen's white.
 * What the file does not name is that of BT.2020, as every maker of HDR has it.
 */
function toneMap({ hasPrimaries, hasColorMatrix }: VideoInfo): string[] {
  const primaries = hasPrimaries ? '' : ':pin=2020:p=2020';
  const matrix = hasColorMatrix ? '' : ':min=2020_ncl:m=2020_ncl';
  return [
    `zscale=t=linear:npl=100${primaries}${matrix}`,
    'format=gbrpf32le',
    'zscale=p=bt709',
    'tonemap=hable:desat=0',
    'zscale=t=bt709:m=bt709:r=tv',
    'format=yuv444p',
  ];
}

/**
 * Exact conversion to RGB; the size changes only where pixels are not square. Where it does not, the filter only
 * widens colours, stored at half the resolution: linearly, in half the time that bicubic takes.
 */
function scale(video: VideoInfo): string {
  const matrix = video.hasColorMatrix || video.isHdr ? '' : `:in_color_matrix=${guessMatrix(video)}`;
  const filter = video.hasSquarePixels ? 'bilinear' : 'bicubic';
  return `scale=${video.width}:${video.height}:flags=${filter}+accurate_rnd+full_chroma_int${matrix}`;
}

function guessMatrix({ width, height }: VideoInfo): string {
  return Math.min(width, height) > HD_HEIGHT ? 'bt709' : 'bt601';
}

/** `-fps_mode passthrough` leaves frames and their times as the filters give them; before 5.1 it had another name. */
export function keepFrameTimes({ version: [major, minor] }: FfmpegTools): string[] {
  return major > 5 || (major === 5 && minor >= 1) ? ['-fps_mode', 'passthrough'] : ['-vsync', 'passthrough'];
}
