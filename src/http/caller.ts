/** @module Who asks over HTTP. */

import type { Caller } from "../log/entry.ts";

/** Everyone, until there is authentication; which is why only this machine may ask. */
export const anonymousCaller: Caller = { subject: "anonymous", auth: "none" };
