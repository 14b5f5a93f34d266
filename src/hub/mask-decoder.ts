import { join } from 'node:path';
import { CancelledError, NetworkError, UsageError } from '../base/errors.js';
import { MASK_DECODER } from '../base/mask-decoder-file.js';
import { downloadFile, type DownloadOptions } from './download-file.js';
import type { HubClient } from './hub-client.js';
import { isVerified } from './verify-file.js';

/** Which decoder, and where it is kept. */
export interface MaskDecoderOptions extends DownloadOptions {
  /** Folder to keep it in. */
  readonly folder: string;
  /** Another address than Google's. */
  readonly url?: string | undefined;
  /** Make no requests: it is either there or not. */
  readonly isOffline: boolean;
}

/**
 * The path of the mask decoder, fetched first if it is missing.
 *
 * @param decoder Google's; tests take a smaller one.
 * @throws {NetworkError} it cannot be fetched, or is not the right file.
 */
export async function fetchMaskDecoder(
  client: HubClient,
  options: MaskDecoderOptions,
  decoder: { file: string; url: string; sizeBytes: number; sha256: string } = MASK_DECODER,
): Promise<string> {
  const path = join(options.folder, decoder.file);
  const hash = { kind: 'sha256', hex: decoder.sha256 } as const;
  if (await isVerified(path, decoder.sizeBytes, hash)) return path;
  const url = options.url ?? decoder.url;
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol)) {
    throw new UsageError(
      'MASK_DECODER_URL',
      `The mask decoder's address is '${url}', which is not an http address.`,
    );
  }
  const asked = {
    endpoint: client.endpoint,
    repository: url,
    revision: 'any',
    hasToken: false,
    file: decoder.file,
  };
  const wanted = { url, asked, name: decoder.file, sizeBytes: decoder.sizeBytes, hash };
  try {
    if (options.isOffline) throw new NetworkError('OFFLINE', 'HF_HUB_OFFLINE is set.');
    await downloadFile(client, wanted, path, options);
    return path;
  } catch (cause) {
    if (cause instanceof CancelledError || !(cause instanceof Error)) throw cause;
    throw new NetworkError(
      'MASK_DECODER',
      `The mask decoder could not be fetched from ${url}: ${cause.message}`,
      {
        hint: `Set PALI_MASK_DECODER_URL to the address of a copy of ${decoder.file}, or leave segmentation out with --no-masks.`,
        cause,
      },
    );
  }
}
