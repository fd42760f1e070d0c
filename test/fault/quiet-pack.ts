/** @module The smallest pack that may be published: one policy, which finds nothing. */

export const quietPack = [
  { path: "pack.yaml", text: "name: quiet\n" },
  {
    path: "quiet/policy.rego",
    text: `package belay.policies.quiet

finding contains {
	"kind": "note",
	"code": "QUIET",
	"severity": "info",
	"message": "nothing to say",
	"evidence": [],
} if {
	input.release.service == "quiet"
}
`,
  },
  {
    path: "quiet/policy_test.rego",
    text: `package belay.policies.quiet_test

import data.belay.policies.quiet

test_says_nothing_of_others if {
	quiet.finding == set() with input as {"release": {"service": "checkout"}}
}
`,
  },
];
