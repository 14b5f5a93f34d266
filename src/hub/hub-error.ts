import { ModelError, NetworkError, type PaliError } from '../base/errors.js';
import { shorten } from './send-request.js';

/** What a request was for. */
export interface Asked {
  readonly endpoint: string;
  readonly repository: string;
  readonly revision: string;
  readonly hasToken: boolean;
  /** The file that was asked for; absent for the repository itself. */
  readonly file?: string;
}

/**
 * A refusal of the hub as a sentence and what to do about it. The hub hides what the user may not see: 401 may also
 * mean that there is no such repository.
 *
 * @param code the hub's X-Error-Code (`GatedRepo`, `RepoNotFound`, `RevisionNotFound`, `EntryNotFound`), if any.
 */
export function describeRefusal(
  status: number,
  code: string | undefined,
  asked: Asked,
  detail = '',
): PaliError {
  const { repository, revision, endpoint, hasToken, file } = asked;
  const page = `${endpoint}/${repository}`;
  if (status === 401 && hasToken && code !== 'GatedRepo') {
    return new ModelError(
      'TOKEN_REFUSED',
      `The hub does not accept the token, or there is no ${repository}.`,
      {
        hint: `Make a new token at ${endpoint}/settings/tokens, then run: pali login`,
      },
    );
  }
  if (status === 401) {
    return new ModelError('MODEL_GATED', `${repository} is only for those who have accepted its licence.`, {
      hint: `Accept the licence at ${page}, then run: pali login (or set HF_TOKEN). If there is no such page, check the name.`,
    });
  }
  if (status === 403) {
    return new ModelError('MODEL_GATED', `Your account may not read ${repository}.`, {
      hint: `Accept the licence at ${page}, then run: pali login. The token must be allowed to read gated repositories.`,
    });
  }
  if (status === 404 && (code === 'RevisionNotFound' || file !== undefined)) {
    const what = file !== undefined && code !== 'RevisionNotFound' ? `file ${file}` : `revision ${revision}`;
    return new ModelError('REVISION_MISSING', `${repository} has no ${what}.`, {
      hint: `See what there is at ${page}/tree/main`,
    });
  }
  if (status === 404) {
    return new ModelError(
      'REPOSITORY_MISSING',
      `The hub has no model ${repository} at revision ${revision}.`,
      {
        hint: `Check the name at ${page}. A private model needs a token: pali login`,
      },
    );
  }
  const said = shorten(detail);
  return new NetworkError(
    'HUB_FAILED',
    `The hub answered ${status} for ${repository}${said && `: ${said}`}.`,
    {
      hint: 'Try again later, or set HF_ENDPOINT to a mirror.',
    },
  );
}
