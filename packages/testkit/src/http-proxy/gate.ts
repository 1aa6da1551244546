/** What a delayed message waits for: closed when made, and open for ever once `open()` was called. */
export interface Gate {
  readonly opened: Promise<void>;
  open(): void;
}

/** A gate that a test opens when the message may go on: `{ kind: 'delay-request', until: gate }`. */
export function makeGate(): Gate {
  let open = (): void => undefined;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open };
}
