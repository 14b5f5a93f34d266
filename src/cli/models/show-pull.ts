import type { PullEvent } from '../../models/pull-options.js';
import { formatSeconds } from '../../render/format-time.js';
import { formatSize } from './format-size.js';
import type { ProgressBars } from './progress-bars.js';

/** Bars and sentences for what happens during a pull. */
export function showPull(
  event: PullEvent,
  bars: ProgressBars,
  dtype: string,
  tell: (line: string) => void,
): void {
  switch (event.type) {
    case 'waiting':
      tell(`note: another process is pulling ${event.for}; waiting for it.`);
      return;
    case 'note':
      bars.finish();
      tell(`note: ${event.sentence}`);
      return;
    case 'plan': {
      const { repository, revision, licence, downloadBytes, convertedBytes, memoryBytes, freeBytes } =
        event.plan;
      const facts = [
        downloadBytes > 0
          ? `${formatSize(downloadBytes)} to download (revision ${revision})`
          : `already downloaded (revision ${revision})`,
        `about ${formatSize(convertedBytes)} as ${dtype}`,
        `${formatSize(memoryBytes)} of memory to run it`,
        `${formatSize(freeBytes)} free`,
      ];
      bars.finish();
      tell(`${repository}${licence === undefined ? '' : `  licence ${licence}`}  ${facts.join(' · ')}`);
      return;
    }
    case 'download': {
      const { file, state, doneBytes, totalBytes, bytesPerSecond, secondsLeft } = event.progress;
      const size = formatSize(totalBytes);
      const words = {
        downloading: [
          `${formatSize(doneBytes)}/${size}`,
          bytesPerSecond > 0 && `${formatSize(bytesPerSecond)}/s`,
          secondsLeft !== undefined && formatSeconds(secondsLeft),
        ],
        checking: [size, 'checking'],
        done: [size, 'checked'],
      };
      bars.show({
        name: file.replace(/\.safetensors$/, ''),
        share: totalBytes > 0 ? doneBytes / totalBytes : 1,
        note: words[state].filter(Boolean).join('  '),
        isDone: state === 'done',
      });
      return;
    }
    case 'import': {
      const { part, detail, share } = event.progress;
      const isWaiting = detail?.startsWith('waiting') === true;
      const note = isWaiting
        ? detail.replace(/(-of-\d+)?\.safetensors$/, '')
        : [part, detail].filter(Boolean).join(', ');
      bars.show({ name: 'converting', share, note, isDone: false, step: part });
    }
  }
}
