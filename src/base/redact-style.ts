/** Ways to make an area of a picture unrecognisable. */
export const redactStyles = ['blur', 'box', 'pixelate'] as const;
export type RedactStyle = (typeof redactStyles)[number];
