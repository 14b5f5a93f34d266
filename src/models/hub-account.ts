import { ModelError } from '../base/errors.js';
import { readAccount, removeToken, saveToken } from '../hub/account.js';
import { createHubClient } from '../hub/hub-client.js';
import { readHubSettings } from '../hub/hub-settings.js';

/** Who pali is on the hub. */
export interface HubAccount {
  readonly name: string;
  /** `HF_TOKEN`, or the file that holds the token. */
  readonly tokenSource: string;
}

/**
 * Try a token on the hub and store it where the Hugging Face tools store theirs.
 * @throws {UsageError} it is not a token. {ModelError} the hub does not accept it; nothing is stored. {NetworkError}
 */
export async function logIn(
  token: string,
  signal: AbortSignal,
  env: NodeJS.ProcessEnv = process.env,
): Promise<HubAccount> {
  const { endpoint, tokenPath } = await readHubSettings(env);
  const name = await readAccount(await createHubClient({ endpoint, token }), signal);
  await saveToken(tokenPath, token);
  return { name, tokenSource: tokenPath };
}

/** Where a token was removed from, and whether another one is still set. */
export interface LoggedOut {
  readonly wasLoggedIn: boolean;
  readonly tokenPath: string;
  /** `HF_TOKEN` when the environment still holds one. */
  readonly stillFrom: string | undefined;
}

/** Forget the token that is kept. */
export async function logOut(env: NodeJS.ProcessEnv = process.env): Promise<LoggedOut> {
  const { tokenPath } = await readHubSettings(env);
  const wasLoggedIn = await removeToken(tokenPath);
  const { tokenSource } = await readHubSettings(env);
  return { wasLoggedIn, tokenPath, stillFrom: tokenSource };
}

/**
 * Ask the hub which account the token belongs to.
 * @throws {ModelError} there is no token, or the hub does not accept it. {NetworkError} it cannot be reached.
 */
export async function findAccount(
  signal: AbortSignal,
  env: NodeJS.ProcessEnv = process.env,
): Promise<HubAccount> {
  const settings = await readHubSettings(env);
  if (settings.token === undefined) {
    throw new ModelError('NOT_LOGGED_IN', 'There is no token for the hub.', {
      hint: 'Give one with: pali login',
    });
  }
  const name = await readAccount(await createHubClient(settings), signal);
  return { name, tokenSource: settings.tokenSource! };
}
