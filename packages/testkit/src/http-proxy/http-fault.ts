import type { Gate } from '../gate.ts';

/** What happens to one request or to its reply. "Forwarded" means that the server behind the proxy got the whole request and answered. */
export type HttpFault =
  /** Never forwarded, and never answered: the socket stays open. */
  | { readonly kind: 'drop-request' }
  /** Forwarded, and never answered: the socket stays open. */
  | { readonly kind: 'drop-reply' }
  /** Forwarded after so many milliseconds or when the gate opens, even where the sender has gone meanwhile. */
  | { readonly kind: 'delay-request'; readonly until: number | Gate }
  /** Forwarded at once, and answered after so many milliseconds or when the gate opens. */
  | { readonly kind: 'delay-reply'; readonly until: number | Gate }
  /** Never forwarded; the connection ends in a reset (RST) or a plain end (FIN). */
  | { readonly kind: 'cut-request'; readonly by: 'reset' | 'end' }
  /** Forwarded; the connection then ends in a reset (RST) or a plain end (FIN), without a byte of the reply. */
  | { readonly kind: 'cut-reply'; readonly by: 'reset' | 'end' }
  /** Forwarded; the reply announces its full length, and the connection ends (FIN) in the middle of the body. */
  | { readonly kind: 'truncate-reply' }
  /** Forwarded twice, one after the other; the second reply is given. HTTP allows no second reply to one request. */
  | { readonly kind: 'duplicate-request' }
  /** An error of the service in place of the reply; forwarded before that where `forwarded` is true. */
  | {
      readonly kind: 'replace-reply';
      readonly forwarded: boolean;
      readonly status: number;
      /** The name of the exception, without its namespace; none makes a body that no service would send. */
      readonly type?: string;
      readonly message?: string;
      /** More members of the error, such as `CancellationReasons`. */
      readonly more?: Readonly<Record<string, unknown>>;
    }
  /** Forwarded; answered with the server's status, and a body that is no JSON. */
  | { readonly kind: 'garbage-reply' }
  /** Forwarded; answered with 200 and no body at all. */
  | { readonly kind: 'empty-reply' }
  /** Forwarded; answered in full, but for `x-amz-crc32`, which is wrong. */
  | { readonly kind: 'wrong-checksum' };

export interface HttpMatch {
  /** The operation of `x-amz-target`, such as `PutItem`. */
  readonly operation?: string | RegExp;
  /** What the body holds. */
  readonly body?: string | RegExp;
}

export interface HttpRule {
  /** Requests that match in all that is given here; every request where nothing is. */
  readonly match?: HttpMatch;
  /** So many matching requests pass before the rule acts; 0 by default. */
  readonly skip?: number;
  /** On so many requests the rule acts; on all by default. */
  readonly times?: number;
  readonly do: HttpFault;
}
