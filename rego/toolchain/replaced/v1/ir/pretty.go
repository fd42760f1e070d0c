// Package ir has this file in the place of OPA's own of the same path, while the toolchain is built.
//
// OPA's compiler prints every plan for whoever debugs it, and prints it also where the writer
// discards it. Formatting what nobody reads is half the time of a compilation.
package ir

import (
	"fmt"
	"io"
)

// Pretty writes what x holds to w.
func Pretty(w io.Writer, x any) error {
	if w == io.Discard {
		return nil
	}
	_, err := fmt.Fprintf(w, "%T %+v\n", x, x)
	return err
}
