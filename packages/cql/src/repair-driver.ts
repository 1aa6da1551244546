/**
 * What is used of the driver's control connection (lib/control-connection.js of 4.9 and 4.10), which is no part of its
 * declarations.
 */
export interface ControlConnection {
  readonly connection: DriverConnection | null;
  readonly hosts: { on(event: 'remove', listener: (host: DriverHost) => void): unknown };
  readonly _isShuttingDown: boolean;
  _reconnectionPolicy: ReconnectionPolicy;
  _reconnectionSchedule: Iterator<number>;
  _createConnection(contactPoint: string): Promise<DriverConnection>;
  _refresh(plan?: object): Promise<void>;
  shutdown(): void;
}

interface ReconnectionPolicy {
  newSchedule(): Iterator<number>;
}

interface DriverHost {
  shutdown(waitForPending: boolean): Promise<void>;
}

interface DriverConnection {
  close(): void;
}

/**
 * Puts right what the driver does wrong where its connections are lost, and what keeps a process alive after `shutdown()`.
 * Does nothing to a driver that has no such control connection.
 */
export function repairDriver(control: ControlConnection | undefined): void {
  if (control?._refresh === undefined) return;
  endReplacedHosts(control);
  endLateConnections(control);
  refreshOnceAtATime(control);
  endReconnection(control);
}

/** Where all hosts were lost it makes new ones, and forgets the pools of the old ones, which go on connecting. */
function endReplacedHosts(control: ControlConnection): void {
  control.hosts.on('remove', (host) => void host.shutdown(true).catch(() => undefined));
}

/** A connection that was being made, or learnt from, when it was shut down stays open. */
function endLateConnections(control: ControlConnection): void {
  const shutdown = control.shutdown.bind(control);
  control.shutdown = () => {
    shutdown();
    control.connection?.close();
  };
  const create = control._createConnection.bind(control);
  control._createConnection = async (contactPoint) => {
    const connection = await create(contactPoint);
    if (!control._isShuttingDown) return connection;
    connection.close();
    throw new Error('The client was shut down.');
  };
}

/**
 * It learns of the cluster again while it is at it, takes the connection from under its first attempt, and the error of
 * that, which nobody catches, ends the process (NODEJS-681).
 */
function refreshOnceAtATime(control: ControlConnection): void {
  const refresh = control._refresh.bind(control);
  let running = false;
  let askedAgain = false;
  const refreshAll = async (): Promise<void> => {
    do {
      askedAgain = false;
      await refresh();
      // Where it found none it tries again later by itself.
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

/** The timer of its next attempt goes on after `shutdown()`: it is given no time to wait, and the wait is here, where it ends. */
function endReconnection(control: ControlConnection): void {
  const policy = control._reconnectionPolicy;
  let delayMs = 0;
  const noting = (schedule: Iterator<number>): Iterator<number> => ({
    next: () => {
      delayMs = Number(schedule.next().value);
      return { value: 0, done: false };
    },
  });
  control._reconnectionPolicy = { newSchedule: () => noting(policy.newSchedule()) };
  control._reconnectionSchedule = noting(control._reconnectionSchedule);

  let timer: NodeJS.Timeout | undefined;
  const refresh = control._refresh.bind(control);
  control._refresh = async (plan) => {
    if (plan !== undefined || delayMs === 0) return refresh(plan);
    clearTimeout(timer);
    timer = setTimeout(() => void refresh().catch(() => undefined), delayMs);
    delayMs = 0;
  };
  const shutdown = control.shutdown.bind(control);
  control.shutdown = () => {
    clearTimeout(timer);
    shutdown();
  };
}
