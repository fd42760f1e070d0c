// OPA's own builtins, for the host of compiled policies, as a WASI reactor.
//
// The host writes into memory it asked for with allocate, looks a builtin up once with find, and
// calls it by that number. Nothing is read from a disk, a network or the environment; the only
// clock is the reading that comes with a call.
package main

import (
	"runtime/debug"
	"unsafe"
)

// The host caps the memory at 256 MiB. Below that cap the collector works harder rather than
// letting a call die that could have lived.
const memoryBytesSoftMax = 192 << 20

// A buffer beyond this is let go after the call that needed it.
const bufferBytesKept = 1 << 20

// Both buffers are owned here so that the collector keeps them while the host reads and writes.
// They are used again by the next call.
var requestBytes, replyBytes []byte

func init() {
	debug.SetMemoryLimit(memoryBytesSoftMax)
}

// allocate gives the address of a buffer of at least size bytes. It holds until the next allocate.
//
//go:wasmexport allocate
func allocate(size uint32) uint32 {
	requestBytes = make([]byte, max(size, 1))
	return address(requestBytes)
}

// find gives the number of the builtin whose name stands in the buffer, or -1.
//
//go:wasmexport find
func find(size uint32) int32 {
	return findBuiltin(string(requestBytes[:size]))
}

// call gives address<<32 | length of the reply to the arguments in the buffer: their notations, a
// newline after each. The reply holds until the next call.
//
//go:wasmexport call
func call(builtin uint32, nowNs int64, size uint32) uint64 {
	if cap(replyBytes) > bufferBytesKept {
		replyBytes = nil
	}
	replyBytes = answer(replyBytes[:0], int(builtin), nowNs, requestBytes[:size])
	return uint64(address(replyBytes))<<32 | uint64(len(replyBytes))
}

func address(bytes []byte) uint32 {
	return uint32(uintptr(unsafe.Pointer(&bytes[0])))
}

func main() {}
