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

// noted reads what acceptance tests recorded in files of a directory, one per line: the operations that were reached in
// ops-*.txt, the fields that were sent as "operation field" in fields-*.txt.
func noted(dir, pattern string) (map[string]bool, error) {
	files, err := filepath.Glob(filepath.Join(dir, pattern))
	if err != nil {
		return nil, err
	}
	lines := map[string]bool{}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			return nil, err
		}
		for line := range strings.Lines(string(data)) {
			lines[strings.TrimSpace(line)] = true
		}
	}
	return lines, nil
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
		operations, err := noted(s.coverageDir(c), "ops-*.txt")
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

// settable reads which fields of requests a client can set from the table of them, as "operation field".
func settable(file string) ([]string, error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	var fields []string
	for line := range strings.Lines(string(data)) {
		if columns := strings.Split(line, "\t"); len(columns) > 2 && columns[1] == "settable" {
			fields = append(fields, columns[0]+" "+columns[2])
		}
	}
	if len(fields) == 0 {
		return nil, fmt.Errorf("%s lists no settable field", file)
	}
	return fields, nil
}

// reportFields prints how many settable fields of requests were sent with a value through each CLI, and which are left.
// It fails when a CLI sent fewer than want, or than all if want is negative.
func (s *suite) reportFields(w io.Writer, file string, want int, clis []cli) error {
	fields, err := settable(file)
	if err != nil {
		return err
	}
	if want < 0 {
		want = len(fields)
	}
	var short []string
	fmt.Fprintln(w)
	for _, c := range clis {
		sent, err := noted(s.coverageDir(c), "fields-*.txt")
		if err != nil {
			return err
		}
		var left []string
		for _, field := range fields {
			if !sent[field] {
				left = append(left, field)
			}
		}
		fmt.Fprintf(w, "settable fields sent: %d of %d through %s\n", len(fields)-len(left), len(fields), c.name)
		for _, field := range left {
			fmt.Fprintf(w, "    not sent: %s\n", field)
		}
		if len(fields)-len(left) < want {
			short = append(short, c.name)
		}
	}
	if len(short) > 0 {
		return fmt.Errorf("at least %d settable fields must be sent through %s: see %s", want, strings.Join(short, ", "), file)
	}
	return nil
}
