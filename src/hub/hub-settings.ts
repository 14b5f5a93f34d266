import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { UsageError } from '../base/errors.js';

/** What the variables of the Hugging Face tools say. */
export interface HubSettings {
  /** Without a slash at the end. */
  readonly endpoint: string;
  /** Folder that holds `models--owner--name`. */
  readonly cacheFolder: string;
  /** Where `pali login` and the Hugging Face tools keep the token. */
  readonly tokenPath: string;
  readonly token?: string;
  /** Where the token is from: `HF_TOKEN`, or the file's path. */
  readonly tokenSource?: string;
  /** HF_HUB_OFFLINE: use only the cache, make no requests. */
  readonly isOffline: boolean;
}

const DEFAULT_ENDPOINT = 'https://huggingface.co';
/** Tokens are words such as hf_...; a file with more in it is something else. */
const MAX_TOKEN_BYTES = 4096;

/**
 * Read HF_ENDPOINT, HF_HOME, HF_HUB_CACHE, HF_TOKEN, HF_TOKEN_PATH, HF_HUB_OFFLINE (and XDG_CACHE_HOME) as
 * huggingface_hub does, so that both use the same downloads and the same token.
 *
 * @throws {UsageError} HF_ENDPOINT is not an address.
 */
export async function readHubSettings(
  env: NodeJS.ProcessEnv = process.env,
  home = homedir(),
): Promise<HubSettings> {
  const caches = env['XDG_CACHE_HOME'] ?? join(home, '.cache');
  const hubHome = expand(env['HF_HOME'] ?? join(caches, 'huggingface'), home);
  const tokenPath = expand(env['HF_TOKEN_PATH'] ?? join(hubHome, 'token'), home);
  const fromEnv = cleanToken(env['HF_TOKEN'] ?? env['HUGGING_FACE_HUB_TOKEN']);
  const token = fromEnv ?? (await readTokenFile(tokenPath));
  return {
    endpoint: readEndpoint(env['HF_ENDPOINT']),
    cacheFolder: expand(env['HF_HUB_CACHE'] ?? env['HUGGINGFACE_HUB_CACHE'] ?? join(hubHome, 'hub'), home),
    tokenPath,
    isOffline: /^(1|on|yes|true)$/i.test(env['HF_HUB_OFFLINE'] ?? ''),
    ...(token !== undefined && {
      token,
      tokenSource:
        fromEnv === undefined ? tokenPath : env['HF_TOKEN'] ? 'HF_TOKEN' : 'HUGGING_FACE_HUB_TOKEN',
    }),
  };
}

function readEndpoint(value: string | undefined): string {
  if (!value) return DEFAULT_ENDPOINT;
  const isAddress = URL.canParse(value) && /^https?:$/.test(new URL(value).protocol);
  if (!isAddress) {
    throw new UsageError('ENDPOINT', `HF_ENDPOINT is '${value}', which is not an http address.`, {
      hint: `Set it to an address such as ${DEFAULT_ENDPOINT}, or unset it.`,
    });
  }
  return value.replace(/\/+$/, '');
}

function expand(path: string, home: string): string {
  return resolve(path.replace(/^~(?=$|[\\/])/, home));
}

async function readTokenFile(path: string): Promise<string | undefined> {
  const text = await readFile(path, 'utf8').catch(() => '');
  return text.length > MAX_TOKEN_BYTES ? undefined : cleanToken(text);
}

/** A header cannot carry a line break, and a token file ends with one. */
function cleanToken(text: string | undefined): string | undefined {
  const token = text?.trim();
  return token !== undefined && /^[\x21-\x7e]+$/.test(token) ? token : undefined;
}
