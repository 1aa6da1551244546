import type { LWTErrorCode } from './errors.ts';
import type { Verb } from './statement/nodes.ts';
import type { Row, TableDefinition } from './table/definition.ts';

interface EventBase {
  readonly table: string;
  readonly verb: Verb;
  readonly dialect: string;
  /** A hash of the key: equal for equal keys, and no values. */
  readonly keyHash: string;
}

/** One request to the server. `code` is set where it failed. */
export interface AttemptEvent extends EventBase {
  readonly type: 'attempt';
  readonly purpose: 'write' | 'read' | 'completing-read' | 'emulation-read' | 'repeat' | 'resolving-read' | 'fence';
  readonly attempt: number;
  readonly durationMs: number;
  readonly code?: LWTErrorCode;
}

/** How a call ended. */
export interface OutcomeEvent extends EventBase {
  readonly type: 'outcome';
  readonly outcome: 'applied' | 'not-applied' | 'unknown' | 'read';
  readonly attempts: number;
  readonly durationMs: number;
  readonly code?: LWTErrorCode;
}

/** A statement that was refused before any request. */
export interface RefusalEvent extends EventBase {
  readonly type: 'refusal';
  readonly code: LWTErrorCode;
}

/** The table could not be compared with its definition, for lack of permission. */
export interface VerificationSkippedEvent extends EventBase {
  readonly type: 'verification-skipped';
}

/** Something about a table that may surprise, found when it was verified before its first write. */
export interface VerificationWarningEvent extends EventBase {
  readonly type: 'verification-warning';
  /** In whole sentences. */
  readonly warning: string;
}

/** One round of an emulated write: a strong read, and a pinned write where the condition holds. */
export interface EmulationRoundEvent extends EventBase {
  readonly type: 'emulation-round';
  readonly round: number;
}

/** What became of a write whose outcome was unknown. */
export interface ResolutionEvent extends EventBase {
  readonly type: 'resolution';
  /** Unknown where it could not be found out. */
  readonly outcome: 'applied' | 'not-applied' | 'unknown';
  /**
   * What told: the row's write token, a read that closed the write, a fence, the answer to a repeat, or the answer itself,
   * which came late. Absent where nothing did.
   */
  readonly by?: 'write-token' | 'closing-read' | 'fence' | 'repeat' | 'late-answer';
  readonly durationMs: number;
}

export type ClientEvent =
  AttemptEvent | EmulationRoundEvent | ResolutionEvent | OutcomeEvent | RefusalEvent | VerificationSkippedEvent | VerificationWarningEvent;

export type EventListener = (event: ClientEvent) => void;

/** Hands out a frozen event; a listener that throws, at once or later, changes nothing. */
export function emit(listener: EventListener | undefined, event: ClientEvent): void {
  if (listener === undefined) return;
  try {
    const returned: unknown = listener(Object.freeze(event));
    if (returned instanceof Promise) returned.catch(() => undefined);
  } catch {
    // The outcome of a write does not depend on who watches it.
  }
}

/** FNV-1a over the canonical text of a key, 64 bits in hexadecimal. */
export function hashKey(table: TableDefinition, key: Row): string {
  let hash = 0xcbf29ce484222325n;
  for (const { name } of table.key) {
    for (const char of `${keyText(key[name])}\u0000`) {
      hash = BigInt.asUintN(64, (hash ^ BigInt(char.codePointAt(0) ?? 0)) * 0x100000001b3n);
    }
  }
  return hash.toString(16).padStart(16, '0');
}

function keyText(value: unknown): string {
  return value instanceof Date ? value.toISOString() : String(value);
}
