/** What an element is made with: attributes; `class`; listeners under `on`. Absent values are left out. */
export interface ElementParts {
  readonly class?: string;
  readonly on?: Readonly<Record<string, (event: Event) => void>>;
  readonly [attribute: string]: unknown;
}

type Child = Node | string | undefined;

/** An HTML element. Texts become text, never markup. */
export function element<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  parts: ElementParts = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[Name] {
  return fill(document.createElement(name), parts, children);
}

/** An SVG element. */
export function svgElement<Name extends keyof SVGElementTagNameMap>(
  name: Name,
  parts: ElementParts = {},
  ...children: readonly Child[]
): SVGElementTagNameMap[Name] {
  return fill(document.createElementNS('http://www.w3.org/2000/svg', name), parts, children);
}

/** A button that looks like a button. */
export function button(text: string, onClick: () => void, parts: ElementParts = {}): HTMLButtonElement {
  return element('button', { type: 'button', ...parts, on: { click: onClick } }, text);
}

function fill<Made extends Element>(
  node: Made,
  { on = {}, ...attributes }: ElementParts,
  children: readonly Child[],
): Made {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === true) node.setAttribute(name, '');
    else if (typeof value === 'string' || typeof value === 'number') node.setAttribute(name, String(value));
  }
  for (const [type, listener] of Object.entries(on)) node.addEventListener(type, listener);
  node.append(...children.filter((child) => child !== undefined));
  return node;
}
