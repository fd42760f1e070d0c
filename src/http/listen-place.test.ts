import { createServer, type Server } from "node:net";
import { afterEach, expect, test } from "vitest";
import { canSharePort, findListenPlace, urlOf } from "./listen-place.ts";

const listening: Server[] = [];

afterEach(() => {
  for (const server of listening.splice(0)) server.close();
});

/** The port that something listens at. */
async function listen(reusePort: boolean): Promise<number> {
  const server = createServer();
  listening.push(server);
  await new Promise<void>((resolve) => {
    server.listen({ host: "127.0.0.1", port: 0, reusePort }, resolve);
  });
  return (server.address() as { port: number }).port;
}

test.each(["0.0.0.0", "::"])("%s needs the word of the operator", async (host) => {
  await expect(findListenPlace({ host, port: 0 })).rejects.toMatchObject({
    code: "open-without-authentication",
    message: expect.stringContaining("--open-without-authentication"),
  });
});

test("with the word of the operator it may be anywhere", async () => {
  const place = await findListenPlace({
    host: "0.0.0.0",
    port: 0,
    openWithoutAuthentication: true,
  });
  expect(place).toEqual({ host: "0.0.0.0", address: "0.0.0.0", port: 0 });
});

test("localhost is this machine", async () => {
  const place = await findListenPlace({ host: "localhost", port: 0 });
  expect(urlOf(place)).toMatch(/^http:\/\/(127\.0\.0\.1|\[::1\]):0$/);
});

test.each([false, true])("a port that is taken is refused, shared or not: %s", async (isShared) => {
  const port = await listen(isShared);
  await expect(findListenPlace({ host: "127.0.0.1", port })).rejects.toMatchObject({
    code: "address-in-use",
    message: `\`127.0.0.1:${String(port)}\` is taken`,
  });
});

test("a port that is free stays free", async () => {
  const port = await listen(false);
  await new Promise((resolve) => listening.pop()?.close(resolve));
  const place = await findListenPlace({ host: "127.0.0.1", port });
  expect(await findListenPlace({ host: "127.0.0.1", port })).toEqual(place);
});

test("a name that is no address is refused", async () => {
  await expect(findListenPlace({ host: "no such host", port: 0 })).rejects.toMatchObject({
    code: "usage",
  });
});

test("whether a port can be shared is what the system says", async () => {
  const place = await findListenPlace({ host: "127.0.0.1", port: 0 });
  expect(await canSharePort(place)).toBe(["linux", "freebsd"].includes(process.platform));
});
