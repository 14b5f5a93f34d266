import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  writeFileSync,
} from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Clock } from '../../src/hub/clock.js';
import type { DownloadProgress } from '../../src/hub/download-file.js';
import { countMissingBytes, downloadSnapshot } from '../../src/hub/download-snapshot.js';
import { createHubClient, type HubClient } from '../../src/hub/hub-client.js';
import { readRepository, type Repository } from '../../src/hub/read-repository.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { FakeHub, revisionWith, sha256 } from '../support/fake-hub.js';

const folder = temporaryFolder();
const PART = 100_000;
/** Three parts and a bit, bytes that differ everywhere. */
const weights = Buffer.from(
  Uint8Array.from({ length: 3 * PART + 777 }, (_, i) => (i * 31 + (i >> 8) * 7) & 255),
);
const config = Buffer.from('{"model_type": "paligemma"}');
const NAME = 'google/tiny';
const paths = ['config.json', 'model.safetensors'];

let hub: FakeHub;
let cache: string;
let caches = 0;
const pauses: number[] = [];
/** Notes the pauses and does not make them. */
const clock: Clock = {
  now: () => performance.now(),
  sleep: async (durationMs) => void pauses.push(durationMs),
};

beforeAll(async () => {
  hub = await FakeHub.start();
});
afterAll(() => hub.stop());
beforeEach(() => {
  hub.reset();
  pauses.length = 0;
  cache = join(folder, `cache-${caches++}`);
  const files = new Map([
    ['config.json', config],
    ['model.safetensors', weights],
    ['empty.txt', Buffer.alloc(0)],
    ['README.md', Buffer.from('unwanted')],
  ]);
  hub.repositories.set(NAME, { revisions: new Map([['main', revisionWith(files)]]), licence: 'gemma' });
});

const client = async (parts: Partial<HubClient> = {}): Promise<HubClient> =>
  createHubClient(
    { endpoint: hub.endpoint, ...(parts.token !== undefined && { token: parts.token }) },
    { fetch, clock, random: () => 0.5, stallMs: 5000, ...parts },
  );

async function download(
  parts: Partial<HubClient> = {},
  onProgress?: (progress: DownloadProgress) => void,
): Promise<string> {
  const hubClient = await client(parts);
  const repository = await readRepository(hubClient, NAME, 'main');
  return downloadSnapshot(hubClient, repository, cache, paths, { partBytes: PART, onProgress });
}

const blobs = (): string[] => readdirSync(join(cache, 'models--google--tiny', 'blobs')).sort();
const isWhole = (snapshot: string): boolean =>
  readFileSync(join(snapshot, 'model.safetensors')).equals(weights);
const ranges = (): (string | undefined)[] =>
  hub.requests.filter(({ host }) => host === 'files').map(({ range }) => range);

describe('a download', () => {
  it('clears away what a process has left that was killed when the file was in its place', async () => {
    const snapshot = await download();
    const blob = realpathSync(join(snapshot, 'model.safetensors'));
    writeFileSync(`${blob}.pali-parts`, '{}');
    writeFileSync(`${blob}.pali-lock`, `${hostname()} 999999999 abc\n`);
    await download();
    expect([existsSync(`${blob}.pali-parts`), existsSync(`${blob}.pali-lock`)]).toEqual([false, false]);

    // Of a process that is just finishing.
    writeFileSync(`${blob}.pali-lock`, `${hostname()} ${process.ppid} abc\n`);
    await download();
    expect(existsSync(`${blob}.pali-lock`)).toBe(true);
  });

  it('lies in the cache as the Hugging Face tools lay it out', async () => {
    const snapshot = await download();
    const { commit } = hub.repositories.get(NAME)!.revisions.get('main')!;
    expect(snapshot).toBe(join(cache, 'models--google--tiny', 'snapshots', commit));
    expect(readFileSync(join(snapshot, 'config.json'))).toEqual(config);
    expect(isWhole(snapshot)).toBe(true);
    expect(readFileSync(join(cache, 'models--google--tiny', 'refs', 'main'), 'utf8')).toBe(commit);
    expect(readlinkSync(join(snapshot, 'model.safetensors'))).toBe(
      join('..', '..', 'blobs', sha256(weights)),
    );
    expect(blobs()).toHaveLength(2);
    expect(blobs()).toContain(sha256(weights));
    expect(readdirSync(snapshot).sort()).toEqual(paths);
  });

  it('comes in parts, and no byte twice', async () => {
    await download();
    expect(ranges().sort()).toEqual(
      [
        `bytes=0-${PART - 1}`,
        `bytes=${PART}-${2 * PART - 1}`,
        `bytes=${2 * PART}-${3 * PART - 1}`,
        `bytes=${3 * PART}-${weights.length - 1}`,
      ].sort(),
    );
    expect(hub.sentBytes).toBe(weights.length + config.length);
  });

  it('tells how far it is, never backwards', async () => {
    const seen: DownloadProgress[] = [];
    await download({}, (progress) => seen.push(progress));
    const done = seen.filter(({ file, state }) => file === 'model.safetensors' && state === 'downloading');
    expect(done.map(({ doneBytes }) => doneBytes)).toEqual(
      done.map(({ doneBytes }) => doneBytes).sort((a, b) => a - b),
    );
    expect(
      seen
        .filter(({ state }) => state === 'done')
        .map(({ file }) => file)
        .sort(),
    ).toEqual(paths);
  });

  it('fetches nothing that is there, and mends what is damaged', async () => {
    await download();
    hub.reset();
    await download();
    expect(hub.sentBytes).toBe(0);
    const blob = join(cache, 'models--google--tiny', 'blobs', sha256(weights));
    const damaged = Buffer.from(weights);
    damaged[200_000] ^= 1;
    writeFileSync(blob, damaged);
    expect(isWhole(await download())).toBe(true);
    expect(hub.sentBytes).toBe(weights.length);
  });

  it('takes what another tool left in the cache', async () => {
    const folderOfBlobs = join(cache, 'models--google--tiny', 'blobs');
    mkdirSync(folderOfBlobs, { recursive: true });
    writeFileSync(join(folderOfBlobs, sha256(weights)), weights);
    const hubClient = await client();
    const repository = await readRepository(hubClient, NAME, 'main');
    expect(await countMissingBytes(repository, cache, paths)).toBe(config.length);
    await downloadSnapshot(hubClient, repository, cache, paths);
    expect(hub.sentBytes).toBe(config.length);
  });

  it('takes files that lie in the snapshot itself, as on Windows without links', async () => {
    const hubClient = await client();
    const repository = await readRepository(hubClient, NAME, 'main');
    const snapshot = join(cache, 'models--google--tiny', 'snapshots', repository.commit);
    mkdirSync(join(cache, 'models--google--tiny', 'blobs'), { recursive: true });
    mkdirSync(snapshot, { recursive: true });
    writeFileSync(join(snapshot, 'model.safetensors'), weights);
    writeFileSync(
      join(snapshot, 'config.json'),
      config.map(() => 0),
    );
    expect(await countMissingBytes(repository, cache, paths)).toBe(0);
    await downloadSnapshot(hubClient, repository, cache, paths);
    // Only the one whose content is another.
    expect(hub.sentBytes).toBe(config.length);
    expect(lstatSync(join(snapshot, 'model.safetensors')).isFile()).toBe(true);
    expect(readFileSync(join(snapshot, 'config.json'))).toEqual(config);
  });

  it('may hold empty files', async () => {
    const hubClient = await client();
    const repository = await readRepository(hubClient, NAME, 'main');
    const snapshot = await downloadSnapshot(hubClient, repository, cache, ['empty.txt']);
    expect(lstatSync(join(snapshot, 'empty.txt')).isSymbolicLink()).toBe(true);
    expect(readFileSync(join(snapshot, 'empty.txt'))).toHaveLength(0);
  });

  it('can run several times at once', async () => {
    const snapshots = await Promise.all([download(), download(), download()]);
    expect(snapshots.every(isWhole)).toBe(true);
    expect(hub.sentBytes).toBe(weights.length + config.length);
    expect(blobs()).toHaveLength(2);
  });
});

describe('a bad connection', () => {
  it('is taken up again where it broke', async () => {
    hub.fault = (name, count) =>
      name === 'model.safetensors' && count <= 6 ? { cutAfter: 20_000 } : undefined;
    expect(isWhole(await download())).toBe(true);
    expect(hub.sentBytes).toBe(weights.length + config.length);
    expect(blobs()).toHaveLength(2);
  });

  it('is given up when it stalls', async () => {
    hub.fault = (name, count) =>
      name === 'model.safetensors' && count <= 2 ? { stallAfter: 10_000 } : undefined;
    expect(isWhole(await download({ stallMs: 150 }))).toBe(true);
    expect(hub.sentBytes).toBe(weights.length + config.length);
  });

  it('makes pauses that grow, and those that the server asks for', async () => {
    const answers = [{ status: 503 }, { status: 500 }, { status: 429, retryAfter: '7' }];
    hub.fault = (name, count) => (name === 'config.json' ? answers[count - 1] : undefined);
    await download();
    expect(pauses).toEqual([375, 750, 7000]);
  });

  it('ends with a sentence when it stays bad, and goes on the next time', async () => {
    hub.fault = (name, count) =>
      name === 'model.safetensors' ? (count <= 4 ? { cutAfter: 50_000 } : { status: 502 }) : undefined;
    await expect(download()).rejects.toMatchObject({
      name: 'NetworkError',
      code: 'DOWNLOAD_FAILED',
      message: expect.stringContaining(
        'model.safetensors could not be fetched: the server answered 502',
      ) as string,
    });
    hub.fault = () => undefined;
    expect(isWhole(await download())).toBe(true);
    expect(hub.sentBytes).toBe(weights.length + config.length);
    expect(blobs()).toHaveLength(2);
  });

  it('does without ranges where the server has none', async () => {
    hub.fault = (name) => (name === 'model.safetensors' ? { ignoresRanges: true } : undefined);
    expect(isWhole(await download())).toBe(true);
  });

  it('is no reason to keep a link that has expired', async () => {
    hub.fault = (name, count) => (name === 'model.safetensors' && count === 1 ? { status: 403 } : undefined);
    expect(isWhole(await download())).toBe(true);
  });

  it('says that nobody is there', async () => {
    const gone = await FakeHub.start();
    const { endpoint } = gone;
    await gone.stop();
    const nobody = await createHubClient({ endpoint }, { fetch, clock });
    await expect(readRepository(nobody, NAME, 'main')).rejects.toMatchObject({
      name: 'NetworkError',
      message: expect.stringContaining('ECONNREFUSED') as string,
    });
  });
});

describe('a wrong file', () => {
  it('is fetched once more', async () => {
    const wrong = Buffer.alloc(weights.length, 7);
    hub.fault = (name, count) =>
      name === 'model.safetensors' && count === 2 ? { content: wrong } : undefined;
    expect(isWhole(await download())).toBe(true);
    expect(blobs()).toHaveLength(2);
  });

  it('is refused when it stays wrong, and nothing of it is kept', async () => {
    hub.fault = (name) =>
      name === 'model.safetensors' ? { content: Buffer.alloc(weights.length, 7) } : undefined;
    await expect(download()).rejects.toMatchObject({ name: 'DamagedFileError', code: 'DOWNLOAD_DAMAGED' });
    expect(blobs()).not.toContain(sha256(weights));
    expect(blobs().filter((name) => name.startsWith(sha256(weights)))).toEqual([]);
  });

  it.each([weights.length + 5, weights.length - 5])('is refused when it has %i bytes', async (length) => {
    hub.fault = (name) => (name === 'model.safetensors' ? { content: Buffer.alloc(length) } : undefined);
    await expect(download()).rejects.toMatchObject({ name: 'DamagedFileError', code: 'DOWNLOAD_LENGTH' });
  });

  it('is noticed among the small files, which have git’s hash only', async () => {
    hub.fault = (name) => (name === 'config.json' ? { content: Buffer.alloc(config.length) } : undefined);
    await expect(download()).rejects.toMatchObject({ code: 'DOWNLOAD_DAMAGED' });
  });
});

describe('a refusal', () => {
  it('says that the licence must be accepted', async () => {
    hub.repositories.set(NAME, { ...hub.repositories.get(NAME)!, onlyFor: 'hf_good' });
    await expect(download()).rejects.toMatchObject({
      name: 'ModelError',
      code: 'MODEL_GATED',
      hint: expect.stringMatching(
        `Accept the licence at ${hub.endpoint}/${NAME}, then run: pali login`,
      ) as string,
    });
    await expect(download({ token: 'hf_other' })).rejects.toMatchObject({ code: 'MODEL_GATED' });
    expect(isWhole(await download({ token: 'hf_good' }))).toBe(true);
  });

  it('keeps the token from the file host', async () => {
    await download({ token: 'hf_good' });
    const tokens = (host: string): Set<string | undefined> =>
      new Set(hub.requests.filter((request) => request.host === host).map(({ token }) => token));
    expect(tokens('hub')).toEqual(new Set(['hf_good']));
    expect(tokens('files')).toEqual(new Set([undefined]));
  });

  it('names the repository or the revision that is not there', async () => {
    const hubClient = await client({ token: 'hf_good' });
    await expect(readRepository(hubClient, 'google/none', 'main')).rejects.toMatchObject({
      code: 'REPOSITORY_MISSING',
    });
    await expect(readRepository(hubClient, NAME, 'renamed')).rejects.toMatchObject({
      code: 'REVISION_MISSING',
    });
    await expect(readRepository(await client(), 'google/none', 'main')).rejects.toMatchObject({
      code: 'MODEL_GATED',
    });
  });
});

describe('a hostile hub', () => {
  it('cannot name a file outside the cache', async () => {
    const hubClient = await client();
    const repository = await readRepository(hubClient, NAME, 'main');
    const file = repository.files.get('config.json')!;
    for (const path of ['../../evil.json', '/etc/evil', 'a/b', '..', '.hidden']) {
      const files: Repository['files'] = new Map([[path, { ...file, path }]]);
      await expect(
        downloadSnapshot(hubClient, { ...repository, files }, cache, [path]),
      ).rejects.toMatchObject({
        code: 'CHECKPOINT_INCOMPLETE',
      });
    }
    expect(existsSync(cache)).toBe(false);
  });

  it.each([
    { what: 'no JSON', answer: '<html>Log in to the wireless network</html>' },
    { what: 'no commit', answer: '{"_id": "1", "sha": "../../x"}' },
  ])('is refused when it answers $what', async ({ answer }) => {
    hub.apiFault = () => ({ content: Buffer.from(answer) });
    await expect(download()).rejects.toMatchObject({ name: 'NetworkError', code: 'HUB_ODD' });
  });

  it.each([
    { what: 'a hash that is a path', entry: { type: 'file', path: 'a', size: 1, oid: '../../../../x' } },
    { what: 'a size that is none', entry: { type: 'file', path: 'a', size: -1, oid: '0'.repeat(40) } },
  ])('is refused when it lists $what', async ({ entry }) => {
    hub.apiFault = (path) =>
      path.includes('/tree/') ? { content: Buffer.from(JSON.stringify([entry])) } : undefined;
    await expect(download()).rejects.toMatchObject({ code: 'HUB_ODD' });
  });
});
