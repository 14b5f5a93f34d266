// npm run bench -- moving [VIDEO]: frames per second and bytes per frame of what moves in the terminal, by protocol and
// window: everything between a decoded frame and the bytes. The terminal's own time is not in it.
import { drawOnCanvas } from '../../src/render/drawing/draw-on-canvas.js';
import type { RgbImage } from '../../src/base/image.js';
import type { ProtocolChoice } from '../../src/render/terminal-picture/choose-protocol.js';
import { encodeBlocks } from '../../src/render/terminal-picture/encode-blocks.js';
import { fitMoving, MovingPicture } from '../../src/render/terminal-picture/moving-picture.js';
import { openVideo } from '../../src/tasks/inputs/open-video.js';
import { scaledFrames } from '../../src/tasks/videos/scaled-frames.js';

const FRAMES = 60;
const windows = [
  { columns: 80, rows: 24 },
  { columns: 200, rows: 60 },
];
const choices: readonly [string, ProtocolChoice][] = [
  ['kitty', { protocol: 'kitty', isInTmux: false }],
  ['iterm2', { protocol: 'iterm2', isInTmux: false }],
  ['sixel', { protocol: 'sixel', isInTmux: false }],
  ['half', { protocol: 'blocks', isInTmux: false, symbols: 'half' }],
  ['quadrants', { protocol: 'blocks', isInTmux: false, symbols: 'quadrants' }],
  ['sextants', { protocol: 'blocks', isInTmux: false, symbols: 'sextants' }],
];

/** Two rows of the window are for what stands below the picture. */
export async function bench([path = 'fixtures/video/crossing.mp4']: readonly string[] = []): Promise<void> {
  const { signal } = new AbortController();
  const video = await openVideo(path, signal);
  if (video === undefined) throw new Error(`${path} is no video.`);
  process.stdout.write(`${path}, ${video.width} x ${video.height}, ${FRAMES} frames, two boxes\n`);
  process.stdout.write('window   protocol   pixels      frames/s  kB a frame  all of it\n');
  for (const { columns, rows } of windows) {
    for (const [name, choice] of choices) {
      const size = fitMoving(video, choice, { columns, rows: rows - 2 });
      const frames: RgbImage[] = [];
      for await (const { image } of scaledFrames(video, size.canvas, 0, signal)) {
        frames.push(image);
        if (frames.length === FRAMES) break;
      }
      const moving = new MovingPicture(choice, size, 1);
      let [bytes, whole] = [0, 0];
      const startedAt = performance.now();
      for (const [number, frame] of frames.entries()) {
        const drawn = await drawOnCanvas(frame, objectsAt(number, frame), choice, []);
        bytes += Buffer.byteLength(await moving.draw(drawn));
      }
      const seconds = (performance.now() - startedAt) / 1000;
      if (choice.protocol === 'blocks') {
        for (const frame of frames) whole += Buffer.byteLength(encodeBlocks(frame, '24-bit', choice.symbols));
      }
      const share = whole === 0 ? '-' : `${Math.round((bytes / whole) * 100)} %`;
      process.stdout.write(
        `${`${columns}x${rows}`.padEnd(8)} ${name.padEnd(10)} ` +
          `${`${size.canvas.width} x ${size.canvas.height}`.padEnd(11)} ${(frames.length / seconds).toFixed(0).padStart(8)} ` +
          `${(bytes / frames.length / 1000).toFixed(1).padStart(11)} ${share.padStart(10)}\n`,
      );
    }
  }
}

/** Two boxes that move. */
function objectsAt(number: number, { width, height }: RgbImage): Parameters<typeof drawOnCanvas>[1] {
  return ['dog', 'tractor'].map((label, index) => {
    const x0 = ((number * (index + 1)) / 200) * width;
    const box = { x0, y0: height * 0.4, x1: x0 + width * 0.2, y1: height * 0.8 };
    return { detection: { label, box, bins: [0, 0, 0, 0], score: 1, boxScore: 1 }, trackId: index + 1 };
  });
}
