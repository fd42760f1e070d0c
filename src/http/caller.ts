/**
 * @module Who asks over HTTP. Until there is authentication a name is only a claim: it is taken from
 * a header, from this machine alone, and the record says that it came so.
 */

import { BelayError } from "../base/errors.ts";
import type { Caller } from "../log/entry.ts";
import { type AppContext, findIncoming } from "./app-env.ts";
import { isLoopback } from "./listen-place.ts";

export const callerHeader = "belay-caller";

const anonymousCaller: Caller = { subject: "anonymous", auth: "none" };

/**
 * @throws BelayError `invalid-request` for a name that is none. From another machine the header is
 * passed over.
 */
export function callerOf(c: AppContext): Caller {
  const name = c.req.header(callerHeader);
  const address = findIncoming(c)?.socket.remoteAddress;
  // Without a socket the app is called in this very process.
  if (name === undefined || (address !== undefined && !isLoopback(address))) return anonymousCaller;
  if (/^[\x21-\x7e]([\x20-\x7e]{0,198}[\x21-\x7e])?$/.test(name)) {
    return { subject: name, auth: "loopback-header" };
  }
  throw new BelayError("invalid-request", "the name of the caller cannot be used", {
    issues: [
      {
        pointer: `/header/${callerHeader}`,
        message: "must be 1 to 200 printable ASCII characters",
      },
    ],
  });
}
