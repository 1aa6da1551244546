const hosts = 254;
const addresses = 240 * 256 * hosts;

let drawn = Math.floor(Math.random() * addresses);

/** An address of this machine that nothing else is likely to use: each process counts from a place of its own. */
export function freshLoopback(): string {
  drawn = (drawn + 1) % addresses;
  const network = Math.floor(drawn / hosts);
  return `127.${(network >> 8) + 8}.${network & 0xff}.${(drawn % hosts) + 1}`;
}
