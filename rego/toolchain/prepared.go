package main

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"hash"
	"slices"

	"github.com/open-policy-agent/opa/v1/util"
)

// A compilation costs more than most of what is asked of it, and the next call often asks of the
// same sources. Each one that is kept holds some ten megabytes.
const preparedMax = 3

type preparedKey [sha256.Size]byte

type preparation struct {
	key   preparedKey
	value any
}

// What calls have prepared, the last used first.
var recentlyPrepared []preparation

// prepared gives what prepare gave for the same key before, or what it gives now. What fails is not
// kept.
func prepared[T any](key preparedKey, prepare func() (T, []diagnostic)) (T, []diagnostic) {
	if at := slices.IndexFunc(recentlyPrepared, func(p preparation) bool { return p.key == key }); at >= 0 {
		found := recentlyPrepared[at]
		recentlyPrepared = slices.Insert(slices.Delete(recentlyPrepared, at, at+1), 0, found)
		return found.value.(T), nil
	}
	// What goes makes room before what comes needs it.
	recentlyPrepared = slices.Delete(
		recentlyPrepared, min(preparedMax-1, len(recentlyPrepared)), len(recentlyPrepared),
	)
	value, diagnostics := prepare()
	if len(diagnostics) == 0 {
		recentlyPrepared = slices.Insert(recentlyPrepared, 0, preparation{key, value})
	}
	return value, diagnostics
}

// key tells sources apart, and for what they are prepared.
func (s sources) key(purpose ...string) preparedKey {
	digest := sha256.New()
	for _, part := range purpose {
		write(digest, part)
	}
	for _, file := range s.Files {
		write(digest, file.Path)
		write(digest, file.Text)
	}
	write(digest, string(s.Data))
	for _, name := range util.KeysSorted(s.Refused) {
		write(digest, name)
	}
	return preparedKey(digest.Sum(nil))
}

// write puts the length first, so that no two lists of texts read the same.
func write(digest hash.Hash, text string) {
	must(binary.Write(digest, binary.LittleEndian, uint64(len(text))))
	_, err := digest.Write([]byte(text))
	must(err)
}

// compileOnce compiles as compile does, unless the same was compiled a moment ago.
func (s sources) compileOnce(ctx context.Context, how compilation) (compiled, []diagnostic) {
	return prepared(s.key(fmt.Sprintf("%+v", how)), func() (compiled, []diagnostic) { return s.compile(ctx, how) })
}
