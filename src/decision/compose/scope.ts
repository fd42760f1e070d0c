/** @module What a decision is about: the services of its plan, or the one that was judged. */

import type { Decision } from "../decision.ts";
import type { Outcome } from "./outcome.ts";

export function createDecisionScope({ input, plan }: Outcome): Decision["scope"] {
  const { release } = input;
  const { services, kind, excluded } = plan?.scope ?? {
    services: [release.service],
    kind: "single",
    excluded: [],
  };
  return {
    services: [...services],
    ...(release.env === undefined ? {} : { env: release.env }),
    regions: release.region === undefined ? [] : [release.region],
    kind,
    ...(excluded.length === 0 ? {} : { excluded }),
  };
}
