import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { CancelledError, EngineError } from '../../src/base/errors.js';
import { readPack } from '../../src/base/model-files/pack.js';
import { MANIFEST_FILE, type ModelManifest } from '../../src/base/model-manifest.js';
import type { TokenIds } from '../../src/base/model-spec.js';
import { importModel, type ImportDependencies } from '../../src/models/import-model.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { placeMark } from '../../src/base/files/new-part-path.js';

const folder = temporaryFolder();
const tokens: TokenIds = { pad: 0, eos: 1, bos: 2, image: 9, firstLoc: 10, firstSeg: 1034 };
let stores = 0;

function newStore(): string {
  return join(folder, `store-${stores++}`);
}

/** A converter that writes one file, after waiting for `turn`. */
function writing(content: string, turn: () => Promise<void> = async () => undefined): ImportDependencies {
  return {
    readTokens: async () => tokens,
    tryOut: async () => undefined,
    convert: async ({ targetFolder }) => {
      await mkdir(targetFolder);
      await turn();
      await writeFile(join(targetFolder, MANIFEST_FILE), content);
      return {} as ModelManifest;
    },
  };
}

function readModel(store: string): string {
  return readFileSync(join(store, 'mine', 'int8', MANIFEST_FILE), 'utf8');
}

const mine = { sourceFolder: 'fixtures/demo', name: 'mine', dtype: 'int8' } as const;

describe('importModel', () => {
  it('puts the model into its place and leaves nothing else', async () => {
    const store = newStore();
    const target = await importModel({ ...mine, store }, writing('one'));
    expect(target).toBe(join(store, 'mine', 'int8'));
    expect(readModel(store)).toBe('one');
    expect(readdirSync(store)).toEqual(['mine']);
  });

  it('replaces a model of the same name and dtype', async () => {
    const store = newStore();
    await importModel({ ...mine, store }, writing('one'));
    await importModel({ ...mine, store }, writing('two'));
    expect(readModel(store)).toBe('two');
    expect(readdirSync(store)).toEqual(['mine']);
  });

  it('says in the folder that packed weights are not wanted, before the model first runs', async () => {
    const store = newStore();
    const found: unknown[] = [];
    const tryOut = async (folder: string): Promise<undefined> => void found.push(await readPack(folder));
    await importModel({ ...mine, store, isUnpacked: true }, { ...writing('one'), tryOut });
    await importModel({ ...mine, store }, { ...writing('two'), tryOut });
    expect(found).toEqual(['refused', 'missing']);
  });

  it('leaves the old model alone when the conversion fails or is cancelled', async () => {
    const store = newStore();
    await importModel({ ...mine, store }, writing('one'));
    const failing = writing('two', () => Promise.reject(new CancelledError()));
    await expect(importModel({ ...mine, store }, failing)).rejects.toThrow(CancelledError);
    expect(readModel(store)).toBe('one');
    expect(readdirSync(store)).toEqual(['mine']);
  });

  it('takes no model that does not run', async () => {
    const store = newStore();
    const failing = { ...writing('one'), tryOut: () => Promise.reject(new EngineError('X', 'It fails.')) };
    await expect(importModel({ ...mine, store }, failing)).rejects.toThrow('It fails.');
    expect(readdirSync(store)).toEqual([]);
  });

  it('tells when there is not enough memory to try the model out', async () => {
    const store = newStore();
    const notes: string[] = [];
    const postponing = { ...writing('one'), tryOut: async () => 'not tried out' };
    await importModel({ ...mine, store, onNote: (note) => notes.push(note) }, postponing);
    expect(notes).toEqual(['not tried out']);
    expect(readModel(store)).toBe('one');
  });

  it('can run twice at the same time', async () => {
    const store = newStore();
    const contents = ['one', 'two', 'three', 'four'];
    await Promise.all(contents.map((content) => importModel({ ...mine, store }, writing(content))));
    expect(contents).toContain(readModel(store));
    expect(readdirSync(store)).toEqual(['mine']);
  });

  it('keeps what another process made meanwhile when it is as good', async () => {
    const store = newStore();
    let go = (): void => undefined;
    const gate = new Promise<void>((resolve) => (go = resolve));
    const slow = importModel(
      { ...mine, store, keeps: async () => true },
      writing('slow', () => gate),
    );
    await importModel({ ...mine, store }, writing('fast'));
    go();
    await slow;
    expect(readModel(store)).toBe('fast');
  });

  it('removes what a killed process left, not what a living one is at', async () => {
    const store = newStore();
    const dead = join(store, `.importing-${placeMark()}-999999999-aa`);
    const alive = join(store, `.importing-${placeMark()}-${process.pid}-bb`);
    for (const left of [dead, alive]) {
      mkdirSync(left, { recursive: true });
      writeFileSync(join(left, 'vision.data'), '');
    }
    await importModel({ ...mine, store }, writing('one'));
    expect([existsSync(dead), existsSync(alive)]).toEqual([false, true]);
  });

  it('keeps a conversion that cannot take its place, and names it', async () => {
    const store = newStore();
    await importModel({ ...mine, store }, writing('one'));
    const held = async (): Promise<never> => {
      throw Object.assign(new Error('EPERM: operation not permitted'), { code: 'EPERM' });
    };
    const error: unknown = await importModel({ ...mine, store }, { ...writing('two'), move: held }).catch(
      (reason: unknown) => reason,
    );
    expect(readModel(store)).toBe('one');
    const [, kept] = readdirSync(join(store, 'mine'));
    expect(readFileSync(join(store, 'mine', kept, MANIFEST_FILE), 'utf8')).toBe('two');
    expect(error).toMatchObject({ code: 'MODEL_IN_USE', hint: expect.stringContaining(kept) as string });
    expect(readdirSync(store)).toEqual(['mine']);
  });

  it.each(['../up', 'a/b', '.hidden', '', '-rf', 'x'.repeat(97), 'nul\u0000'])(
    'refuses the name %j',
    async (name) => {
      const store = newStore();
      await expect(importModel({ ...mine, name, store }, writing('one'))).rejects.toMatchObject({
        exitCode: 2,
      });
      expect(existsSync(store)).toBe(false);
    },
  );

  it('says so when the store cannot be written', async () => {
    const file = join(folder, 'a-file');
    writeFileSync(file, '');
    await expect(importModel({ ...mine, store: file }, writing('one'))).rejects.toMatchObject({
      code: 'STORE_UNWRITABLE',
    });
  });
});
