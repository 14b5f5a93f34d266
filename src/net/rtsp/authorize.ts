import { createHash, randomBytes } from 'node:crypto';

/** A name and a password. */
export interface Login {
  readonly name: string;
  readonly password: string;
}

/**
 * The Authorization field that answers a server's challenges: Digest (RFC 7616, MD5 and SHA-256), else Basic.
 * @param challenges the values of its WWW-Authenticate fields.
 * @returns undefined when none of them is known.
 */
export function authorize(
  challenges: readonly string[],
  { name, password }: Login,
  { method, url }: { readonly method: string; readonly url: string },
): string | undefined {
  const digest = challenges
    .filter((challenge) => /^digest /i.test(challenge))
    .map(parametersOf)
    .find(isKnown);
  if (digest === undefined) {
    const isBasic = challenges.some((challenge) => /^basic\b/i.test(challenge));
    return isBasic ? `Basic ${Buffer.from(`${name}:${password}`).toString('base64')}` : undefined;
  }
  const { realm = '', nonce = '', opaque, algorithm, qop } = digest;
  const hash = (text: string): string =>
    createHash(/sha-256/i.test(algorithm ?? '') ? 'sha256' : 'md5')
      .update(text)
      .digest('hex');
  const who = hash(`${name}:${realm}:${password}`);
  const what = hash(`${method}:${url}`);
  const cnonce = randomBytes(8).toString('hex');
  const isCounted = qop?.split(',').some((one) => one.trim() === 'auth') === true;
  const middle = isCounted ? `${nonce}:00000001:${cnonce}:auth` : nonce;
  return [
    `Digest username="${name}", realm="${realm}", nonce="${nonce}", uri="${url}"`,
    `response="${hash(`${who}:${middle}:${what}`)}"`,
    ...(opaque === undefined ? [] : [`opaque="${opaque}"`]),
    ...(algorithm === undefined ? [] : [`algorithm=${algorithm}`]),
    ...(isCounted ? ['qop=auth', 'nc=00000001', `cnonce="${cnonce}"`] : []),
  ].join(', ');
}

function isKnown({ algorithm = 'MD5', qop = 'auth' }: Readonly<Record<string, string>>): boolean {
  return /^(md5|sha-256)$/i.test(algorithm) && /(^|,)\s*auth\s*(,|$)/.test(qop);
}

function parametersOf(challenge: string): Readonly<Record<string, string>> {
  const pairs = challenge.matchAll(/(?:^|[\s,])(\w+)=(?:"([^"]*)"|([^\s,]+))/g);
  return Object.fromEntries(
    Array.from(pairs, ([, key, quoted, plain]) => [key.toLowerCase(), quoted ?? plain]),
  );
}
