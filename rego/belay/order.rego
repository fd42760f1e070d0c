# METADATA
# title: Order of findings
# description: What comes first in an answer, the most telling first.
package belay.order

_kinds := {"regression": 0, "unsafe": 1, "hold": 2, "insufficient": 3, "note": 4}

_severities := {"critical": 0, "major": 1, "minor": 2, "info": 3}

# METADATA
# title: Rank of a finding's kind
kind(finding) := _kinds[finding.kind]

# METADATA
# title: Rank of a finding's severity
severity(finding) := _severities[finding.severity]

# METADATA
# title: Findings in order
# description: >-
#  By kind, severity, policy and code; what is still equal, by the rest of it, so that the order is
#  always the same.
sorted(findings) := [ranked[4] | some ranked in sort([rank |
	some finding in findings
	rank := [kind(finding), severity(finding), finding.policy, finding.code, finding]
])]
