import { chooseProtocol } from '../../../render/terminal-picture/choose-protocol.js';
import type { ColorDepth } from '../../../render/terminal-picture/encode-blocks.js';
import type { ShowWord } from '../../../render/terminal-picture/show-words.js';
import type { DocumentFormat } from '../../../render/formats/result-formats.js';
import type { ResultRenderer } from '../../../render/formats/result-renderer.js';
import { hasColors } from '../../has-colors.js';
import { howToClose, type TextSink } from '../open-sink.js';
import type { DocumentWriter, ResultWriterOptions } from './result-writer.js';

/** Writes all results as one document. */
export function writeDocument(
  sink: TextSink,
  renderer: ResultRenderer,
  onNote?: (sentence: string) => void,
): DocumentWriter {
  let isStarted = false;
  const start = async (): Promise<void> => {
    if (!isStarted) await sink.write(renderer.start());
    isStarted = true;
  };
  return {
    write: async (result, _answerNumber, image) => {
      await start();
      const text = await renderer.renderWithPicture?.(result, image);
      await sink.write(text ?? renderer.renderResult(result));
    },
    end: async (ending) => {
      const isKept = isStarted || ending === 'complete';
      if (isKept) {
        await start();
        await sink.write(renderer.end());
      }
      await sink.close(howToClose(isKept, ending), onNote);
      renderer.describeNeeds?.().forEach((sentence) => onNote?.(sentence));
    },
    discard: () => sink.close('discard'),
  };
}

/** What renders results in a format, for a file or for this terminal. */
export async function createRenderer(
  format: DocumentFormat,
  options: ResultWriterOptions,
): Promise<ResultRenderer> {
  const isStdout = options.output === undefined;
  return format.createRenderer({
    ...options,
    nameFrame: options.frames?.nameOf.bind(options.frames),
    framesFolder: options.frames?.folder,
    withInputName: options.withFilename && !options.isSingle,
    isTerminal: isStdout && process.stdout.isTTY === true,
    isColored: isStdout && hasColors(process.stdout),
    dots: isStdout && hasColors(process.stdout) ? dotDepth(options.show) : undefined,
  });
}

/** The colours of this terminal, where a picture is shown in it. */
function dotDepth(show: ShowWord = 'off'): ColorDepth | undefined {
  if (show === 'off' || process.stdout.isTTY !== true) return undefined;
  const { protocol } = chooseProtocol(process.env, true, { show: 'auto' })!;
  if (protocol === 'ascii') return undefined;
  return protocol === 'blocks-256' ? '256' : '24-bit';
}
