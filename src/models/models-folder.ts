import { homedir } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';

/** What the choice of a folder depends on; the defaults are this process's. */
export interface Platform {
  readonly env: NodeJS.ProcessEnv;
  readonly platform: NodeJS.Platform;
  readonly home: string;
}

/**
 * Where converted models are kept: `models` under PALI_HOME when that is set, else under the platform's folder
 * for a program's data (XDG_DATA_HOME or ~/.local/share; ~/Library/Application Support; %LOCALAPPDATA%).
 */
export function modelsFolder({
  env = process.env,
  platform = process.platform,
  home = homedir(),
}: Partial<Platform> = {}): string {
  if (env['PALI_HOME']) return join(resolve(env['PALI_HOME']), 'models');
  if (platform === 'darwin') return join(home, 'Library', 'Application Support', 'pali', 'models');
  if (platform === 'win32') {
    return join(env['LOCALAPPDATA'] ?? join(home, 'AppData', 'Local'), 'pali', 'Data', 'models');
  }
  const data = env['XDG_DATA_HOME'];
  // The XDG specification: a relative path there is to be ignored.
  const base = data !== undefined && isAbsolute(data) ? data : join(home, '.local', 'share');
  return join(base, 'pali', 'models');
}
