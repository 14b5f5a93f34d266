import { editDistance } from '../base/nearest-name.js';
import { UsageError } from '../base/errors.js';
import { stripControl } from '../base/strip-control.js';

/** A language that PaliGemma was trained to answer in. */
export interface Language {
  /** As written in the prompt. */
  readonly code: string;
  readonly english: string;
  readonly native: string;
}

/** The 35 languages of COCO-35L, COCO's captions translated, by code. */
export const languages: readonly Language[] = [
  { code: 'ar', english: 'Arabic', native: 'العربية' },
  { code: 'bn', english: 'Bengali', native: 'বাংলা' },
  { code: 'cs', english: 'Czech', native: 'čeština' },
  { code: 'da', english: 'Danish', native: 'dansk' },
  { code: 'de', english: 'German', native: 'Deutsch' },
  { code: 'el', english: 'Greek', native: 'ελληνικά' },
  { code: 'en', english: 'English', native: 'English' },
  { code: 'es', english: 'Spanish', native: 'español' },
  { code: 'fa', english: 'Persian', native: 'فارسی' },
  { code: 'fi', english: 'Finnish', native: 'suomi' },
  { code: 'fil', english: 'Filipino', native: 'Filipino' },
  { code: 'fr', english: 'French', native: 'français' },
  { code: 'he', english: 'Hebrew', native: 'עברית' },
  { code: 'hi', english: 'Hindi', native: 'हिन्दी' },
  { code: 'hr', english: 'Croatian', native: 'hrvatski' },
  { code: 'hu', english: 'Hungarian', native: 'magyar' },
  { code: 'id', english: 'Indonesian', native: 'Bahasa Indonesia' },
  { code: 'it', english: 'Italian', native: 'italiano' },
  { code: 'ja', english: 'Japanese', native: '日本語' },
  { code: 'ko', english: 'Korean', native: '한국어' },
  { code: 'mi', english: 'Maori', native: 'te reo Māori' },
  { code: 'nl', english: 'Dutch', native: 'Nederlands' },
  { code: 'no', english: 'Norwegian', native: 'norsk' },
  { code: 'pl', english: 'Polish', native: 'polski' },
  { code: 'pt', english: 'Portuguese', native: 'português' },
  { code: 'ro', english: 'Romanian', native: 'română' },
  { code: 'ru', english: 'Russian', native: 'русский' },
  { code: 'sv', english: 'Swedish', native: 'svenska' },
  { code: 'sw', english: 'Swahili', native: 'Kiswahili' },
  { code: 'te', english: 'Telugu', native: 'తెలుగు' },
  { code: 'th', english: 'Thai', native: 'ไทย' },
  { code: 'tr', english: 'Turkish', native: 'Türkçe' },
  { code: 'uk', english: 'Ukrainian', native: 'українська' },
  { code: 'vi', english: 'Vietnamese', native: 'Tiếng Việt' },
  { code: 'zh', english: 'Chinese', native: '中文' },
];

/** Longest language that is worth comparing with the list, characters; the longest name has 16. */
const MAX_LANGUAGE_CHARACTERS = 32;

/**
 * The language of a code, case ignored.
 * @throws {UsageError} no such code; the hint names the language that was probably meant.
 */
export function checkLanguage(code: string): Language {
  const wanted = code.trim().toLowerCase();
  const language = languages.find((one) => one.code === wanted);
  if (language !== undefined) return language;
  const nearest = findNearest(wanted);
  const shown = stripControl(code).slice(0, MAX_LANGUAGE_CHARACTERS);
  throw new UsageError('UNKNOWN_LANGUAGE', `PaliGemma knows no language "${shown}".`, {
    hint:
      nearest === undefined
        ? `Languages: ${languages.map((one) => one.code).join(' ')}.`
        : `Did you mean ${nearest.code} (${nearest.english})?`,
  });
}

/** By its name, written with a mistake or two; by a code with a region; else by a code one letter off. */
function findNearest(wanted: string): Language | undefined {
  if (wanted === '' || wanted.length > MAX_LANGUAGE_CHARACTERS) return undefined;
  const [base] = wanted.split(/[-_]/, 1);
  const distance = ({ code, english, native }: Language): number => {
    if (code === base) return 0;
    const names = [english, native].map((name) => editDistance(wanted, name.toLowerCase()));
    return Math.min(...names, editDistance(wanted, code) + 0.5);
  };
  const [best] = languages
    .map((language) => ({ language, far: distance(language) }))
    .sort((a, b) => a.far - b.far);
  return best.far <= Math.max(1.5, wanted.length / 3) ? best.language : undefined;
}
