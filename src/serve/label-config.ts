/** What annotators are asked to do with a picture: one control of a Label Studio configuration. */
export interface LabelControl {
  readonly kind: 'rectanglelabels' | 'brushlabels' | 'textarea';
  /** The control's own name, and the picture's. */
  readonly fromName: string;
  readonly toName: string;
  /** The field of a task's data that names the picture. */
  readonly dataField: string;
  /** What to look for -> the label that stands for it; empty for a text. */
  readonly things: ReadonlyMap<string, string>;
}

/** Longest configuration accepted, characters. */
const MAX_CONFIG = 200_000;
const KINDS: Readonly<Record<string, LabelControl['kind']>> = {
  RectangleLabels: 'rectanglelabels',
  BrushLabels: 'brushlabels',
  TextArea: 'textarea',
};

interface Tag {
  readonly name: string;
  readonly isEnd: boolean;
  readonly attributes: ReadonlyMap<string, string>;
}

/**
 * The controls in a Label Studio configuration (XML) that pali can fill. A label is looked for by its name in lower
 * case, or by its `predicted_values` (`car,truck`).
 */
export function readLabelConfig(xml: string): LabelControl[] {
  const tags = readTags(xml.slice(0, MAX_CONFIG));
  const pictures = new Map<string, string>();
  for (const { name, attributes } of tags) {
    const field = /^\$(\w+)$/.exec(attributes.get('value') ?? '')?.[1];
    if (name === 'Image' && field !== undefined) pictures.set(attributes.get('name') ?? '', field);
  }
  return tags.flatMap((tag, i) => {
    const kind = Object.hasOwn(KINDS, tag.name) ? KINDS[tag.name] : undefined;
    const toName = tag.attributes.get('toName') ?? '';
    const dataField = pictures.get(toName);
    if (kind === undefined || tag.isEnd || dataField === undefined) return [];
    const things = kind === 'textarea' ? new Map<string, string>() : readThings(tags.slice(i + 1), tag.name);
    return [{ kind, fromName: tag.attributes.get('name') ?? '', toName, dataField, things }];
  });
}

/** The labels up to the end of their control. */
function readThings(tags: readonly Tag[], control: string): Map<string, string> {
  const end = tags.findIndex(({ name, isEnd }) => name === control && isEnd);
  const things = new Map<string, string>();
  for (const { name, attributes } of tags.slice(0, Math.max(0, end))) {
    const label = attributes.get('value');
    if (name !== 'Label' || label === undefined) continue;
    const predicted = attributes.get('predicted_values')?.split(',') ?? [label.toLowerCase()];
    for (const thing of predicted.map((one) => one.trim().replaceAll(';', ' ')))
      if (thing !== '') things.set(thing, label);
  }
  return things;
}

function readTags(xml: string): Tag[] {
  const withoutComments = xml.replace(/<!--[^]*?-->/g, '');
  return Array.from(withoutComments.matchAll(/<(\/?)(\w+)([^<>]*)>/g), ([, slash, name, rest]) => ({
    name,
    isEnd: slash === '/',
    attributes: new Map(
      Array.from(rest.matchAll(/([\w-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g), ([, key, double, single]) => [
        key,
        unescapeXml(double ?? single),
      ]),
    ),
  }));
}

const ENTITIES: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

function unescapeXml(text: string): string {
  return text.replace(/&(?:#(\d{1,6})|#x([\da-f]{1,5})|(\w+));/gi, (whole, decimal, hex, name: string) => {
    const code =
      decimal === undefined ? (hex === undefined ? undefined : parseInt(String(hex), 16)) : Number(decimal);
    if (code !== undefined) return code <= 0x10ffff ? String.fromCodePoint(code) : '';
    return ENTITIES[name] ?? whole;
  });
}
