package main

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"strings"
)

type archiveRequest struct {
	Files []struct {
		Path  string `json:"path"`
		Bytes []byte `json:"bytes"`
	} `json:"files"`
}

type archiveResult struct {
	Archive []byte `json:"archive"`
}

// archive writes a bundle as OPA does: names with a leading slash, in the order given. No time, no
// owner and one mode, so that the same files give the same bytes.
func archive(request archiveRequest) (any, []diagnostic) {
	var buffer bytes.Buffer
	zipped := gzip.NewWriter(&buffer)
	tarred := tar.NewWriter(zipped)
	for _, file := range request.Files {
		header := &tar.Header{
			Name:     "/" + strings.TrimLeft(file.Path, "/"),
			Mode:     0o600,
			Typeflag: tar.TypeReg,
			Size:     int64(len(file.Bytes)),
		}
		must(tarred.WriteHeader(header))
		_, err := tarred.Write(file.Bytes)
		must(err)
	}
	must(tarred.Close())
	must(zipped.Close())
	return archiveResult{Archive: buffer.Bytes()}, nil
}

// must is for errors that only a defect of the toolchain can cause.
func must(err error) {
	if err != nil {
		panic(err)
	}
}
