package protocheck

import (
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
)

// comparison collects the differences between a type and its message.
type comparison struct {
	testing.TB
	found []string
}

func (c *comparison) Helper() {}
func (c *comparison) Errorf(format string, args ...any) {
	c.found = append(c.found, fmt.Sprintf(format, args...))
}

// The comparison detects each mistake in a wire type.
func TestWireTypes_mistakesAreDetected(t *testing.T) {
	checker := Need(t)
	for _, mistake := range []struct {
		what, message string
		value         any
		caught        string
	}{
		{"an unknown member", "Dataset", struct {
			A string `json:"colour,omitzero"`
		}{}, "the message has no colour"},
		{"a member that is not there", "Dataset", struct {
			A string `json:"id,omitzero"`
		}{}, "created_at is missing"},
		{"a number for a text", "Dataset", struct {
			A int `json:"id,omitzero"`
		}{}, "does not hold string clarifai.api.Dataset.id"},
		{"a text for a time", "Dataset", struct {
			A string `json:"created_at,omitzero"`
		}{}, "want time.Time"},
		{"a time for a text", "Dataset", struct {
			A time.Time `json:"id,omitzero"`
		}{}, "does not hold string clarifai.api.Dataset.id"},
		{"a plain integer for 64 bits", "DatasetVersionExport", struct {
			A uint64 `json:"size,omitzero"`
		}{}, "does not hold uint64 clarifai.api.DatasetVersionExport.size"},
		{"a double for a float", "Concept", struct {
			A float64 `json:"value"`
		}{}, "does not hold float clarifai.api.Concept.value"},
		{"a plain integer for an enum", "DatasetVersionExport", struct {
			A int32 `json:"format,omitzero"`
		}{}, "does not hold enum clarifai.api.DatasetVersionExport.format"},
		{"another enum", "DatasetVersionExport", struct {
			A clarifai.Gettable `json:"format,omitzero"`
		}{}, "CLARIFAI_DATA_PROTOBUF is read as"},
		{"one for a list", "MultiDatasetResponse", struct {
			A clarifai.Dataset `json:"datasets"`
		}{}, "clarifai.api.MultiDatasetResponse.datasets is a list"},
		{"a list that is always shown and is left out", "MultiDatasetResponse", struct {
			A []clarifai.Dataset `json:"datasets,omitempty"`
		}{}, "the service shows it when empty"},
		{"a list that is left out and is shown", "MultiEvalMetricsResponse", struct {
			A []clarifai.EvalMetrics `json:"eval_metrics"`
		}{}, "the service leaves it out when empty"},
		{"an empty message that is dropped", "Dataset", struct {
			A *clarifai.Visibility `json:"visibility,omitempty"`
		}{}, "drops a message that is there and empty"},
		{"another message", "Dataset", struct {
			A *clarifai.Dataset `json:"visibility,omitzero"`
		}{}, "the message has no id"},
	} {
		message := checker.newest.apiMessage(mistake.message)
		if message == nil {
			t.Errorf("%s: there is no message %s", mistake.what, mistake.message)
			continue
		}
		c := &comparison{TB: t}
		compareMessage(c, checker.newest, reflect.TypeOf(mistake.value), message, map[reflect.Type]bool{})
		if !strings.Contains(strings.Join(c.found, "\n"), mistake.caught) {
			t.Errorf("%s is not caught; what was found: %q", mistake.what, c.found)
		}
	}
}
