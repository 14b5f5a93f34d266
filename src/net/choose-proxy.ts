import type { ProxySettings } from '../hub/proxy-settings.js';

/**
 * The proxy of the environment that leads to a host; undefined when none is to be used. NO_PROXY is read as undici
 * reads it for pictures: names with or without a leading dot or `*.` mean their subdomains too, `*` means all.
 *
 * @param host without brackets.
 */
export function chooseProxy(
  {
    protocol,
    host,
    port,
  }: { readonly protocol: 'http' | 'https'; readonly host: string; readonly port: number },
  settings: ProxySettings | undefined,
): URL | undefined {
  const address = protocol === 'https' ? settings?.httpsProxy : settings?.httpProxy;
  if (address === undefined) return undefined;
  const entries = (settings?.noProxy ?? '').toLowerCase().split(/[,\s]/);
  const name = host.includes(':') ? `[${host}]` : host.toLowerCase();
  const isExcepted = entries.some((entry) => {
    if (entry === '*') return true;
    const [, given = entry, onlyPort = ''] = /^(.+):(\d+)$/.exec(entry) ?? [];
    const wanted = given.replace(/^\*?\./, '');
    if (wanted === '' || (onlyPort !== '' && Number(onlyPort) !== port)) return false;
    return name === wanted || name.endsWith(`.${wanted}`);
  });
  return isExcepted ? undefined : new URL(address);
}
