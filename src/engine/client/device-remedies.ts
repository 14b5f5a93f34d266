import type { Device } from '../../base/dtype.js';

/** Devices as people write them. */
export const deviceTitles: Record<Device, string> = {
  cpu: 'The CPU',
  webgpu: 'WebGPU',
  cuda: 'CUDA',
  coreml: 'Core ML',
  dml: 'DirectML',
};

const MISSING_LIBRARY = /([\w.+-]+\.so[.\d]*): cannot open shared object file/;
/** Messages of CUDA and graphics drivers; our own sentence about the computer's memory does not match. */
const NO_MEMORY = /cuda.*out of memory|OUT_OF_(DEVICE_)?MEMORY|ALLOC_FAILED|failed to allocate/i;
const NO_ADAPTER = /adapter/i;
const PROVIDER_FILE = /libonnxruntime_providers/;

/**
 * What a user can do so that a device works next time; undefined when nothing is known.
 * @param text the error's message and what the engine wrote to stderr (onnxruntime names a missing file only
 * there).
 */
export function findRemedy(device: Device, text: string, platform: NodeJS.Platform): string | undefined {
  if (device === 'cpu') return undefined;
  const library = MISSING_LIBRARY.exec(text)?.[1];
  if (device === 'cuda' && library !== undefined) {
    if (PROVIDER_FILE.test(library)) {
      return `The file ${library} of onnxruntime is missing; fetch it with: ONNXRUNTIME_NODE_INSTALL=cuda12 node node_modules/onnxruntime-node/script/install`;
    }
    return `The file ${library} is missing: install NVIDIA's CUDA libraries and cuDNN 9, and name their folder in LD_LIBRARY_PATH.`;
  }
  if (NO_MEMORY.test(text)) {
    return 'The graphics card may have too little free memory: close other programs, or use a smaller model or dtype.';
  }
  if (device === 'webgpu' && platform === 'linux' && NO_ADAPTER.test(text)) {
    // NVIDIA's Vulkan driver opens libEGL.so.1; onnxruntime only says that there is no adapter.
    return 'Install Vulkan: sudo apt install libvulkan1 libegl1. In a container with an NVIDIA card, NVIDIA_DRIVER_CAPABILITIES must also hold "graphics".';
  }
  return undefined;
}
