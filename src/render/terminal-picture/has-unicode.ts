/**
 * Whether a terminal shows characters beyond ASCII: unless its locale names another charset, or it is the Linux
 * console or a dumb terminal. Without any locale it is taken to, as in containers, where none is set.
 */
export function hasUnicode(env: Readonly<Record<string, string | undefined>>): boolean {
  if (env['TERM'] === 'linux' || env['TERM'] === 'dumb') return false;
  const locale = env['LC_ALL'] || env['LC_CTYPE'] || env['LANG'] || '';
  const [, charset] = /\.([^@]*)/.exec(locale) ?? [];
  if (charset !== undefined) return /^utf-?8$/i.test(charset);
  // Glibc's locales of the euro are ISO 8859-15.
  return !/^(?:C|POSIX)$|@euro$/.test(locale);
}
