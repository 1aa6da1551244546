/** How long a slow process runs and how long it then stands still, again and again, in milliseconds. */
export interface DutyCycle {
  readonly runMs: number;
  readonly pausedMs: number;
}

/** What is stopped and continued. */
export interface Pausable {
  pause(): void;
  resume(): void;
}

/**
 * Pauses and resumes a process in turns, a pause first, until the function that it returns is called. That one leaves the
 * process running, and does nothing when called again.
 */
export function startDutyCycle(process: Pausable, { runMs, pausedMs }: DutyCycle): () => void {
  let timer: NodeJS.Timeout;
  let ended = false;
  const pause = (): void => {
    process.pause();
    timer = setTimeout(run, pausedMs);
  };
  const run = (): void => {
    process.resume();
    timer = setTimeout(pause, runMs);
  };
  pause();
  return () => {
    if (ended) return;
    ended = true;
    clearTimeout(timer);
    process.resume();
  };
}
