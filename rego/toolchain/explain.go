package main

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/open-policy-agent/opa/v1/topdown"
	"github.com/open-policy-agent/opa/v1/topdown/lineage"
)

// boundedTracer keeps the first events of an evaluation: a trace of every step of a long one would
// not fit into memory, and nobody would read it.
type boundedTracer struct {
	events    topdown.BufferTracer
	eventsMax int
	isCut     bool
}

func (*boundedTracer) Enabled() bool { return true }

func (*boundedTracer) Config() topdown.TraceConfig {
	return topdown.TraceConfig{PlugLocalVars: true}
}

func (t *boundedTracer) TraceEvent(event topdown.Event) {
	if len(t.events) >= t.eventsMax {
		t.isCut = true
		return
	}
	t.events.TraceEvent(event)
}

func (t *boundedTracer) lines(mode string) []string {
	var chosen []*topdown.Event
	switch mode {
	case "notes":
		chosen = lineage.Notes(t.events)
	case "fails":
		chosen = lineage.Fails(t.events)
	default:
		chosen = lineage.Full(t.events)
	}
	var buffer bytes.Buffer
	topdown.PrettyTraceWithLocation(&buffer, chosen)
	lines := strings.FieldsFunc(buffer.String(), func(r rune) bool { return r == '\n' })
	if t.isCut {
		lines = append(lines, fmt.Sprintf("(only the first %d events are kept)", t.eventsMax))
	}
	return lines
}
