import type { MovingObject } from '../../answers/interpolate-objects.js';
import type { RgbImage } from '../../base/image.js';
import { type Caption, drawCaption, layoutCaption } from '../../image/draw/draw-caption.js';
import { drawOverlay } from '../../image/draw/draw-overlay.js';
import type { LabelStyle } from '../../render/drawing/label-style.js';
import { toOverlayShapes } from '../../render/drawing/overlay-shapes.js';

/** Draws on a video's frames what is shown at their moments: objects, or an answer in words. */
export class MomentDrawing {
  readonly #style: LabelStyle;
  readonly #labels = new Set<string>();
  #caption: { readonly text: string; readonly layout: Caption | undefined } | undefined;

  /** @param style what is written at boxes. */
  constructor(style: LabelStyle) {
    this.#style = style;
  }

  /** A label keeps its colour throughout the video, whatever else comes and goes: name it when it is known. */
  addLabel(label: string): void {
    this.#labels.add(label);
  }

  /**
   * @param text an answer in words, drawn as a subtitle in place of objects.
   * @returns the frame to show; `image` may be the one that is drawn on.
   */
  async draw(image: RgbImage, objects: readonly MovingObject[], text?: string): Promise<RgbImage> {
    if (text === undefined) return this.#drawObjects(image, objects);
    // Laid out once for all frames that show it.
    if (this.#caption?.text !== text) this.#caption = { text, layout: await layoutCaption(text, image) };
    if (this.#caption.layout !== undefined) drawCaption(image, this.#caption.layout);
    return image;
  }

  #drawObjects(image: RgbImage, objects: readonly MovingObject[]): Promise<RgbImage> {
    for (const { detection } of objects) this.addLabel(detection.label);
    const shapes = toOverlayShapes(
      objects.map(({ detection }) => detection),
      {
        labels: this.#style,
        asked: [...this.#labels],
        ids: objects.map(({ trackId }) => trackId),
      },
    );
    return drawOverlay(image, shapes);
  }
}
