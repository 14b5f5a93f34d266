import { button, element } from '../element.js';
import type { ResultItem } from '../result-item.js';
import { createAnswerView } from './answer-view.js';
import { askServer, Refusal } from './ask-server.js';
import { createAskedList, type Asked } from './asked-list.js';
import { choosePicture, type ChosenPicture } from './chosen-picture.js';
import { createFrameChooser } from './frame-chooser.js';
import { createKeyForm } from './key-form.js';
import { LiveAnswer } from './live-answer.js';
import { createPictureDrop } from './picture-drop.js';
import { createQuestionForm, type AskedQuestion } from './question-form.js';

let picture: ChosenPicture | undefined;
let work: AbortController | undefined;
let lastQuestion: AskedQuestion | undefined;

const view = createAnswerView();
const drop = createPictureDrop((file) => void open(file));
const form = createQuestionForm(
  (question) => void ask(question),
  () => work?.abort(),
);
const asked = createAskedList(show);
const keyForm = createKeyForm(() => lastQuestion && void ask(lastQuestion));
const other = button('Another picture', () => drop.choose(), { class: 'plain', hidden: true });
view.stage.append(drop.node);

document
  .querySelector('#app')!
  .append(
    element(
      'header',
      { class: 'top' },
      element('h1', {}, 'pali'),
      element('span', { class: 'space' }),
      other,
    ),
    element(
      'div',
      { class: 'desk' },
      view.stage,
      element('div', { class: 'panel' }, form.node, keyForm.node, view.answer),
    ),
    asked.node,
  );

/** A file becomes the picture; of a video the user chooses a frame first. */
async function open(file: File): Promise<void> {
  work?.abort();
  other.hidden = false;
  if (file.type.startsWith('video/')) {
    view.stage.replaceChildren(createFrameChooser(file, use, (sentence) => view.say(sentence, true)));
    view.say('Stop the video where you want to ask.');
    return;
  }
  use(await choosePicture(file, file.name === '' ? 'picture' : file.name));
}

function use(next: ChosenPicture): void {
  picture = next;
  view.showPicture(next);
  view.say('');
  form.focus();
}

function show({ picture: before, item }: Asked): void {
  work?.abort();
  picture = before;
  view.showPicture(before);
  view.showAnswer(item, true);
}

async function ask(question: AskedQuestion): Promise<void> {
  lastQuestion = question;
  if (picture === undefined) {
    view.say('Choose a picture first.', true);
    return;
  }
  work?.abort();
  const mine = (work = new AbortController());
  const about = picture;
  const { task, options } = question;
  form.setBusy(true);
  view.clear();
  view.say('Looking …');
  const answer = new LiveAnswer();
  const isMine = (): boolean => work === mine && !mine.signal.aborted;
  try {
    const parts = {
      task: task.name,
      picture: about.blob,
      pictureName: about.name,
      options,
      key: keyForm.key,
    };
    for await (const event of askServer(parts, mine.signal)) {
      answer.take(event);
      if (isMine()) view.showAnswer(answer.toItem(task.name, about.name), answer.isDone);
    }
    if (!answer.isDone) throw new Refusal('The answer broke off.');
    keep(about, answer.toItem(task.name, about.name));
  } catch (error) {
    if (mine.signal.aborted) view.say(work === mine ? 'Stopped.' : '');
    else tell(error);
  } finally {
    if (work === mine) form.setBusy(false);
  }
}

function keep(about: ChosenPicture, item: ResultItem): void {
  asked.add({ picture: about, item });
}

function tell(error: unknown): void {
  view.say(error instanceof Error ? error.message : String(error), true);
  if (error instanceof Refusal && error.needsKey) keyForm.ask();
}
