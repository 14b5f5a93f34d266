/** Words with a rule of their own in Stanford's PTBTokenizer 3.4.1, as asking it with a dictionary shows. */
export const ptbWords = {
  /** Endings that keep the name of a file together. */
  fileEndings:
    'bat|bmp|class|cgi|cpp|c|dll|docx|doc|exe|gif|gz|html|htm|h|java|jar|jpeg|jpg|mov|mp3|pdf|php|pl|png|ppt|ps|py|sql|tar|txt|wav|xml|x|zip',
  /** Abbreviations that keep their full stop and never end a sentence. */
  titles:
    'adj|adm|adv|alex|assoc|asst|atty|ave|brig|capt|cf|cie|cmdr|col|comdr|cpl|dept|drs?|ens|ft|gen|gov|hon|insp|invt|jos|lieut|lt|maj|messrs|mlle|mme|mr|mrs|ms|msgr|mt|natl|pfc|ph|pres|profs?|pvt|reps?|rev|sens?|sgt|spc|ste?|supt|treas|vs|wm',
  /** Abbreviations that may end a sentence. */
  closers:
    'ala?|apr|ariz|assn|aug|bldg|blvd|bros|calif|co|colo|conn|corp|cos|ct|dak|dec|esq|est|etc|ext|feb|fla|fri|ga|inc|ind|intl|jan|jr|jul|jun|kans?|ky|ltd|mar|md|mich|minn|mo|mont?|neb|nev|nov|oct|okla|penn|plc|rd|rt|sept?|seq|sq|sr|tel|tenn|thu|thurs|tue|tues|univ|va|vt|wed|wisc?|wyo',
  /** The same, where small letters make another word. */
  capitalClosers:
    'Ark|ARK|Az|AZ|Del|DEL|Ill|ILL|La|LA|Mass|MASS|Miss|MISS|Ore|ORE|Pa|PA|Wash|WASH|[pP]ty|[tT]ex|TEX',
  /** Abbreviations only before a number. */
  beforeNumber: 'art|figs?|nos?|op|pp|prop|ca',
  /** A single letter with a full stop ends its sentence before these. */
  sentenceStarts:
    'A|About|After|An|As|At|But|Earlier|He|Her|Here|However|If|In|It|Last|Many|More|Mr\\.|Ms\\.|Now|Once|One|Other|Our|She|Since|So|Some|Such|That|The|Their|Then|There|These|They|This|We|What|When|While|Yet|You',
  /** Words with an apostrophe for what is left out, straight or curly. */
  elisions: "'n'|'n(?!\\p{L})|l'|d'|j'|dunkin'|somethin'|ol'|'em|'cause|'till?|d'you|d'ye|d'ya|c'est",
  /** The same, where the apostrophe has to be straight. */
  apostropheWords: "c'mon|s'mores|ev'ry|li'l|nat'l|nor'easter|e'er|cont'd\\.",
} as const;

/** A pattern with each of its small letters in either case; escapes stay. */
export function ignoreCase(pattern: string): string {
  return pattern.replace(/\\p\{L\}|\\.|[a-z]/g, (part) =>
    part.length > 1 ? part : `[${part}${part.toUpperCase()}]`,
  );
}

/** A list of words as a pattern: each in small letters, in capitals, and with a capital first. */
export function inAnyCase(list: string): string {
  return list
    .split('|')
    .flatMap((word) => [word, word[0].toUpperCase() + word.slice(1), word.toUpperCase()])
    .join('|');
}

/** A list of words that begin with a capital as a pattern: as they are, and in capitals. */
export function inCapitals(list: string): string {
  return `${list}|${list.toUpperCase()}`;
}
