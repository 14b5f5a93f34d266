import { button, element } from '../element.js';
import type { Filter } from './filter-items.js';

/** Labels beyond these are found by the words. */
const MAX_CHIPS = 40;

const markChoices: readonly (readonly [Filter['mark'], string])[] = [
  ['all', 'All'],
  ['unmarked', 'Unmarked'],
  ['accepted', 'Accepted'],
  ['rejected', 'Rejected'],
  ['failed', 'Failed'],
];

/** What the bar is made from. */
export interface FilterBarParts {
  readonly labels: readonly (readonly [label: string, count: number])[];
  readonly colorOf: (label: string) => string;
  readonly onChange: (change: Partial<Filter>) => void;
}

/** Words, marks, score and labels to choose by. */
export function createFilterBar({ labels, colorOf, onChange }: FilterBarParts): HTMLElement {
  const words = element('input', {
    type: 'search',
    placeholder: 'Find in names and answers',
    'aria-label': 'Find in names and answers',
    on: { input: () => onChange({ words: words.value.trim() }) },
  });
  const mark = element(
    'select',
    { 'aria-label': 'Marks', on: { change: () => onChange({ mark: mark.value as Filter['mark'] }) } },
    ...markChoices.map(([value, text]) => element('option', { value }, text)),
  );
  const hasObjects = labels.length > 0;
  return element(
    'div',
    { class: 'filters' },
    words,
    mark,
    hasObjects ? scoreSlider(onChange) : undefined,
    hasObjects ? labelChips(labels, colorOf, onChange) : undefined,
  );
}

function scoreSlider(onChange: FilterBarParts['onChange']): HTMLElement {
  const shown = element('output', {}, '0.00');
  const slider = element('input', {
    type: 'range',
    min: 0,
    max: 1,
    step: 0.01,
    value: 0,
    on: {
      input: () => {
        shown.textContent = Number(slider.value).toFixed(2);
        onChange({ minScore: Number(slider.value) });
      },
    },
  });
  return element('label', { class: 'slider' }, 'Score from', slider, shown);
}

function labelChips(
  labels: FilterBarParts['labels'],
  colorOf: FilterBarParts['colorOf'],
  onChange: FilterBarParts['onChange'],
): HTMLElement {
  const chosen = new Set<string>();
  const chips = labels.slice(0, MAX_CHIPS).map(([label, count]) => {
    const swatch = element('i', { class: 'swatch', 'aria-hidden': 'true' });
    swatch.style.background = colorOf(label);
    const chip = button(
      '',
      () => {
        const isChosen = !chosen.delete(label);
        if (isChosen) chosen.add(label);
        chip.setAttribute('aria-pressed', String(isChosen));
        onChange({ labels: new Set(chosen) });
      },
      { class: 'chip', 'aria-pressed': 'false' },
    );
    chip.append(swatch, element('span', {}, label), element('small', {}, String(count)));
    return chip;
  });
  const left = labels.length - chips.length;
  if (left > 0) chips.push(button(`and ${left} more`, () => undefined, { class: 'chip', disabled: true }));
  return element('div', { class: 'chips', role: 'group', 'aria-label': 'Labels' }, ...chips);
}
