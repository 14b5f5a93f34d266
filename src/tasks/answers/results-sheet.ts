import { basename } from 'node:path';
import type { Detection } from '../../base/detection.js';
import type { RgbImage } from '../../base/image.js';
import { isObjectResult, type TaskResult } from '../../base/task-result.js';
import { ContactSheet } from '../../image/draw/contact-sheet.js';
import { imageFormatOf, writeImage } from '../../image/draw/encode-image.js';
import type { SheetPage } from '../../base/sheet-page.js';
import { shrinkImage } from '../../image/resize/shrink-image.js';
import { drawDetections } from '../../render/drawing/overlay.js';
import { askedThings } from '../../render/drawing/asked-things.js';
import { scaleDetections } from '../../render/drawing/scale-detections.js';
import { nameBelow } from '../../render/file-names.js';
import { formatClock } from '../../render/format-time.js';

/** Masks are kept at this size until the sheet is drawn: the longer side, pixels. */
const MASK_PIXELS = 480;

/** How a sheet of results is made. */
export interface ResultsSheetOptions {
  readonly page?: SheetPage | undefined;
  /** Folders that were searched for pictures: names begin below them. */
  readonly folders?: readonly string[];
  /** There may be frames of more than one video: their names stand before their times. */
  readonly hasSeveral?: boolean;
}

/** A page of small pictures with what was found or said: pictures under their names, frames of a video under times. */
export class ResultsSheet {
  readonly #path: string;
  readonly #page: SheetPage;
  readonly #folders: readonly string[];
  readonly #hasSeveral: boolean;
  readonly #sheet = new ContactSheet();
  readonly #inputs = new Set<string>();
  readonly #prompts = new Set<string>();
  #model: string | undefined;
  #count = 0;
  #hasFrames = false;

  /** @throws {UsageError} the path does not end in .png, .jpg or .webp. */
  constructor(path: string, { page = 'screen', folders = [], hasSeveral = false }: ResultsSheetOptions = {}) {
    imageFormatOf(path);
    this.#path = path;
    this.#page = page;
    this.#folders = folders;
    this.#hasSeveral = hasSeveral;
  }

  async add(image: RgbImage, result: TaskResult): Promise<void> {
    const { input, prompt, model, frame, detections = [] } = result;
    this.#inputs.add(input);
    this.#prompts.add(prompt);
    this.#model ??= model?.name;
    this.#count++;
    this.#hasFrames ||= frame !== undefined;
    const name = nameBelow(input, this.#folders);
    const time = frame === undefined ? '' : formatMoment(frame.timeSeconds);
    const heading = time === '' ? name : this.#hasSeveral ? `${name}  ${time}` : time;
    const draw = detections.length === 0 ? undefined : await drawLater(image, result, detections);
    await this.#sheet.add({ image, heading, text: describe(result), draw });
  }

  /** Writes nothing if there are no pictures. @throws {UsageError} the location cannot be written to. */
  async write(): Promise<void> {
    const picture = await this.#sheet.draw({ title: this.#title(), subtitle: this.#subtitle() }, this.#page);
    if (picture !== undefined) await writeImage(picture, this.#path);
  }

  #title(): string {
    const [input] = this.#inputs;
    return this.#inputs.size === 1
      ? basename(input)
      : `${this.#inputs.size} ${this.#hasFrames ? 'files' : 'pictures'}`;
  }

  #subtitle(): string {
    const [prompt] = this.#prompts;
    const count = this.#hasFrames && this.#count > 1 ? `${this.#count} frames` : '';
    const asked = this.#prompts.size === 1 ? prompt.replaceAll('\n', ' ; ') : '';
    return [asked, this.#model ?? '', count].filter((part) => part !== '').join('  ·  ');
  }
}

/** `0:04`; between the seconds `0:04.25`. */
function formatMoment(seconds: number): string {
  return formatClock(seconds, Math.abs(seconds - Math.round(seconds)) < 0.005 ? 0 : 2);
}

/** Boxes and labels in the size of the small picture, so that they stay crisp. */
async function drawLater(
  image: RgbImage,
  result: TaskResult,
  detections: readonly Detection[],
): Promise<(small: RgbImage) => Promise<RgbImage>> {
  const kept = await shrinkImage(image, MASK_PIXELS);
  const scaled = scaleDetections(detections, image, kept);
  const [size, style] = [
    { width: kept.width, height: kept.height },
    { asked: askedThings(result), ids: result.frame?.trackIds, labels: 'name' as const },
  ];
  return (small) => drawDetections(small, scaleDetections(scaled, size, small), style);
}

/** `cow, dog ×2`; with ids `cow #1, dog #2, dog #3`; an answer in words as it is. */
function describe(result: TaskResult): string {
  const { detections = [], text = '', frame, error } = result;
  if (error !== undefined) return 'failed';
  if (!isObjectResult(result)) return text;
  if (detections.length === 0) return 'none found';
  const ids = frame?.trackIds;
  const names = detections.map(({ label }, index) => (ids === undefined ? label : `${label} #${ids[index]}`));
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return Array.from(counts, ([name, count]) => (count === 1 ? name : `${name} ×${count}`)).join(', ');
}
