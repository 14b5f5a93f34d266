/** Whether an input is an address of http or https rather than a path. */
export function isPictureUrl(input: string): boolean {
  return /^https?:\/\//i.test(input);
}
