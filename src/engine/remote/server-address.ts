/** Where a server listens, and how to be let in. */
export interface ServerAddress {
  /** For messages. */
  readonly name: string;
  /** A Unix socket; `url` otherwise. */
  readonly socketPath?: string;
  /** http or https. */
  readonly url?: URL;
  /** Its key, or the secret of its runtime file. */
  readonly secret?: string | undefined;
}
