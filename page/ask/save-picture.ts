import { element } from '../element.js';
import { maskPath } from '../mask-path.js';
import type { Shape } from '../object-layer.js';
import { labelOf } from '../result-item.js';
import { saveFile } from '../save-file.js';
import type { ChosenPicture } from './chosen-picture.js';

/** Save the picture, in its own size, with boxes, masks and labels drawn on it, as PNG. */
export async function savePicture(picture: ChosenPicture, shapes: readonly Shape[]): Promise<void> {
  const image = element('img', { src: picture.url });
  await image.decode();
  const { naturalWidth: width, naturalHeight: height } = image;
  const canvas = element('canvas', { width, height });
  const context = canvas.getContext('2d')!;
  context.drawImage(image, 0, 0);
  const line = Math.max(2, Math.round(Math.max(width, height) / 300));
  for (const shape of shapes) drawShape(context, shape, line);
  for (const shape of shapes) drawLabel(context, shape, line);
  const blob = await new Promise<Blob | null>((settle) => canvas.toBlob(settle, 'image/png'));
  if (blob !== null) saveFile(blob, `${picture.name.replace(/\.[^.]*$/, '')}.pali.png`);
}

function drawShape(context: CanvasRenderingContext2D, { object, color }: Shape, line: number): void {
  const { box, mask } = object;
  context.strokeStyle = context.fillStyle = color;
  context.lineWidth = line;
  if (mask !== undefined) {
    context.globalAlpha = 0.4;
    context.fill(new Path2D(maskPath(mask)), 'evenodd');
    context.globalAlpha = 1;
  }
  context.strokeRect(box.x0, box.y0, box.x1 - box.x0, box.y1 - box.y0);
}

function drawLabel(context: CanvasRenderingContext2D, { object, color }: Shape, line: number): void {
  const size = line * 7;
  context.font = `600 ${size}px system-ui, sans-serif`;
  const text = labelOf(object);
  const width = context.measureText(text).width + size;
  const { x0, y0 } = object.box;
  context.fillStyle = 'rgb(15 17 16 / 78%)';
  context.fillRect(x0, y0, width, size * 1.6);
  context.fillStyle = color;
  context.fillRect(x0, y0, line * 2, size * 1.6);
  context.fillStyle = '#fff';
  context.textBaseline = 'middle';
  context.fillText(text, x0 + size / 2 + line, y0 + size * 0.82);
}
