package datasetversion_test

import (
	"testing"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/service/datasetversion"
)

// The keys of the service's counts are not documented, so several readings are provided for.
func TestWhole(t *testing.T) {
	t.Parallel()
	inputs := func(n uint64) clarifai.DatasetVersionMetrics {
		u := clarifai.Uint64(n)
		return clarifai.DatasetVersionMetrics{InputsCount: &u}
	}
	for name, c := range map[string]struct {
		metrics map[string]clarifai.DatasetVersionMetrics
		want    int64 // -1: not known
	}{
		"nothing":        {nil, -1},
		"a single entry": {map[string]clarifai.DatasetVersionMetrics{"2f1c": inputs(7)}, 7},
		"no key":         {map[string]clarifai.DatasetVersionMetrics{"": inputs(9), "image": inputs(4), "text": inputs(5)}, 9},
		"the whole":      {map[string]clarifai.DatasetVersionMetrics{"ALL": inputs(9), "image": inputs(4), "text": inputs(5)}, 9},
		"by type":        {map[string]clarifai.DatasetVersionMetrics{"image": inputs(4), "text": inputs(5)}, 9},
		"partly unknown": {map[string]clarifai.DatasetVersionMetrics{"image": inputs(4), "text": {}}, 4},
		"zero":           {map[string]clarifai.DatasetVersionMetrics{"image": inputs(0), "text": inputs(0)}, 0},
		"unknown":        {map[string]clarifai.DatasetVersionMetrics{"image": {}, "text": {}}, -1},
	} {
		got := int64(-1)
		if all := datasetversion.Whole(c.metrics); all != nil && all.InputsCount != nil {
			got = int64(*all.InputsCount)
		}
		if got != c.want {
			t.Errorf("%s: %d inputs, want %d", name, got, c.want)
		}
	}
}

func TestWholeKeepsTheResponse(t *testing.T) {
	t.Parallel()
	four, five := clarifai.Uint64(4), clarifai.Uint64(5)
	datasetversion.Whole(map[string]clarifai.DatasetVersionMetrics{"image": {InputsCount: &four}, "text": {InputsCount: &five}})
	if four != 4 || five != 5 {
		t.Errorf("the answer now has %d and %d", four, five)
	}
}

func TestGroup(t *testing.T) {
	t.Parallel()
	matrix := func(columns uint64, data ...clarifai.Uint64) *clarifai.DatasetVersionMetrics {
		return &clarifai.DatasetVersionMetrics{RegionLocationMatrix: &clarifai.MatrixUint64{NCols: clarifai.Uint64(columns), Data: data}}
	}
	for _, c := range []struct {
		value   string
		metrics *clarifai.DatasetVersionMetrics
		want    string
		grid    string
	}{
		{`"truck"`, nil, `"truck"`, `<null>`},
		{`"say \"hi\""`, nil, `"say \"hi\""`, `<null>`},
		{`3`, matrix(2, 1, 2, 3, 4), `"3"`, `[[1,2],[3,4]]`},
		{`0.75`, matrix(2, 1, 2, 3), `"0.75"`, `[[1,2],[3]]`},
		{`{"from":1,"to":2}`, matrix(1<<63, 1, 2), `"{\"from\":1,\"to\":2}"`, `[[1,2]]`},
		{``, matrix(0, 1, 2), `<null>`, `<null>`},
		{``, matrix(3), `<null>`, `[]`},
	} {
		value, grid := datasetversion.Group(clarifai.DatasetVersionMetricsGroup{Value: jsontext.Value(c.value), Metrics: c.metrics})
		if value != c.want || grid != c.grid {
			t.Errorf("%s is shown as %s with %s, want %s with %s", c.value, value, grid, c.want, c.grid)
		}
	}
}
