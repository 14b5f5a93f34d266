/** What a terminal would act on, or show in another place. */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;

/**
 * A word as it can be pasted into a shell: a POSIX one, or those of Windows. Control characters are spelled out as
 * bash, zsh and ksh read them.
 */
export function quoteForShell(word: string, platform: NodeJS.Platform = process.platform): string {
  if (/^[\w./-][\w./:=,+@~-]*$/.test(word)) return word;
  if (platform === 'win32') return `"${word.replace(/["\r\n]/g, '')}"`;
  if (!UNPRINTABLE.test(word)) return `'${word.replaceAll("'", `'\\''`)}'`;
  const spelled = [...word].map((char) => {
    if (char === "'" || char === '\\') return `\\${char}`;
    if (!UNPRINTABLE.test(char)) return char;
    return `\\u${char.codePointAt(0)!.toString(16).padStart(4, '0')}`;
  });
  return `$'${spelled.join('')}'`;
}
