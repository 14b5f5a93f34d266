import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { FfmpegTools } from './find-ffmpeg.js';

/** Whether ffmpeg was built with all of these filters. */
export async function hasFilters(tools: FfmpegTools, names: readonly string[]): Promise<boolean> {
  const listed = await listNames(tools, '-filters');
  return names.every((name) => listed.has(name));
}

/** The first of these encoders that ffmpeg was built with. */
export async function findEncoder(tools: FfmpegTools, names: readonly string[]): Promise<string | undefined> {
  const listed = await listNames(tools, '-encoders');
  return names.find((name) => listed.has(name));
}

/** Lists look like ` TSC name   description`: flags, then the name. */
async function listNames({ ffmpegPath }: FfmpegTools, option: string): Promise<Set<string>> {
  const { stdout } = await promisify(execFile)(ffmpegPath, ['-hide_banner', option], { windowsHide: true });
  return new Set(stdout.split('\n').map((line) => line.trim().split(/\s+/)[1] ?? ''));
}
