import { EngineError, ToolMissingError, type PaliError } from '../errors.js';

/** Where onnxruntime-node 1.30.0 has libraries (its package), and what they need. */
const WHERE =
  'onnxruntime exists for Linux with glibc (x64, arm64), macOS 14 and newer (arm64) and Windows (x64, arm64)';

/** What the loaders of the systems write when a native library cannot be loaded, in the order of looking. */
const reasons: readonly { readonly sign: RegExp; readonly why: string; readonly hint: string }[] = [
  {
    sign: /ld-linux|ld-musl|Error relocating|libstdc\+\+\.so|libgcc_s\.so/,
    why: 'this system has no glibc, as Alpine Linux',
    hint: 'Use a system or an image with glibc, such as node:22-slim.',
  },
  {
    sign: /GLIBC(?:XX)?_[\d.]+'? not found/,
    why: 'this system is older than it can run on',
    hint: 'Use a newer one, such as Debian 12 or Ubuntu 22.04.',
  },
  {
    sign: /MSVCP\d+|VCRUNTIME\d+|specified module could not be found/i,
    why: "Microsoft's Visual C++ runtime is missing",
    hint: 'Install the Visual C++ Redistributable: https://aka.ms/vs/17/release/vc_redist.x64.exe',
  },
  {
    sign: /dyld|Symbol not found|built for (?:newer )?macOS/i,
    why: 'this macOS is older than it can run on',
    hint: 'It needs macOS 14 or newer.',
  },
  {
    sign: /Cannot find module '[^']*\.node'/,
    why: `there is none for ${process.platform} on ${process.arch}`,
    hint: `${WHERE}; see docs/install.md.`,
  },
  { sign: /ERR_DLOPEN_FAILED/, why: 'the system refuses it', hint: `${WHERE}; see docs/install.md.` },
];

/**
 * The sentence for a native library of ours that cannot be loaded: onnxruntime's or sharp's.
 *
 * @param text what was thrown, or what a process that ended wrote to stderr.
 * @returns undefined when the text is of something else.
 */
export function describeLoadFailure(text: string): PaliError | undefined {
  if (/Could not load the "sharp" module/.test(text)) {
    return new ToolMissingError(
      'TOOL_MISSING',
      'The library that decodes pictures, sharp, cannot be loaded.',
      {
        hint: 'Install it again for this computer: npm install --include=optional sharp',
      },
    );
  }
  if (!/onnxruntime/.test(text)) return undefined;
  const reason = reasons.find(({ sign }) => sign.test(text));
  if (reason === undefined) return undefined;
  return new EngineError(
    'ENGINE_START_FAILED',
    `The library that runs models cannot be loaded: ${reason.why}.`,
    {
      hint: reason.hint,
      cause: new Error(text),
    },
  );
}
