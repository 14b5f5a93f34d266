/** What pali writes into a sidecar. */
export type XmpProperty = 'description' | 'subject' | 'regions';

/** A property and its value as XML, such as `<dc:description>...</dc:description>`. */
export type XmpProperties = ReadonlyMap<XmpProperty, string>;

/** A sidecar with what was added. */
export interface MergedXmp {
  /** Undefined when nothing changes. */
  readonly text?: string;
  /** Properties of an earlier run that differ, and were kept. */
  readonly keptOwn: readonly XmpProperty[];
  /** Properties of another program, which were kept. */
  readonly keptOthers: readonly XmpProperty[];
  /** The file has a form that nothing can be added to. */
  readonly isStrange?: boolean;
}

const NAMESPACES = {
  dc: 'http://purl.org/dc/elements/1.1/',
  'mwg-rs': 'http://www.metadataworkinggroup.com/schemas/regions/',
  stArea: 'http://ns.adobe.com/xmp/sType/Area#',
  stDim: 'http://ns.adobe.com/xap/1.0/sType/Dimensions#',
};
const RDF = 'http://www.w3.org/1999/02/22-rdf-syntax-ns#';

/** The properties by their names in their namespaces. */
const names: Readonly<Record<XmpProperty, readonly [namespace: string, name: string]>> = {
  description: [NAMESPACES.dc, 'description'],
  subject: [NAMESPACES.dc, 'subject'],
  regions: [NAMESPACES['mwg-rs'], 'Regions'],
};
const prefixes: Readonly<Record<XmpProperty, readonly (keyof typeof NAMESPACES)[]>> = {
  description: ['dc'],
  subject: ['dc'],
  regions: ['mwg-rs', 'stArea', 'stDim'],
};

/**
 * Put properties into a sidecar. Each stands in an rdf:Description of its own between comments, so that a later run
 * finds what an earlier one wrote. Everything else in the file stays as it is, byte for byte: a property that another
 * program wrote is kept, and pali's is left out.
 *
 * @param old undefined where there is no file.
 * @param isOverwriting replace what an earlier run wrote, if it differs.
 */
export function mergeXmp(
  old: string | undefined,
  properties: XmpProperties,
  isOverwriting: boolean,
): MergedXmp {
  let text = old ?? emptySidecar();
  const about = /\srdf:about\s*=\s*("[^"]*"|'[^']*')/.exec(text)?.[1] ?? '""';
  const end = [...text.matchAll(/<\/rdf:RDF\s*>/g)];
  if (end.length !== 1 || !text.includes(RDF) || text.includes('\ufffd')) {
    return { keptOwn: [], keptOthers: [], isStrange: true };
  }
  const keptOwn: XmpProperty[] = [];
  const keptOthers: XmpProperty[] = [];
  for (const [property, value] of properties) {
    const block = formatBlock(property, value, about);
    const own = ownBlock(property).exec(text)?.[0];
    if (own === block) continue;
    if (own !== undefined) {
      if (isOverwriting) text = text.replace(own, () => block);
      else keptOwn.push(property);
    } else if (hasProperty(text, property)) keptOthers.push(property);
    else text = text.replace(/[ \t]*<\/rdf:RDF\s*>/, (close) => `  ${block}\n${close}`);
  }
  return { ...(text !== old && { text }), keptOwn, keptOthers };
}

function emptySidecar(): string {
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<x:xmpmeta xmlns:x="adobe:ns:meta/" x:xmptk="pali">',
    ` <rdf:RDF xmlns:rdf="${RDF}">`,
    ' </rdf:RDF>',
    '</x:xmpmeta>',
    '',
  ].join('\n');
}

function formatBlock(property: XmpProperty, value: string, about: string): string {
  const spaces = prefixes[property].map((prefix) => `xmlns:${prefix}="${NAMESPACES[prefix]}"`);
  const start = `<rdf:Description rdf:about=${about} ${spaces.join(' ')}>`;
  return `<!-- pali: ${property} -->${start}${value}</rdf:Description><!-- /pali: ${property} -->`;
}

function ownBlock(property: XmpProperty): RegExp {
  return new RegExp(`<!-- pali: ${property} -->[\\s\\S]*?<!-- /pali: ${property} -->`);
}

/** Whether a property is in the file, as an element or an attribute, whatever its prefix is there. */
function hasProperty(text: string, property: XmpProperty): boolean {
  const [namespace, name] = names[property];
  return [...text.matchAll(/xmlns:([\w.-]+)\s*=\s*["']([^"']*)["']/g)].some(
    ([, prefix, found]) =>
      found === namespace && new RegExp(`[<\\s]${prefix.replaceAll('.', '\\.')}:${name}[\\s=/>]`).test(text),
  );
}
