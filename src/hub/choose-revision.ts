import type { Dtype } from '../base/dtype.js';
import { ModelError } from '../base/errors.js';
import type { HubClient } from './hub-client.js';
import { readRepository, type Repository } from './read-repository.js';

/** Google's half-size revisions, first choice first: bfloat16 keeps the range of the weights. */
const HALF_REVISIONS = ['bfloat16', 'float16'];

/** Revisions that can serve a dtype without loss, first choice first: only fp32 needs more than 16 bits. */
export function candidateRevisions(dtype: Dtype): readonly string[] {
  return dtype === 'fp32' ? ['main'] : ['main', ...HALF_REVISIONS];
}

/**
 * The smallest of the official revisions that serve a dtype; `main` when no other is smaller.
 * @throws {ModelError} {NetworkError} see readRepository.
 */
export async function chooseRevision(
  client: HubClient,
  name: string,
  dtype: Dtype,
  signal?: AbortSignal,
): Promise<Repository> {
  let best: Repository | undefined;
  for (const revision of candidateRevisions(dtype)) {
    const repository = await readRepository(client, name, revision, signal).catch((error: unknown) => {
      const isAbsent = error instanceof ModelError && revision !== 'main' && isMissing(error);
      if (isAbsent) return undefined;
      throw error;
    });
    if (repository && (!best || weightBytes(repository) < weightBytes(best))) best = repository;
  }
  return best!;
}

function isMissing({ code }: ModelError): boolean {
  return code === 'REVISION_MISSING' || code === 'REPOSITORY_MISSING';
}

/** Infinite where there are no weights at all: such a revision is of no use. */
function weightBytes({ files }: Repository): number {
  const single = files.get('model.safetensors');
  const shards = [...files.values()].filter(({ path }) => /^model-.*\.safetensors$/.test(path));
  const weights = single ? [single] : shards;
  return weights.length === 0 ? Infinity : weights.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
}
