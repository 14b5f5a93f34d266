import type { Size } from '../../src/base/geometry.js';
import { element } from '../element.js';

/** A picture to ask about. */
export interface ChosenPicture {
  readonly blob: Blob;
  readonly name: string;
  /** Of the blob; what the page shows. */
  readonly url: string;
  /** Pixels, as shown; undefined where the browser cannot read it: the server may. */
  readonly size: Size | undefined;
}

/** Quality of a video's frame as JPEG, 0..1. */
const QUALITY = 0.95;

export async function choosePicture(blob: Blob, name: string): Promise<ChosenPicture> {
  const url = URL.createObjectURL(blob);
  const image = element('img', { src: url });
  const isShown = await image.decode().then(
    () => true,
    () => false,
  );
  const size = isShown ? { width: image.naturalWidth, height: image.naturalHeight } : undefined;
  return { blob, name, url, size };
}

/** The frame that a video shows now. */
export async function takeFrame(video: HTMLVideoElement, name: string): Promise<ChosenPicture> {
  const { videoWidth: width, videoHeight: height, currentTime } = video;
  const canvas = element('canvas', { width, height });
  canvas.getContext('2d')!.drawImage(video, 0, 0);
  const blob = await new Promise<Blob | null>((settle) => canvas.toBlob(settle, 'image/jpeg', QUALITY));
  if (blob === null) throw new Error('The browser cannot read this frame.');
  return choosePicture(blob, `${name} ${currentTime.toFixed(2)} s.jpg`);
}
