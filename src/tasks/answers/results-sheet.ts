import type { RgbImage } from '../../base/image.js';
import { isObjectResult, type TaskResult } from '../../base/task-result.js';
import { ContactSheet } from '../../image/draw/contact-sheet.js';
import { imageFormatOf, writeImage } from '../../image/draw/encode-image.js';
import { drawDetections } from '../../render/drawing/overlay.js';
import { nameBelow } from '../../render/file-names.js';

/** A grid of small pictures, each with its name and what was found or said. */
export class ResultsSheet {
  readonly #path: string;
  readonly #sheet = new ContactSheet();

  /** @throws {UsageError} the path does not end in .png, .jpg or .webp. */
  constructor(path: string) {
    imageFormatOf(path);
    this.#path = path;
  }

  async add(image: RgbImage, result: TaskResult): Promise<void> {
    const { detections = [], text = '' } = result;
    const isObjects = isObjectResult(result);
    const found = detections.length === 0 ? 'none found' : detections.map(({ label }) => label).join(', ');
    const picture = isObjects ? await drawDetections(image, detections) : image;
    await this.#sheet.add(picture, nameBelow(result.input), isObjects ? found : text);
  }

  /** Writes nothing if there are no pictures. @throws {UsageError} the location cannot be written to. */
  async write(): Promise<void> {
    const picture = await this.#sheet.draw();
    if (picture !== undefined) await writeImage(picture, this.#path);
  }
}
