/** An address without the password it may contain. */
export function hidePassword(address: string): string {
  return address.replace(/^([a-z]+:\/\/[^/@:]*:)[^/]*@/i, '$1***@');
}
