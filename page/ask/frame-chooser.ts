import { button, element } from '../element.js';
import { takeFrame, type ChosenPicture } from './chosen-picture.js';

/** A video, and a button that takes the frame it shows. */
export function createFrameChooser(
  file: File,
  onFrame: (picture: ChosenPicture) => void,
  onProblem: (sentence: string) => void,
): HTMLElement {
  const video = element('video', {
    src: URL.createObjectURL(file),
    controls: true,
    muted: true,
    playsinline: true,
  });
  const take = button(
    'Use this frame',
    () => {
      video.pause();
      takeFrame(video, file.name).then(onFrame, () => onProblem('The browser cannot read this frame.'));
    },
    { class: 'primary', disabled: true },
  );
  video.addEventListener('loadeddata', () => (take.disabled = false));
  video.addEventListener('error', () =>
    onProblem('The browser cannot play this video. pali itself reads more kinds: pali detect cow film.mkv'),
  );
  return element('div', { class: 'frame-chooser' }, video, take);
}
