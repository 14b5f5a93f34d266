/** Whether a file is a picture, by the ending of its name. */
export function isPictureName(name: string): boolean {
  return /\.(?:jpe?g|jpe|jfif|png|webp|gif|avif|tiff?)$/i.test(name);
}
