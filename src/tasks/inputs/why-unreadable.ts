/** Why a file could not be read, as the end of a sentence. */
export function whyUnreadable(cause: unknown): string {
  const { code = '', message = String(cause) } = cause as NodeJS.ErrnoException;
  switch (code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return 'there is no such file.';
    case 'EISDIR':
      return 'it is a folder.';
    case 'EACCES':
    case 'EPERM':
      return 'you have no permission.';
    default:
      return `${message}.`;
  }
}
