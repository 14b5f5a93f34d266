import { readFileSync } from 'node:fs';

/** The layouts in which a checkpoint's tensors are named on disk. */
export const layoutNames = ['hub', 'hub+head', 'v4.52', 'v5', 'v5-fresh'] as const;
export type LayoutName = (typeof layoutNames)[number];

/** One tensor's names: transformers' own, and that of each layout, null where the layout leaves it out. */
export type LayoutRow = { readonly canonical: string } & Readonly<Record<LayoutName, string | null>>;

/** fixtures/reference/key-layouts.json, by checkpoint. */
export function readKeyLayouts(): Record<'pg1-tiny' | 'pg2-tiny', readonly LayoutRow[]> {
  const url = new URL('../../../fixtures/reference/key-layouts.json', import.meta.url);
  return JSON.parse(readFileSync(url, 'utf8')) as ReturnType<typeof readKeyLayouts>;
}
