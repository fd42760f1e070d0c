# METADATA
# title: What the settings say of the release that is decided
# description: >-
#  Every policy asks for it, so it is gathered once: a rule keeps its value for the whole evaluation,
#  a function does not. It has a package of its own because `data.belay.settings` is the settings.
package belay.said

import data.belay.settings

# METADATA
# title: Groups of settings that apply
# description: As `settings.groups_of` has them, for the release of the input.
groups := settings.groups_of(input.release)
