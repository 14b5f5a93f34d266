import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

const IMPORT = /^import \{([^}]*)\} from '([^']+)';$/gm;
const EXPORT = /^export (?=(?:async function\*?|function\*?|const|class) ([\w$]+))/gm;

/**
 * Compiled modules as one text that needs no other file: a page that is a file by itself can load none. Each module
 * becomes a function that gives what it exports; those that it imports stand before it. Modules import and export by
 * name, in the compiler's own way of writing; there are no circles.
 *
 * @param entry path of the module that the others are for.
 * @throws {Error} a module is written in another way: a bug of ours.
 */
export function joinModules(entry: string): string {
  const names = new Map<string, string>();
  const parts: string[] = [];
  const add = (path: string): string => {
    const known = names.get(path);
    if (known !== undefined) return known;
    const source = readFileSync(path, 'utf8').replace(/^\/\/# sourceMappingURL=.*$/gm, '');
    const body = source.replace(IMPORT, (_, list: string, target: string) => {
      const from = add(resolve(dirname(path), target));
      return `const {${list.replace(/(\S+) as (\S+)/g, '$1: $2')}} = ${from};`;
    });
    const exported = [...body.matchAll(EXPORT)].map(([, name]) => name);
    const inner = body.replace(EXPORT, '').replace(/^export \{\};$/m, '');
    if (/^(?:import|export)\b/m.test(inner)) throw new Error(`${path} imports or exports in an unknown way.`);
    const name = `module${names.size}`;
    names.set(path, name);
    parts.push(`const ${name} = (() => {\n${inner.trim()}\nreturn { ${exported.join(', ')} };\n})();`);
    return name;
  };
  add(resolve(entry));
  return `${parts.join('\n')}\n`;
}
