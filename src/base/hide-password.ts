/** An address without the password that may stand in it. */
export function hidePassword(address: string): string {
  return address.replace(/^([a-z]+:\/\/[^/@:]*:)[^/]*@/i, '$1***@');
}
