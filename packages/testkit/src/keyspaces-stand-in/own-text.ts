/** Ends every message that the service is not known to send: the stand-in's own words. */
export const standInMark = '(words of the stand-in)';

export function ownText(message: string): string {
  return `${message} ${standInMark}`;
}
