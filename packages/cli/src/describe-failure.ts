import { isLWTError, type LWTError } from '@onlyif/core';

/** Lines for people about what ended a command; each error of an `AggregateError` in turn. */
export function describeFailure(error: unknown): readonly string[] {
  if (error instanceof AggregateError) return error.errors.flatMap(describeFailure);
  if (isLWTError(error)) return describeLWTError(error);
  if (error instanceof DOMException && error.name === 'AbortError') return ['Interrupted.'];
  return [error instanceof Error ? (error.stack ?? error.message) : String(error)];
}

function describeLWTError({ code, outcome, message, alternative }: LWTError): readonly string[] {
  const lines = ['The command failed:', `  code     ${code}`, `  outcome  ${outcome}`, `  message  ${message}`];
  return alternative === undefined ? lines : [...lines, `  instead  ${alternative}`];
}
