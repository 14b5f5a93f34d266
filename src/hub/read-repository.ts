import { HubApiError, listFiles, modelInfo } from '@huggingface/hub';
import { UsageError } from '../base/errors.js';
import type { HubClient } from './hub-client.js';
import { describeRefusal } from './hub-error.js';
import { oddAnswer, requestAnswer } from './request-answer.js';
import { shorten } from './send-request.js';

/** What a file's content must be: LFS files have a sha256, the others git's own hash. */
export interface FileHash {
  readonly kind: 'sha256' | 'git';
  /** Lower-case hex; also the name of the file in the cache. */
  readonly hex: string;
}

/** A file of a repository. */
export interface HubFile {
  readonly path: string;
  readonly sizeBytes: number;
  readonly hash: FileHash;
}

/** A model's repository at one commit. */
export interface Repository {
  /** `owner/name`. */
  readonly name: string;
  /** Branch, tag or commit that was asked for. */
  readonly revision: string;
  /** 40 hex digits. */
  readonly commit: string;
  /** Such as `gemma`. */
  readonly licence?: string;
  /** By path, in the root folder only: a checkpoint has no others. */
  readonly files: ReadonlyMap<string, HubFile>;
}

/** The largest shard on the hub has 50 GB. */
const MAX_FILE_BYTES = 2 ** 40;
/** A model's root folder holds tens of files. */
const MAX_FILES = 10_000;
/** Of 1,000 files a page, and one for what the model is. */
const MAX_REQUESTS = 50;

/** Whether this can be a repository's name, `owner/name`. */
export function isRepositoryName(name: string): boolean {
  return /^[A-Za-z0-9][\w.-]{0,95}\/[A-Za-z0-9][\w.-]{0,95}$/.test(name) && !name.includes('..');
}

/**
 * Check a repository's name, `owner/name`.
 * @throws {UsageError} it is anything else.
 */
export function checkRepositoryName(name: string): string {
  if (isRepositoryName(name)) return name;
  throw new UsageError('REPOSITORY_NAME', `'${name}' is not the name of a model on the hub.`, {
    hint: 'It is written owner/name, such as google/paligemma-3b-mix-448. List the known ones with: pali pull paligemma',
  });
}

/** @throws {UsageError} no branch, tag or commit can have this name. */
export function checkRevision(revision: string): string {
  const isRevision = /^[A-Za-z0-9][\w./-]{0,199}$/.test(revision) && !/\.\.|\/\/|\/$|\.lock$/.test(revision);
  if (isRevision) return revision;
  throw new UsageError('REVISION', `'${revision}' is not a revision.`, {
    hint: 'A revision is a branch, a tag or a commit, such as main or bfloat16.',
  });
}

/**
 * Ask the hub what a repository holds at a revision.
 * @throws {ModelError} there is none, or the user may not see it. {NetworkError} the hub cannot be reached.
 */
export async function readRepository(
  client: HubClient,
  name: string,
  revision: string,
  signal?: AbortSignal,
): Promise<Repository> {
  const asked = {
    endpoint: client.endpoint,
    repository: name,
    revision,
    hasToken: client.token !== undefined,
  };
  let code: string | undefined;
  const seen = new Set<string>();
  const ask = async (url: unknown): Promise<Response> => {
    const address = String(url);
    if (seen.has(address)) throw oddAnswer(name, 'its list of files goes round in a circle');
    if (seen.add(address).size > MAX_REQUESTS) {
      throw oddAnswer(name, `its list of files has more than ${MAX_REQUESTS} pages`);
    }
    const response = await requestAnswer(client, name, address, signal);
    code = response.headers.get('x-error-code') ?? undefined;
    return response;
  };
  const common = { hubUrl: client.endpoint, fetch: ask as typeof fetch };
  try {
    const info = await modelInfo({ name, revision, additionalFields: ['sha', 'cardData'], ...common });
    const commit = String(info.sha);
    if (!/^[0-9a-f]{40}$/.test(commit)) throw oddAnswer(name, 'its commit is not a commit');
    const files = new Map<string, HubFile>();
    for await (const entry of listFiles({ repo: { type: 'model', name }, revision: commit, ...common })) {
      if (entry.type !== 'file') continue;
      files.set(entry.path, toHubFile(name, entry));
      if (files.size > MAX_FILES) throw oddAnswer(name, `it has more than ${MAX_FILES} files`);
    }
    const licence = (info.cardData as { license?: unknown } | undefined)?.license;
    return {
      name,
      revision,
      commit,
      files,
      ...(typeof licence === 'string' && { licence: shorten(licence) }),
    };
  } catch (error) {
    if (error instanceof HubApiError) throw describeRefusal(error.statusCode, code, asked, error.message);
    if (error instanceof SyntaxError) throw oddAnswer(name, 'the answer is not JSON', error);
    throw error;
  }
}

function toHubFile(
  repository: string,
  entry: { path: string; size: number; oid?: string; lfs?: { oid: string; size: number } },
): HubFile {
  const { path, lfs } = entry;
  const sizeBytes = lfs?.size ?? entry.size;
  const hash: FileHash = lfs ? { kind: 'sha256', hex: lfs.oid } : { kind: 'git', hex: String(entry.oid) };
  const isHash = hash.kind === 'sha256' ? /^[0-9a-f]{64}$/ : /^[0-9a-f]{40}$/;
  const isSize = Number.isSafeInteger(sizeBytes) && sizeBytes >= 0 && sizeBytes <= MAX_FILE_BYTES;
  if (typeof path !== 'string' || !isSize || !isHash.test(hash.hex)) {
    throw oddAnswer(repository, `its list of files is damaged at ${shorten(String(path))}`);
  }
  return { path, sizeBytes, hash };
}
