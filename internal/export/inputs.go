package export

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"maps"
	"slices"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/hashicorp/hcl/v2/hclwrite"
	"github.com/zclconf/go-cty/cty"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/annotation"
)

const (
	manifestFile = "inputs.jsonl"
	// maxInputIDLength is what the provider accepts in a manifest.
	maxInputIDLength = 48
)

// row is a line of the manifest.
type row struct {
	ID       string                    `json:"id"`
	Kind     string                    `json:"kind,omitzero"`
	URL      string                    `json:"url,omitzero"`
	File     string                    `json:"file,omitzero"`
	Concepts map[string]clarifai.Float `json:"concepts,omitempty"`
	Metadata jsontext.Value            `json:"metadata,omitzero"`
	Geo      *geo                      `json:"geo,omitzero"`
	Datasets []string                  `json:"datasets,omitempty"`

	Annotations []annotation.Row `json:"annotations,omitempty"`
}

type geo struct {
	Latitude  clarifai.Float `json:"latitude"`
	Longitude clarifai.Float `json:"longitude"`
}

// exportInputs writes the inputs as one manifest, or one block for each.
func (e *exporter) exportInputs(ctx context.Context) error {
	if e.opts.isSingle(KindInputs) {
		if err := e.exportList(ctx, "clarifai_input", "inputs.tf", "inputs", []string{"id"}); err != nil {
			return err
		}
		if e.opts.has(KindAnnotations) {
			if err := e.exportList(ctx, "clarifai_annotation", "annotations.tf", "annotations", []string{"input_id", "id"}); err != nil {
				return err
			}
		}
		return e.exportMemberships(ctx)
	}
	memberships, err := e.readMemberships(ctx)
	if err != nil {
		return err
	}
	n, hosted, err := 0, 0, error(nil)
	err = e.replace(manifestFile, func(w io.Writer) error {
		out := bufio.NewWriterSize(w, 1<<16)
		n, hosted, err = e.writeRows(ctx, out, memberships)
		if err != nil {
			return err
		}
		return out.Flush()
	})
	if err != nil {
		return err
	}
	e.counted("inputs", n, "in `"+manifestFile+"`")
	if hosted > 0 {
		e.leftOut = append(e.leftOut, e.content.unmanaged(hosted))
	}
	if n == 0 {
		return nil
	}
	const typeName = "clarifai_inputs"
	label := e.labels.take(typeName, "inputs")
	id := e.unusedDatasetID("inputs")
	body := e.block("inputs.tf", typeName, label)
	body.SetAttributeValue("id", cty.StringVal(id))
	body.SetAttributeRaw("manifest", inModule(manifestFile))
	e.dependsOnDatasets(body)
	e.importBlock(typeName, label, id+":manifest:./"+manifestFile)
	return nil
}

// unusedDatasetID returns an ID that no dataset of the app has: the tracking dataset of clarifai_inputs gets it.
func (e *exporter) unusedDatasetID(id string) string {
	unused := id
	for n := 2; ; n++ {
		if _, used := e.datasets[unused]; !used {
			return unused
		}
		unused = fmt.Sprintf("%s-%d", id, n)
	}
}

func (e *exporter) dependsOnDatasets(body *hclwrite.Body) {
	if len(e.files["datasets.tf"].Body().Blocks()) == 0 {
		return
	}
	var datasets []hclwrite.Tokens
	for _, id := range slices.Sorted(maps.Keys(e.datasets)) {
		datasets = append(datasets, reference("clarifai_dataset", e.datasets[id]))
	}
	body.SetAttributeRaw("depends_on", hclwrite.TokensForTuple(datasets))
}

// inModule writes the path of a file beside the configuration.
func inModule(name string) hclwrite.Tokens {
	return hclwrite.Tokens{
		{Type: hclsyntax.TokenOQuote, Bytes: []byte{'"'}},
		{Type: hclsyntax.TokenTemplateInterp, Bytes: []byte("${")},
		{Type: hclsyntax.TokenIdent, Bytes: []byte("path")},
		{Type: hclsyntax.TokenDot, Bytes: []byte{'.'}},
		{Type: hclsyntax.TokenIdent, Bytes: []byte("module")},
		{Type: hclsyntax.TokenTemplateSeqEnd, Bytes: []byte{'}'}},
		{Type: hclsyntax.TokenQuotedLit, Bytes: []byte("/" + name)},
		{Type: hclsyntax.TokenCQuote, Bytes: []byte{'"'}},
	}
}

// readMemberships reads which datasets each input is a member of. Responses about inputs do not say it.
func (e *exporter) readMemberships(ctx context.Context) (map[string][]string, error) {
	memberships := map[string][]string{}
	for _, dataset := range slices.Sorted(maps.Keys(e.datasets)) {
		for member, err := range e.client.AllDatasetInputs(ctx, e.app, dataset, clarifai.Page{PerPage: clarifai.MaxPerPage}) {
			if err != nil {
				return nil, fmt.Errorf("unable to list the inputs of dataset %q: %w", dataset, err)
			}
			if member.Input != nil {
				memberships[member.Input.ID] = append(memberships[member.Input.ID], dataset)
			}
		}
	}
	return memberships, nil
}

// writeRows writes a line for each input, in the order of the API's cursor, which skips nothing while others write.
func (e *exporter) writeRows(ctx context.Context, w io.Writer, memberships map[string][]string) (rows, hosted int, err error) {
	tooLong, noKind := 0, 0
	annotated := annotations{omitted: map[string]int{}}
	var waiting []row
	write := func() error { // the rows that wait for the annotations of their inputs to be read
		if len(waiting) == 0 {
			return nil
		}
		if e.opts.has(KindAnnotations) {
			if err := e.readAnnotations(ctx, waiting, &annotated); err != nil {
				return err
			}
		}
		for i := range waiting {
			out := waiting[i]
			out.Annotations = annotated.byInput[out.ID]
			e.content.reference(&out)
			if out.URL == "" && out.File == "" {
				hosted++
			}
			if err := json.MarshalWrite(w, out, json.Deterministic(true)); err != nil {
				return err
			}
			if _, err := io.WriteString(w, "\n"); err != nil {
				return err
			}
			if rows++; rows%10000 == 0 {
				e.say("inputs: %d read", rows)
			}
		}
		waiting = waiting[:0]
		return nil
	}
	all := e.client.AllInputsByCursor(ctx, e.app, clarifai.StreamInputsQuery{PerPage: clarifai.MaxPerPage})
	for input, err := range e.content.download(ctx, all, func(input *clarifai.Input) bool {
		return len(input.ID) <= maxInputIDLength && (len(e.opts.datasets) == 0 || len(memberships[input.ID]) > 0)
	}) {
		if err != nil {
			return 0, 0, fmt.Errorf("unable to list the inputs: %w", err)
		}
		if len(e.opts.datasets) > 0 && len(memberships[input.ID]) == 0 {
			continue
		}
		out := rowOf(&input, memberships[input.ID])
		switch {
		case len(input.ID) > maxInputIDLength:
			tooLong++
			continue
		case out.Kind == "":
			noKind++
			continue
		}
		if waiting = append(waiting, out); len(waiting) == annotationReaders*clarifai.MaxAnnotatedInputs {
			if err := write(); err != nil {
				return 0, 0, err
			}
		}
	}
	if err := write(); err != nil {
		return 0, 0, err
	}
	if annotated.written > 0 {
		e.counted("annotations", annotated.written, "in the rows of `"+manifestFile+"`")
	}
	for _, reason := range slices.Sorted(maps.Keys(annotated.omitted)) {
		e.leftOut = append(e.leftOut, fmt.Sprintf("%d annotations %s.", annotated.omitted[reason], reason))
	}
	if tooLong > 0 {
		e.leftOut = append(e.leftOut, fmt.Sprintf("%d inputs whose IDs are longer than %d characters.", tooLong, maxInputIDLength))
	}
	if noKind > 0 {
		e.leftOut = append(e.leftOut, fmt.Sprintf("%d inputs that are no image, video, audio or text.", noKind))
	}
	return rows, hosted, nil
}

// rowOf is an input as a row: what it has, and nothing about what it has not.
func rowOf(input *clarifai.Input, datasets []string) row {
	out := row{ID: input.ID, Datasets: datasets}
	data := input.Data
	if data == nil {
		return out
	}
	switch {
	case data.Image != nil:
		out.Kind, out.URL = "image", data.Image.URL
	case data.Video != nil:
		out.Kind, out.URL = "video", data.Video.URL
	case data.Audio != nil:
		out.Kind, out.URL = "audio", data.Audio.URL
	case data.Text != nil:
		out.Kind, out.URL = "text", data.Text.URL
	}
	if input.Status.Code.Class() == clarifai.ClassFailed {
		out.URL = "" // adopted as it is: with its URL, the plan would be to send it again
	}
	for _, c := range data.Concepts {
		if out.Concepts == nil {
			out.Concepts = map[string]clarifai.Float{}
		}
		value := clarifai.Float(1)
		if c.Value != nil {
			value = *c.Value
		}
		out.Concepts[c.ID] = value
	}
	if len(data.Metadata) > 2 {
		out.Metadata = data.Metadata
	}
	if data.Geo != nil && data.Geo.GeoPoint != nil {
		out.Geo = &geo{data.Geo.GeoPoint.Latitude, data.Geo.GeoPoint.Longitude}
	}
	return out
}

// exportMemberships writes the members of each dataset, for inputs that have blocks of their own.
func (e *exporter) exportMemberships(ctx context.Context) error {
	const typeName = "clarifai_dataset_inputs"
	n := 0
	for _, dataset := range slices.Sorted(maps.Keys(e.datasets)) {
		var members []string
		for member, err := range e.client.AllDatasetInputs(ctx, e.app, dataset, clarifai.Page{PerPage: clarifai.MaxPerPage}) {
			if err != nil {
				return fmt.Errorf("unable to list the inputs of dataset %q: %w", dataset, err)
			}
			if member.Input != nil {
				members = append(members, member.Input.ID)
			}
		}
		if len(members) == 0 {
			continue
		}
		slices.Sort(members)
		values := make([]cty.Value, len(members))
		for i, id := range members {
			values[i] = cty.StringVal(id)
		}
		label := e.labels.take(typeName, dataset)
		body := e.block("memberships.tf", typeName, label)
		if e.datasets[dataset] != "" {
			body.SetAttributeRaw("dataset_id", reference("clarifai_dataset", e.datasets[dataset], "id"))
		} else {
			body.SetAttributeValue("dataset_id", cty.StringVal(dataset))
		}
		body.SetAttributeValue("input_ids", cty.ListVal(values))
		e.importBlock(typeName, label, dataset)
		n += len(members)
	}
	e.counted("memberships", n, "")
	return nil
}
