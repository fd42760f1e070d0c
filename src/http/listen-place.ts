/**
 * @module Where a server may listen: the address that was asked for, looked up once, allowed, and
 * free. Threads that share a port would share it with another server just as silently, so whether
 * it is free is found out beforehand, by listening there alone for a moment.
 */

import { lookup } from "node:dns/promises";
import { BlockList, createServer, isIPv6, type ListenOptions } from "node:net";
import { BelayError } from "../base/errors.ts";

export interface ListenPlace {
  /** As the operator named it. */
  readonly host: string;
  /** IPv4 or IPv6. */
  readonly address: string;
  /** 0 for any free one. */
  readonly port: number;
}

export interface AskedPlace {
  /** Address or name to listen at. */
  readonly host: string;
  /** 0 for any free one. */
  readonly port: number;
  /** Required to listen beyond this machine while there is no authentication. */
  readonly openWithoutAuthentication?: boolean;
}

/**
 * @throws `open-without-authentication`, `address-in-use`, `usage` (no such address, or one that
 * this process may not have)
 */
export async function findListenPlace(asked: AskedPlace): Promise<ListenPlace> {
  const { host, port } = asked;
  const address = await resolveAddress(host);
  if (!isLoopback(address) && asked.openWithoutAuthentication !== true) {
    throw new BelayError(
      "open-without-authentication",
      `\`${host}\` is reached from other machines, and whoever reaches it may decide and change policies: say \`--open-without-authentication\` if that is meant`,
    );
  }
  const place = { host, address, port };
  await tryListening(place, {});
  return place;
}

/** Whether the system lets several threads listen at one port and divides connections among them. */
export async function canSharePort(place: ListenPlace): Promise<boolean> {
  try {
    await tryListening({ ...place, port: 0 }, { reusePort: true });
    return true;
  } catch {
    return false;
  }
}

/** What the system said when it refused `place`. */
export function describeListenError(error: NodeJS.ErrnoException, place: ListenPlace): BelayError {
  const name = `\`${place.host}:${String(place.port)}\``;
  return error.code === "EADDRINUSE"
    ? new BelayError("address-in-use", `${name} is taken`, { cause: error })
    : new BelayError("usage", `cannot listen at ${name}: ${error.code ?? error.message}`, {
        cause: error,
      });
}

/** `http://127.0.0.1:8282` */
export function urlOf({ address, port }: ListenPlace): string {
  return `http://${isIPv6(address) ? `[${address}]` : address}:${String(port)}`;
}

async function resolveAddress(host: string): Promise<string> {
  try {
    return (await lookup(host)).address;
  } catch (error) {
    throw new BelayError("usage", `\`${host}\` is no address to listen at`, { cause: error });
  }
}

const loopback = new BlockList();
loopback.addSubnet("127.0.0.0", 8, "ipv4");
loopback.addAddress("::1", "ipv6");

/** Whether an address is one of this machine's own, and of no other. */
export function isLoopback(address: string): boolean {
  return loopback.check(address, isIPv6(address) ? "ipv6" : "ipv4");
}

async function tryListening(place: ListenPlace, options: ListenOptions): Promise<void> {
  const server = createServer((socket) => socket.destroy());
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error) => reject(describeListenError(error, place)));
    server.listen({ ...options, host: place.address, port: place.port }, resolve);
  });
  await new Promise((resolve) => server.close(resolve));
}
