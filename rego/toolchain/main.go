// The Rego toolchain: OPA's compiler, tester, formatter and topdown evaluator as a WASI reactor.
//
// The host writes one JSON document into memory it asked for with allocate, and calls answer.
// Nothing is read from a disk, a network or the environment.
package main

import (
	"runtime/debug"
	"unsafe"
)

// The host caps the memory at 1 GiB. Below that cap the collector works harder rather than
// letting a call die that could have lived.
const memoryBytesSoftMax = 800 << 20

// How much may be allocated, in percent of what lives, before the collector runs. The worker is let
// go when it is idle, and Go's default of 100 costs a quarter of the time of every long call.
const garbagePercentMax = 400

// Both buffers are owned here so that the collector keeps them while the host reads and writes.
var requestBytes, replyBytes []byte

func init() {
	debug.SetMemoryLimit(memoryBytesSoftMax)
	debug.SetGCPercent(garbagePercentMax)
}

// allocate gives the address of a buffer of size bytes for the next request.
//
//go:wasmexport allocate
func allocate(size uint32) uint32 {
	requestBytes = make([]byte, max(size, 1))
	return address(requestBytes)
}

// answer serves the request that stands in the buffer, and gives address<<32 | length of the reply.
//
//go:wasmexport answer
func answer(size uint32) uint64 {
	document := requestBytes[:size]
	requestBytes = nil
	replyBytes = serve(document)
	return uint64(address(replyBytes))<<32 | uint64(len(replyBytes))
}

// release forgets the reply, so that a resident toolchain does not hold on to it.
//
//go:wasmexport release
func release() {
	replyBytes = nil
}

func address(bytes []byte) uint32 {
	return uint32(uintptr(unsafe.Pointer(&bytes[0])))
}

func main() {}
