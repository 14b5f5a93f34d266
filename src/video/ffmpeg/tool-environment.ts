/**
 * The environment for ffmpeg and ffprobe: ours and `added`. Static builds, as npm has them, crash on every transport
 * stream where they find this system's tables of characters, so that they are to find none.
 */
export function toolEnvironment(added: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv {
  return { ...process.env, GCONV_PATH: '/nonexistent', ...added };
}
