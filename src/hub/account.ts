import { rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { ensureFolder } from '../base/files/ensure-folder.js';
import { replaceFile } from '../base/files/write-file-whole.js';
import { HubApiError, whoAmI } from '@huggingface/hub';
import { ModelError, NetworkError, UsageError } from '../base/errors.js';
import type { HubClient } from './hub-client.js';
import { requestAnswer } from './request-answer.js';
import { shorten } from './send-request.js';

/** Tokens of the hub have 37 characters; those of other servers may be longer. */
const MAX_TOKEN_LENGTH = 1024;

/**
 * Keep a token where the Hugging Face tools keep theirs, readable only by its owner.
 * @throws {UsageError} it cannot be a token.
 */
export async function saveToken(path: string, token: string): Promise<void> {
  if (!/^[\x21-\x7e]+$/.test(token) || token.length > MAX_TOKEN_LENGTH) {
    throw new UsageError('TOKEN', 'That is not a token.', {
      hint: 'A token is one word, such as hf_..., from the settings page of your account.',
    });
  }
  await ensureFolder(dirname(path), 0o700);
  await replaceFile(path, token, { mode: 0o600 });
}

/** Forget the token that is kept there. @returns whether there was one. */
export async function removeToken(path: string): Promise<boolean> {
  return rm(path).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return false;
      throw error;
    },
  );
}

/**
 * The name of the account that the client's token belongs to.
 * @throws {ModelError} the hub does not accept the token. {NetworkError} it cannot be reached.
 */
export async function readAccount(client: HubClient, signal?: AbortSignal): Promise<string> {
  const ask = async (url: unknown): Promise<Response> =>
    requestAnswer(client, 'the account', String(url), signal);
  try {
    // The library insists on a token; the request really carries ours, and goes only to the hub.
    const { name } = await whoAmI({ accessToken: 'hf_', hubUrl: client.endpoint, fetch: ask });
    return shorten(String(name));
  } catch (error) {
    if (!(error instanceof HubApiError)) throw error;
    if (error.statusCode === 401 || error.statusCode === 403) {
      throw new ModelError('TOKEN_REFUSED', 'The hub does not accept the token.', {
        hint: `Make a new one at ${client.endpoint}/settings/tokens, then run: pali login`,
        cause: error,
      });
    }
    throw new NetworkError('HUB_FAILED', `The hub answered ${error.statusCode}.`, {
      hint: 'Try again later.',
      cause: error,
    });
  }
}
