package graph

import (
	"bufio"
	"bytes"
	"compress/flate"
	"fmt"
	"io"
	"strings"
)

// EncodeEdges returns relations in a compact form, to be kept in state.
func EncodeEdges(edges []Edge) ([]byte, error) {
	var b bytes.Buffer
	w, err := flate.NewWriter(&b, flate.BestCompression)
	if err != nil {
		return nil, err
	}
	for _, e := range edges {
		// Ids of older concepts contain spaces, and no id contains a tab.
		if _, err := io.WriteString(w, e.Subject+"\t"+e.Predicate+"\t"+e.Object+"\n"); err != nil {
			return nil, err
		}
	}
	err = w.Close()
	return b.Bytes(), err
}

// DecodeEdges reads what EncodeEdges has written.
func DecodeEdges(encoded []byte) ([]Edge, error) {
	var edges []Edge
	lines := bufio.NewScanner(flate.NewReader(bytes.NewReader(encoded)))
	for lines.Scan() {
		parts := strings.Split(lines.Text(), "\t")
		if len(parts) != 3 {
			return nil, fmt.Errorf("%q is no relation", lines.Text())
		}
		edges = append(edges, Edge{parts[0], parts[1], parts[2]})
	}
	return edges, lines.Err()
}
