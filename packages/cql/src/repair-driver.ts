/**
 * What is used of the driver's control connection (lib/control-connection.js of 4.9 and 4.10), which is no part of its
 * declarations.
 */
export interface ControlConnection {
  readonly connection: DriverConnection | null;
  readonly hosts: { on(event: 'add' | 'remove', listener: (host: DriverHost) => void): unknown };
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
  readonly pool: { _createConnection(): PooledConnection };
  shutdown(waitForPending: boolean): Promise<void>;
}

interface DriverConnection {
  close(callback?: () => void): void;
}

/** lib/connection.js */
interface PooledConnection extends DriverConnection {
  readonly connected: boolean;
  readonly isSocketOpen: boolean;
  readonly netClient: { destroy(error: Error): unknown } | undefined;
  clearAndInvokePending(): void;
  once(event: 'connected', listener: () => void): unknown;
}

/**
 * Puts right what the driver does wrong where its connections are lost, and what keeps a process alive after `shutdown()`.
 * Does nothing to a driver that has no such control connection.
 */
export function repairDriver(control: ControlConnection | undefined): void {
  if (control?._refresh === undefined) return;
  endReplacedHosts(control);
  endLateConnections(control);
  endFailedConnections(control);
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
    throw new Error(shutDown);
  };
}

const shutDown = 'The client was shut down.';

/**
 * A connection of a pool whose socket is lost while it is made keeps the timer of its heartbeat, and one that is being made
 * when the client is shut down goes on until its time is over.
 */
function endFailedConnections(control: ControlConnection): void {
  const opening = new Set<PooledConnection>();
  control.hosts.on('add', ({ pool }) => {
    const create = pool._createConnection.bind(pool);
    pool._createConnection = () => {
      const connection = create();
      opening.add(connection);
      connection.once('connected', () => opening.delete(connection));
      const close = connection.close.bind(connection);
      connection.close = (callback) => {
        opening.delete(connection);
        // Of what is not open it would clear nothing.
        if (!connection.connected && !connection.isSocketOpen) connection.clearAndInvokePending();
        close(callback);
      };
      return connection;
    };
  });
  const shutdown = control.shutdown.bind(control);
  control.shutdown = () => {
    shutdown();
    for (const connection of opening) connection.netClient?.destroy(new Error(shutDown));
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
    if (plan !== undefined || delayMs === 0 || control._isShuttingDown) return refresh(plan);
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
