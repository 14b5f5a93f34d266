/** Weights that are there in place of safetensors, as the end of a sentence, and what to do. */
export interface OtherWeights {
  readonly what: string;
  readonly hint: string;
}

const SAVE_AGAIN =
  'Load it with transformers and save it again as safetensors: model.save_pretrained(DIR), processor.save_pretrained(DIR).';

/** What a folder's names give away, first match first. */
const KINDS: readonly (OtherWeights & { readonly name: RegExp })[] = [
  {
    name: /^adapter_model\.(safetensors|bin)$/,
    what: 'an adapter alone, no model',
    hint: 'Give the model that it was trained on, and the adapter with --adapter.',
  },
  {
    name: /^pytorch_model.*\.bin(\.index\.json)?$/,
    what: 'its weights as pytorch_model.bin, which may run programs when it is opened, so that pali does not',
    hint: SAVE_AGAIN,
  },
  {
    name: /\.gguf$/i,
    what: 'its weights as .gguf, for llama.cpp and Ollama',
    hint: 'Those were quantised for another program: take the checkpoint with safetensors that they were made from.',
  },
  {
    name: /\.npz$/i,
    what: "its weights as .npz, for big_vision (JAX): Google's original form",
    hint: 'The same checkpoints are on the hub as safetensors: list them with pali pull paligemma. For your own, run convert_paligemma_weights_to_hf.py of transformers.',
  },
  {
    name: /\.(weights\.h5|keras|h5)$/i,
    what: 'its weights for Keras',
    hint: 'The same checkpoints are on the hub as safetensors: list them with pali pull paligemma.',
  },
  {
    name: /^(flax_model.*\.msgpack|_CHECKPOINT_METADATA|manifest\.ocdbt)$/,
    what: 'its weights for JAX',
    hint: 'Take the checkpoint with safetensors that they belong to.',
  },
  {
    name: /(^onnx$|\.onnx$)/i,
    what: 'ONNX files that another program made',
    hint: 'pali makes its own from safetensors: take the checkpoint that these were exported from.',
  },
  {
    name: /^openvino_.*\.(xml|bin)$/,
    what: 'its weights for OpenVINO',
    hint: 'Take the checkpoint with safetensors that they were exported from.',
  },
  {
    name: /\.(pt|pth|ckpt)$|^(global_step\d*|zero_to_fp32\.py|pytorch_model_fsdp.*)$/,
    what: "a training's own state (.pt, DeepSpeed or FSDP), no checkpoint",
    hint: SAVE_AGAIN,
  },
  {
    name: /^model\..+\.safetensors$/,
    what: 'a variant of its weights alone, such as model.fp16.safetensors',
    hint: 'Rename that file to model.safetensors, or take the plain one.',
  },
  {
    name: /\.safetensors$/,
    what: 'safetensors under names that transformers does not look for',
    hint: 'A checkpoint has model.safetensors, or shards with model.safetensors.index.json.',
  },
];

/**
 * What kind of weights a folder or a repository holds that has no `model.safetensors` and no index; undefined when
 * its names say nothing.
 * @param names of its files and folders, without paths. A mask decoder (.npz) counts for nothing.
 */
export function nameOtherWeights(names: readonly string[]): OtherWeights | undefined {
  const others = names.filter((name) => !/^(vae|vae-oid)\.npz$/.test(name));
  const kind = KINDS.find(({ name }) => others.some((other) => name.test(other)));
  return kind && { what: kind.what, hint: kind.hint };
}
