// On a shared machine only what was measured side by side can be compared: every round holds all contenders, and what is
// told is the median of the ratios within a round, with the quartiles beside it.

/** Calls `round` with its number until the time or the rounds are over; at least three times. */
export async function repeat({ seconds, rounds }, round) {
  const end = performance.now() + seconds * 1000;
  for (let i = 0; i < rounds && (i < 3 || performance.now() < end); i++) await round(i);
}

/** The list with another beginning each round, so that nobody always comes first. */
export function rotated(list, round) {
  const start = round % list.length;
  return [...list.slice(start), ...list.slice(0, start)];
}

function quantile(values, share) {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
}

export function median(values) {
  return quantile(values, 0.5);
}

/** `0.71 [0.69..0.73]`: the median, and the quartiles between which half of the rounds lie. */
export function spread(values, digits = 2) {
  const [low, middle, high] = [0.25, 0.5, 0.75].map((share) => quantile(values, share).toFixed(digits));
  return `${middle} [${low}..${high}]`;
}

/** Member by member. */
export function ratios(values, base) {
  return values.map((value, i) => value / base[i]);
}
