# METADATA
# title: Signals
# description: What more than one policy asks of a signal, or of a comparison made from signals.
package belay.signals

# Failed requests and wrong answers hurt users whatever the service; a caller has to say so where
# such a signal does not matter, and where another one does.
_critical_slis := {"availability", "correctness"}

# METADATA
# title: Critical signal
# description: >-
#  Its own `critical` decides; where that is absent, signals of availability and of correctness are
#  critical, and others are not.
is_critical(signal) if signal.critical

is_critical(signal) if {
	not _says(signal)
	signal.sli in _critical_slis
}

_says(signal) if is_boolean(signal.critical)
