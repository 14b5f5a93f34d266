import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { MASK_DECODER_FILES } from '../../base/mask-decoder-file.js';
import { MANIFEST_VERSION, type ModelManifest } from '../../base/model-manifest.js';
import type { ModelSpec } from '../../base/model-spec.js';
import { countWeights } from './count-weights.js';
import { buildDecoderGraph } from '../graph/decoder-graph.js';
import { buildHeadGraph, buildLocSegGraph, type StoredHead } from '../graph/head-graph.js';
import { describeLinearPlan } from '../graph/linear-plan.js';
import { dtypePlans } from './dtype-plan.js';
import { buildMaskGraph, maskArrayNames } from '../graph/mask-graph.js';
import { ModelFolderWriter } from './model-folder-writer.js';
import type { Checkpoint } from '../checkpoint/open-checkpoint.js';
import type { CheckpointConfig } from '../checkpoint/read-config.js';
import { readNpz } from '../checkpoint/read-npz.js';
import { storeEmbedding } from './store-embedding.js';
import { storeHead, storeText } from './store-text.js';
import { storeVision } from './store-vision.js';
import { buildVisionGraph } from '../graph/vision-graph.js';
import type { StoredWeight } from '../graph/weight-file.js';
import { type ConvertOptions, TOKENIZER_FILES } from './convert-options.js';

/** One conversion in progress. */
export class Conversion {
  readonly #writer: ModelFolderWriter;
  readonly #spec: ModelSpec;
  readonly #totalWeights: number;
  #doneWeights = 0;

  constructor(
    private readonly options: ConvertOptions,
    private readonly config: CheckpointConfig,
    private readonly checkpoint: Checkpoint,
  ) {
    const { family, vision, text } = config;
    const { tokens, generation } = options;
    this.#spec = { family, vision, text, tokens, ...(generation && { generation }) };
    this.#writer = new ModelFolderWriter(options.targetFolder);
    this.#totalWeights = countWeights(checkpoint, dtypePlans[options.dtype], config.isHeadTied);
  }

  async run(): Promise<ModelManifest> {
    const vision = await this.#writeVision();
    const { decoder, head, embedding } = await this.#writeDecoder();
    const mask = await this.#writeMaskDecoder();
    const { sourceFolder, tokenizerFolder = sourceFolder, notes = [] } = this.options;
    for (const name of TOKENIZER_FILES) await this.#writer.copyIfThere(tokenizerFolder, name);
    const manifest: ModelManifest = {
      schemaVersion: MANIFEST_VERSION,
      paliVersion: this.options.paliVersion,
      createdAt: new Date().toISOString(),
      source: this.options.source,
      dtype: this.options.dtype,
      spec: this.#spec,
      ...(notes.length > 0 && { notes: [...notes] }),
      parts: this.#writer.parts,
      graphs: { vision, decoder, head, ...(mask === undefined ? {} : { mask }) },
      embedding,
      files: this.#writer.files,
    };
    await this.#writer.writeManifest(manifest);
    return manifest;
  }

  async #writeVision(): Promise<Record<string, string>> {
    const graphs: Record<string, string> = {};
    for (const plan of dtypePlans[this.options.dtype].vision) {
      await this.#writer.writeWeights(
        plan.file,
        `vision (${plan.forms.join(', ')})`,
        describeLinearPlan(plan.matrices),
        async (file) => {
          const stored = await storeVision(
            this.checkpoint,
            this.config,
            file,
            plan.matrices,
            this.#count('vision', this.config.vision.layers),
            this.options.distinctLayers,
          );
          for (const form of plan.forms) {
            const graph = buildVisionGraph(this.config.vision, this.config.text.hiddenSize, stored, form);
            graphs[form] = await this.#writer.writeGraph(`vision.${form}.onnx`, graph);
          }
        },
      );
    }
    return graphs;
  }

  async #writeDecoder(): Promise<{
    decoder: Record<string, string>;
    head: Record<string, string>;
    embedding: ModelManifest['embedding'];
  }> {
    const plan = dtypePlans[this.options.dtype];
    const table = this.checkpoint.tensors.get('language_model.embed_tokens.weight')!;
    const dtype = plan.embedding(await table.readDtype());
    const rows = await this.#writer.writeWeights('embedding.data', 'embedding', dtype.toLowerCase(), (file) =>
      storeEmbedding(table, dtype, file, this.#count('embedding')),
    );
    const decoder: Record<string, string> = {};
    let head: StoredHead | undefined;
    for (const { file: name, attention, mlp, forms } of plan.decoders) {
      const part = plan.decoders.length === 1 ? 'decoder' : `decoder (${forms.join(', ')})`;
      const format = `attention ${describeLinearPlan(attention)}; MLP ${describeLinearPlan(mlp)}`;
      await this.#writer.writeWeights(name, part, format, async (file) => {
        const count = this.#count('decoder', this.config.text.layers);
        const decoderPlan = { file: name, attention, mlp, forms };
        const stored = await storeText(
          this.checkpoint,
          this.#spec,
          decoderPlan,
          file,
          count,
          this.options.distinctLayers,
        );
        head ??= await storeHead(this.checkpoint, this.config.isHeadTied, plan, rows, file, count);
        for (const form of forms) {
          // Beside a decoder for prompts it is the CPU's.
          const key = form === 'cpu-step' ? 'cpu' : form;
          const graph = buildDecoderGraph(this.#spec, stored, head, form);
          decoder[key] = await this.#writer.writeGraph(`decoder.${key}.onnx`, graph);
        }
      });
    }
    return {
      decoder,
      head: await this.#writeHead(head!),
      embedding: { file: 'embedding.data', dtype },
    };
  }

  async #writeHead(stored: StoredHead): Promise<Record<string, string>> {
    const locSeg = buildLocSegGraph(this.#spec, stored);
    return {
      cpu: await this.#writer.writeGraph('head.cpu.onnx', buildHeadGraph(this.#spec, stored)),
      ...(locSeg && { 'cpu-loc-seg': await this.#writer.writeGraph('head.cpu-loc-seg.onnx', locSeg) }),
    };
  }

  async #writeMaskDecoder(): Promise<string | undefined> {
    const { sourceFolder, maskDecoderFile } = this.options;
    const names = await readdir(sourceFolder);
    const name = MASK_DECODER_FILES.find((candidate) => names.includes(candidate));
    const path = name === undefined ? maskDecoderFile : join(sourceFolder, name);
    if (path === undefined) return undefined;
    const arrays = await readNpz(path, maskArrayNames);
    return this.#writer.writeWeights('mask.data', 'mask decoder', 'f32', async (file) => {
      const stored = new Map<string, StoredWeight>();
      for (const [key, { shape, values }] of arrays)
        stored.set(key, await file.add(key, 'float32', shape, values));
      return this.#writer.writeGraph('mask.onnx', buildMaskGraph(stored));
    });
  }

  /** A progress counter for one part; also the point where a cancelled conversion stops. */
  #count(part: string, layers?: number): (count: number, layer?: number) => void {
    return (count, layer) => {
      this.options.signal?.throwIfAborted();
      this.#doneWeights += count;
      const [doneWeights, totalWeights] = [this.#doneWeights, this.#totalWeights];
      this.options.onProgress?.({ part, layer, layers, doneWeights, totalWeights });
    };
  }
}
