/** What is used of the driver's control connection, which is no part of its declarations. */
export interface ControlConnection {
  readonly connection: object | null;
  _refresh(plan?: object): Promise<void>;
}

/**
 * Has the control connection learn of the cluster again once at a time. The driver begins anew while it is at it, takes the
 * connection from under its first attempt, and the error of that, which nobody catches, ends the process (NODEJS-681;
 * lib/control-connection.js).
 */
export function refreshOnceAtATime(control: ControlConnection): void {
  const refresh = control._refresh.bind(control);
  let running = false;
  let askedAgain = false;
  const refreshAll = async (): Promise<void> => {
    do {
      askedAgain = false;
      await refresh();
      // Where it found none it has set itself a timer.
    } while (askedAgain && control.connection !== null);
  };
  control._refresh = async (plan) => {
    // With a plan it is a running one that goes on with the next host.
    if (plan !== undefined) return refresh(plan);
    askedAgain = running;
    if (running) return;
    running = true;
    try {
      await refreshAll();
    } finally {
      running = false;
    }
  };
}
