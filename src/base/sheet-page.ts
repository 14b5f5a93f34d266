/** Pages that a contact sheet may be made for: a wide screen, or paper (A4 upright, 300 dots an inch). */
export const sheetPages = ['screen', 'a4'] as const;
export type SheetPage = (typeof sheetPages)[number];
