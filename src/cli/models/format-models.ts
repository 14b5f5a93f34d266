import type { ModelManifest } from '../../base/model-manifest.js';
import { sumPackBytes } from '../../base/model-files/pack.js';
import { printablePath } from '../../render/printable-path.js';
import type { InstalledModel } from '../../models/model-store.js';
import type { PackFinding } from '../../models/examine-pack.js';
import { quoteForShell } from '../../models/quote-for-shell.js';
import type { ResolvedModel } from '../../models/resolve-model.js';
import { formatSize } from './format-size.js';
import { formatTable } from './format-table.js';

const HEADINGS = ['NAME', 'FAMILY', 'RESOLUTION', 'DTYPE', 'SIZE', 'MODIFIED'];

/** The list of `pali models`, headings first; `*` follows the name of the default. */
export function formatModelTable(
  models: readonly InstalledModel[],
  defaultModel: string,
  isTerminal: boolean,
): string {
  const rows = models.map(({ name, dtype, manifest, sizeBytes, modified }) => [
    name === defaultModel ? `${name} *` : name,
    manifest?.spec.family ?? 'damaged',
    manifest === undefined ? '-' : `${manifest.spec.vision.imageSize} px`,
    dtype,
    formatSize(sizeBytes),
    modified.toISOString().slice(0, 16).replace('T', ' '),
  ]);
  return formatTable([HEADINGS, ...rows], isTerminal);
}

/** A model of the list for programs. */
export function toModelObject(model: InstalledModel, defaultModel: string): Record<string, unknown> {
  const { name, dtype, folder, manifest, sizeBytes, modified } = model;
  return {
    name,
    isDefault: name === defaultModel,
    dtype,
    folder,
    sizeBytes,
    modified: modified.toISOString(),
    ...(manifest === undefined
      ? { isDamaged: true }
      : { family: manifest.spec.family, imageSize: manifest.spec.vision.imageSize }),
  };
}

/** What the checkpoint says about its answers, in the words of generation_config.json. */
function formatGeneration({ spec: { generation }, notes = [] }: ModelManifest): [string, string][] {
  const toSnake = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  const rules = Object.entries(generation ?? {}).map(([name, value]) =>
    Array.isArray(value) ? `${toSnake(name)} (${value.length})` : `${toSnake(name)} ${String(value)}`,
  );
  return [
    ...(rules.length === 0 ? [] : [['answers', rules.join(', ')] satisfies [string, string]]),
    ...notes.map((note): [string, string] => ['note', note]),
  ];
}

/** Whether weights are packed ahead. Nothing for small models and other dtypes, which never have them. */
function formatPack(manifest: ModelManifest, found: PackFinding, reference: string): [string, string][] {
  const command = `pali pack ${quoteForShell(reference)} --dtype ${manifest.dtype}`;
  const line = (text: string): [string, string][] => [['packed weights', text]];
  if (found === 'unfit') return [];
  if (found === 'missing') return line(`none; to write them: ${command}`);
  if (found === 'refused') return line('none, as was asked for');
  const anew = `made anew by the next run on the CPU, or by ${command}`;
  if (found === 'damaged') return line(`damaged: not used, and ${anew}`);
  if (found === 'unreadable') return line('not used, as packed.json cannot be read');
  const { pack, fit } = found;
  const size = formatSize(sumPackBytes(pack));
  switch (fit) {
    case 'current':
      return line(`${size}, for onnxruntime ${pack.runtime}`);
    case 'other processor':
      return line(
        `${size}, for another processor, not used on this one; to write those of this one: ${command}`,
      );
    case 'other runtime':
      return line(`${size}, for onnxruntime ${pack.runtime}: out of date, and ${anew}`);
    case 'other weights':
      return line(`${size}, of weights that the model had before: out of date, and ${anew}`);
  }
}

/** What the parts of a decoder are for, where it has two. */
const decoderWords: Readonly<Record<string, string>> = {
  'decoder (cpu-prefill)': 'decoder for prompts',
  'decoder (cpu-step)': 'decoder for answers',
};

/**
 * The output of `pali show`, one fact per line.
 * @param reference what the user called the model by: a name or a folder.
 */
export function formatManifest(
  model: ResolvedModel,
  manifest: ModelManifest,
  packing: PackFinding,
  isVerified: boolean,
  reference = model.name,
): string {
  const { family, vision, text } = manifest.spec;
  const { path, revision, licence, adapter } = manifest.source;
  const total = manifest.files.reduce((sum, file) => sum + file.sizeBytes, 0);
  const facts: [string, string][] = [
    ['name', model.name],
    ['family', family],
    ['resolution', `${vision.imageSize} px`],
    ['vision', `${vision.layers} layers, ${vision.hiddenSize} wide`],
    ['language', `${text.layers} layers, ${text.hiddenSize} wide, ${text.vocabSize} tokens`],
    ['dtype', manifest.dtype],
    ...Object.entries(manifest.parts).map(([part, { format, sizeBytes }]): [string, string] => [
      `  ${decoderWords[part] ?? part}`,
      `${format}, ${formatSize(sizeBytes)}`,
    ]),
    ...formatGeneration(manifest),
    ['masks', manifest.graphs.mask === undefined ? 'no, the checkpoint came without a mask decoder' : 'yes'],
    [
      'source',
      [path, revision && `revision ${revision}`, licence && `licence ${licence}`].filter(Boolean).join(', '),
    ],
    ...(adapter === undefined ? [] : [['adapter', adapter] satisfies [string, string]]),
    ['converted', `${manifest.createdAt} by pali ${manifest.paliVersion}`],
    ...formatPack(manifest, packing, reference),
    ['folder', model.folder],
    ['files', `${manifest.files.length}, ${formatSize(total)}${isVerified ? ', every byte verified' : ''}`],
    ...manifest.files.map((file): [string, string] => [`  ${file.path}`, formatSize(file.sizeBytes)]),
  ];
  return formatTable(
    facts.map(([name, value]) => [name, printablePath(value)]),
    true,
  );
}
