package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
)

// endpoint is one line of the list of the service's endpoints.
type endpoint struct {
	N           int    `json:"n"`
	OperationID string `json:"operationId"`
	InSeed      bool   `json:"inSeed"`
}

// documented reads the endpoints that the project covers.
func documented(file string) ([]endpoint, error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	var all, promised []endpoint
	if err := json.Unmarshal(data, &all); err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	for _, e := range all {
		if e.InSeed {
			promised = append(promised, e)
		}
	}
	if len(promised) == 0 {
		return nil, fmt.Errorf("%s lists no endpoint to cover", file)
	}
	return promised, nil
}

// reached reads the operations that acceptance tests recorded in a directory, one per line.
func reached(dir string) (map[string]bool, error) {
	files, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil {
		return nil, err
	}
	operations := map[string]bool{}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			return nil, err
		}
		for operation := range strings.FieldsSeq(string(data)) {
			operations[operation] = true
		}
	}
	return operations, nil
}

// reportEndpoints prints how many documented endpoints were reached with success through each
// CLI and through any of them, which are left, and fails when there are fewer than there should be.
func (s *suite) reportEndpoints(w io.Writer, file string, want int, clis []cli) error {
	promised, err := documented(file)
	if err != nil {
		return err
	}
	fmt.Fprintln(w, "\nDocumented endpoints that acceptance tests reached with success:")
	byAny := map[string]bool{}
	for _, c := range clis {
		operations, err := reached(s.coverageDir(c))
		if err != nil {
			return err
		}
		n := 0
		for _, e := range promised {
			if operations[e.OperationID] {
				n++
				byAny[e.OperationID] = true
			}
		}
		fmt.Fprintf(w, "%6d of %d through %s\n", n, len(promised), c.name)
	}
	var left []string
	for _, e := range promised {
		if !byAny[e.OperationID] {
			left = append(left, fmt.Sprintf("%d %s", e.N, e.OperationID))
		}
	}
	got := len(promised) - len(left)
	fmt.Fprintf(w, "%6d of %d through any CLI\n", got, len(promised))
	if len(left) > 0 {
		fmt.Fprintf(w, "not reached: %s\n", strings.Join(left, ", "))
	}
	if got < want {
		return fmt.Errorf("at least %d endpoints must be reached (ENDPOINTS_REACHED in the GNUmakefile)", want)
	}
	if got > want {
		fmt.Fprintf(w, "more than the %d that must be reached: ENDPOINTS_REACHED in the GNUmakefile can be raised\n", want)
	}
	return nil
}
