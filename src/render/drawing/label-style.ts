/** What is written at a box: its class, its class and score, or nothing. */
export const labelStyles = ['name', 'score', 'none'] as const;
export type LabelStyle = (typeof labelStyles)[number];
