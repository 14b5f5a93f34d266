import { button, element } from '../element.js';
import { pageTasks, type PageTask } from './tasks.js';

/** What the user asks. */
export interface AskedQuestion {
  readonly task: PageTask;
  readonly options: Readonly<Record<string, string>>;
}

/** The tasks, the words, and the button. */
export interface QuestionForm {
  readonly node: HTMLElement;
  /** While an answer comes the button stops it. */
  setBusy(isBusy: boolean): void;
  focus(): void;
}

export function createQuestionForm(
  onAsk: (question: AskedQuestion) => void,
  onStop: () => void,
): QuestionForm {
  let task = pageTasks[0];
  let isBusy = false;
  const words = element('input', {
    type: 'text',
    autocomplete: 'off',
    'aria-label': 'Words',
    maxlength: 2000,
  });
  const languageWord = element('input', { type: 'text', value: 'en', maxlength: 12 });
  const language = element('label', { class: 'language' }, 'Language', languageWord);
  const submit = element('button', { type: 'submit', class: 'primary' }, 'Ask');
  const choices = pageTasks.map((one) => {
    const choice = button(one.title, () => choose(one), { class: 'task' });
    return { one, choice };
  });
  const choose = (chosen: PageTask): void => {
    task = chosen;
    for (const { one, choice } of choices) choice.setAttribute('aria-pressed', String(one === task));
    words.hidden = task.field === undefined;
    words.placeholder = task.placeholder ?? '';
    language.hidden = task.hasLanguage !== true;
    if (!words.hidden) words.focus();
  };
  const ask = (): void => {
    const text = words.value.trim();
    if (task.field !== undefined && text === '') {
      words.focus();
      return;
    }
    onAsk({
      task,
      options: {
        ...(task.field !== undefined && { [task.field]: text }),
        ...(task.hasLanguage && languageWord.value.trim() !== '' && { lang: languageWord.value.trim() }),
      },
    });
  };
  choose(task);
  const tasks = element(
    'div',
    { class: 'tasks', role: 'group', 'aria-label': 'Task' },
    ...choices.map(({ choice }) => choice),
  );
  return {
    node: element(
      'form',
      {
        on: {
          submit: (event) => {
            event.preventDefault();
            if (isBusy) onStop();
            else ask();
          },
        },
      },
      tasks,
      element('div', { class: 'words' }, words, language, submit),
    ),
    setBusy: (next) => {
      isBusy = next;
      submit.textContent = isBusy ? 'Stop' : 'Ask';
    },
    focus: () => (words.hidden ? submit : words).focus(),
  };
}
