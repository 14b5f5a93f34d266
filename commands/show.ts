import { dtypes } from '../src/base/dtype.js';
import { exitCodes } from '../src/base/errors.js';
import type { CommandDefinition } from '../src/cli/options/command-definition.js';
import { readChoice, readFlag } from '../src/cli/options/read-option.js';

export const command: CommandDefinition = {
  group: 'Models',
  description: 'Show everything about a model',
  arguments: [
    {
      name: '<name>',
      description: "a name from pali models, or a converted model's folder",
      values: 'models',
    },
  ],
  options: [
    { flags: '--dtype <dtype>', description: 'which dtype of it', values: dtypes },
    { flags: '--verify', description: 'read every byte and compare it with the recorded hashes' },
    { flags: '--format <format>', description: 'text, json (default: text)', values: ['text', 'json'] },
  ],
  examples: ['pali show demo', 'pali show --verify mine'],
  run: async (call) => {
    const format = readChoice(call.options, 'format', ['text', 'json']) ?? 'text';
    const dtype = readChoice(call.options, 'dtype', dtypes);
    const { readManifest, parseManifest } = await import('../src/base/model-manifest.js');
    const { verifyPack } = await import('../src/base/model-files/pack.js');
    const { examinePack } = await import('../src/models/examine-pack.js');
    const { formatManifest } = await import('../src/cli/models/format-models.js');
    const { modelsFolder } = await import('../src/models/models-folder.js');
    const { resolveModel } = await import('../src/models/resolve-model.js');
    const isVerified = readFlag(call.options, 'verify');
    const model = await resolveModel({
      store: modelsFolder(),
      model: call.arguments[0],
      dtype,
      device: 'auto',
    });
    const manifest = isVerified ? await readManifest(model.folder, true) : await parseManifest(model.folder);
    const found = await examinePack(model.folder, manifest);
    const packed = typeof found === 'object' ? { ...found.pack, fit: found.fit } : undefined;
    if (isVerified && packed !== undefined) await verifyPack(model.folder, packed);
    process.stdout.write(
      format === 'json'
        ? `${JSON.stringify({ name: model.name, folder: model.folder, manifest, packed })}\n`
        : formatManifest(model, manifest, found, isVerified, call.arguments[0]),
    );
    return exitCodes.ok;
  },
};
