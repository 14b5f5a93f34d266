import { InputError } from '../../base/errors.js';
import { hidePassword } from '../../base/hide-password.js';
import { isPictureUrl } from '../../net/is-http-url.js';
import type { MediaSource, TaskInput } from './task-input.js';

/** Camera names as in docs/video.md. */
const CAMERA = /^(\/dev\/video\d+$|(avfoundation|dshow):)/;

/** Whether an input is an http, https, rtsp or rtsps address rather than a path. */
export function isAddress(name: string): boolean {
  return isPictureUrl(name) || /^rtsps?:\/\//i.test(name);
}

/** Whether an input is a camera on this machine rather than a path. */
export function isCamera(name: string): boolean {
  return CAMERA.test(name);
}

/** The input at an address: whether it is a picture or a video is known once it is opened. */
export function addressInput(address: string, options: { readonly allowsPrivate: boolean }): TaskInput {
  return mediaInput(hidePassword(address), async (signal) => {
    const { openAddress } = await import('./open-address.js');
    return openAddress(address, { ...options, signal });
  });
}

/** The input for a camera; undefined if the name is not a camera's. */
export function cameraInput(name: string): TaskInput | undefined {
  if (!isCamera(name)) return undefined;
  return mediaInput(name, async () => (await import('./open-address.js')).openCamera(name));
}

/** An input whose kind is known only once it is opened. */
export function mediaInput(name: string, open: MediaSource): TaskInput {
  const picture = async (signal: AbortSignal): Promise<Uint8Array> => {
    const media = await open(signal);
    if (media instanceof Uint8Array) return media;
    throw videoNotAlone(name);
  };
  return { name, pictures: [picture], open };
}

/** The error for a video where pictures are required, as in a prompt about several pictures. */
export function videoNotAlone(name: string): InputError {
  return new InputError('VIDEO_NOT_ALONE', `${name} is a video, and only a picture can be taken here.`, {
    hint: 'Ask about it separately: pali caption INPUT',
  });
}
