import type { ManifestFile, ModelManifest } from '../../base/model-manifest.js';

/** Graph forms that a device runs; its decoders are tried in order. */
export interface ChosenForms {
  readonly vision: string;
  readonly decoders: readonly string[];
}

/**
 * The files that a model reads when it runs in these forms: neither the graphs of others, nor weights that only
 * others use (a GPU's copy of the vision tower beside the CPU's).
 */
export function listNeededFiles(manifest: ModelManifest, { vision, decoders }: ChosenForms): ManifestFile[] {
  const { graphs, files } = manifest;
  const isChosen = (part: 'vision' | 'decoder', forms: readonly string[]): ((path: string) => boolean) => {
    const unused = Object.entries(graphs[part]).filter(([form]) => !forms.includes(form));
    const used = new Set(
      forms.flatMap((form) => listWeightFiles(manifest, part, form).map(({ path }) => path)),
    );
    return (path) =>
      !unused.some(([, graph]) => graph === path) &&
      (!(path.startsWith(`${part}.`) && path.endsWith('.data')) || used.has(path));
  };
  const isVision = isChosen('vision', [vision]);
  const isDecoder = isChosen('decoder', decoders);
  return files.filter(({ path }) => isVision(path) && isDecoder(path));
}

/** The weight files that a graph refers to; CPU and GPU may have files of their own. */
export function listWeightFiles(
  { files }: ModelManifest,
  part: 'vision' | 'decoder',
  form: string,
): ManifestFile[] {
  const names = [`${part}.data`, `${part}.${form === 'cpu' ? 'cpu' : 'gpu'}.data`, `${part}.prefill.data`];
  return files.filter(({ path }) => names.includes(path));
}
