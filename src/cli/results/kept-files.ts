import type { KeptFile } from '../../base/files/write-unless-other.js';

/** Files in folders that were there with other content, as somebody may have edited them. */
export interface KeptFiles {
  /** Absent where files are to be replaced. */
  readonly onKept: KeptFile | undefined;
  /** A sentence about them; undefined when there are none. */
  readonly describe: () => string | undefined;
}

/** @param isOverwriting replace them without a word. */
export function keepFiles(isOverwriting: boolean): KeptFiles {
  const kept: string[] = [];
  return {
    onKept: isOverwriting ? undefined : (path) => void kept.push(path),
    describe: () => {
      const [first] = kept;
      if (first === undefined) return undefined;
      const which =
        kept.length === 1
          ? `${first} already existed with other content and was kept`
          : `${kept.length} files, such as ${first}, already existed with other content and were kept`;
      return `${which}; --overwrite replaces, --skip-existing asks nothing about such pictures.`;
    },
  };
}
