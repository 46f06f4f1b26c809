package export

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"maps"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2/hclwrite"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
	"github.com/zclconf/go-cty/cty"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/configure"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/diags"
)

// server is what is asked of the provider.
type server interface {
	tfprotov6.ProviderServer
	tfprotov6.ListResourceServer
}

// exporter writes one app to one directory.
type exporter struct {
	server   server
	client   *clarifai.Client
	app      clarifai.AppRef
	opts     options
	progress io.Writer

	resources map[string]*tfprotov6.Schema // by type name
	lists     map[string]*tfprotov6.Schema

	labels   labels
	files    map[string]*hclwrite.File // by name, in the directory
	imports  *hclwrite.File
	datasets map[string]string // labels of exported datasets by ID
	content  *content          // nil without -download

	counts  []count
	leftOut []string // sentences for the README
}

// count is how many objects of a kind were exported.
type count struct {
	what string
	n    int
	note string
}

func newExporter(ctx context.Context, protocol tfprotov6.ProviderServer, provider *configure.Provider, opts options,
	progress io.Writer) (*exporter, error) {
	serves, ok := protocol.(server)
	if !ok {
		return nil, fmt.Errorf("the provider's server %T lists no resources", protocol)
	}
	schemas, err := serves.GetProviderSchema(ctx, &tfprotov6.GetProviderSchemaRequest{})
	if err != nil {
		return nil, err
	}
	if err := diags.ProtocolError(schemas.Diagnostics); err != nil {
		return nil, err
	}
	app := clarifai.AppRef{UserID: provider.UserID, AppID: provider.AppID}
	switch {
	case app.UserID == "":
		return nil, errors.New("the user is missing: give -user, or set CLARIFAI_USER_ID")
	case app.AppID == "":
		return nil, errors.New("the app is missing: give -app, or set CLARIFAI_APP_ID")
	}
	return &exporter{
		server: serves, client: provider.API, app: app, opts: opts, progress: progress,
		resources: schemas.ResourceSchemas, lists: schemas.ListResourceSchemas,
		labels: labels{}, files: map[string]*hclwrite.File{}, imports: hclwrite.NewEmptyFile(), datasets: map[string]string{},
	}, nil
}

// run reads the app and writes the directory.
func (e *exporter) run(ctx context.Context) error {
	if err := e.prepare(); err != nil {
		return err
	}
	app, err := e.client.GetApp(ctx, e.app)
	if err != nil {
		return fmt.Errorf("unable to read app %q of user %q: %w", e.app.AppID, e.app.UserID, err)
	}
	if e.opts.has(KindApp) && len(e.opts.datasets) == 0 {
		if err := e.exportApp(ctx); err != nil {
			return err
		}
	}
	if err := e.exportDatasets(ctx); err != nil {
		return err
	}
	if e.opts.has(KindConcepts) {
		if err := e.exportConcepts(ctx, app); err != nil {
			return err
		}
	}
	if e.opts.has(KindInputs) {
		if err := e.withContent(ctx, e.exportInputs); err != nil {
			return err
		}
	}
	if e.opts.has(KindDatasetVersions) {
		if err := e.exportVersions(ctx); err != nil {
			return err
		}
	}
	if e.opts.has(KindSearches) && len(e.opts.datasets) == 0 {
		if err := e.exportList(ctx, "clarifai_saved_search", "saved_searches.tf", "saved searches", []string{"id"}); err != nil {
			return err
		}
	}
	if err := e.finish(); err != nil {
		return err
	}
	return e.content.err()
}

// marker begins every file that export writes, so that -update knows which files are its own.
const marker = "# Written by terraform-provider-clarifai export."

// prepare creates the directory and rejects one that is not empty.
func (e *exporter) prepare() error {
	entries, err := os.ReadDir(e.opts.out)
	switch {
	case errors.Is(err, os.ErrNotExist):
		return os.MkdirAll(e.opts.out, 0o750)
	case err != nil:
		return err
	case len(entries) > 0 && !e.opts.update:
		return fmt.Errorf("the directory %q is not empty: choose another, or give -update to write again what an earlier export wrote there",
			e.opts.out)
	}
	if !e.opts.update {
		return nil
	}
	// Files of an earlier export whose objects are gone would stay and refer to them.
	for _, entry := range entries {
		path := filepath.Join(e.opts.out, entry.Name())
		if filepath.Ext(path) != ".tf" || !entry.Type().IsRegular() {
			continue
		}
		content, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		if strings.HasPrefix(string(content), marker) {
			if err := os.Remove(path); err != nil {
				return err
			}
		}
	}
	return nil
}

func (e *exporter) say(format string, args ...any) {
	_, _ = fmt.Fprintf(e.progress, format+"\n", args...)
}

func (e *exporter) counted(what string, n int, note string) {
	e.counts = append(e.counts, count{what, n, note})
	e.say("%s: %d", what, n)
}

// exportApp writes the app itself, which no list shows alone: it is imported and read, as Terraform would.
func (e *exporter) exportApp(ctx context.Context) error {
	const typeName = "clarifai_app"
	imported, err := e.server.ImportResourceState(ctx, &tfprotov6.ImportResourceStateRequest{TypeName: typeName, ID: e.app.AppID})
	if err == nil {
		err = diags.ProtocolError(imported.Diagnostics)
	}
	if err != nil {
		return err
	}
	read, err := e.server.ReadResource(ctx, &tfprotov6.ReadResourceRequest{
		TypeName: typeName, CurrentState: imported.ImportedResources[0].State,
		Private: imported.ImportedResources[0].Private, CurrentIdentity: imported.ImportedResources[0].Identity,
	})
	if err == nil {
		err = diags.ProtocolError(read.Diagnostics)
	}
	if err != nil {
		return err
	}
	if err := e.write(ctx, typeName, "app.tf", read.NewState, []string{"id"}); err != nil {
		return err
	}
	e.counted("app", 1, "")
	return nil
}

// exportDatasets writes datasets. If other kinds were asked for, it only notes which there are.
func (e *exporter) exportDatasets(ctx context.Context) error {
	if e.opts.has(KindDatasets) {
		return e.exportList(ctx, "clarifai_dataset", "datasets.tf", "datasets", []string{"id"})
	}
	for dataset, err := range e.client.AllDatasets(ctx, e.app,
		clarifai.ListDatasetsQuery{SortBy: clarifai.DatasetSortID, SortAscending: true}) {
		if err != nil {
			return fmt.Errorf("unable to list the datasets: %w", err)
		}
		if e.wantsDataset(dataset.ID) {
			e.datasets[dataset.ID] = ""
		}
	}
	return nil
}

func (e *exporter) wantsDataset(id string) bool {
	return len(e.opts.datasets) == 0 || slices.Contains(e.opts.datasets, id)
}

func (e *exporter) exportVersions(ctx context.Context) error {
	const typeName = "clarifai_dataset_version"
	n := 0
	for _, dataset := range slices.Sorted(maps.Keys(e.datasets)) {
		for state, err := range e.list(ctx, typeName, map[string]string{"dataset_id": dataset}) {
			if err != nil {
				return err
			}
			if err := e.write(ctx, typeName, "dataset_versions.tf", state, []string{"dataset_id", "id"}); err != nil {
				return err
			}
			n++
		}
	}
	e.counted("dataset versions", n, "")
	return nil
}

// exportList writes all objects that a list resource of the provider finds, one block each.
func (e *exporter) exportList(ctx context.Context, typeName, file, what string, key []string) error {
	n := 0
	for state, err := range e.list(ctx, typeName, nil) {
		if err != nil {
			return err
		}
		if typeName == "clarifai_dataset" {
			id, err := e.texts(typeName, state, "id")
			if err != nil {
				return err
			}
			if !e.wantsDataset(id[0]) {
				continue
			}
		}
		if err := e.write(ctx, typeName, file, state, key); err != nil {
			return err
		}
		n++
	}
	e.counted(what, n, "")
	return nil
}

// list yields the states of what a list resource finds.
func (e *exporter) list(ctx context.Context, typeName string, arguments map[string]string) iter.Seq2[*tfprotov6.DynamicValue, error] {
	return func(yield func(*tfprotov6.DynamicValue, error) bool) {
		objectType, ok := e.lists[typeName].ValueType().(tftypes.Object)
		if !ok {
			yield(nil, fmt.Errorf("the list resource %s has no schema", typeName))
			return
		}
		attributes := map[string]tftypes.Value{}
		for name, kind := range objectType.AttributeTypes {
			attributes[name] = tftypes.NewValue(kind, nil)
		}
		for name, text := range arguments {
			attributes[name] = tftypes.NewValue(tftypes.String, text)
		}
		config, err := tfprotov6.NewDynamicValue(objectType, tftypes.NewValue(objectType, attributes))
		if err != nil {
			yield(nil, err)
			return
		}
		stream, err := e.server.ListResource(ctx, &tfprotov6.ListResourceRequest{
			TypeName: typeName, Config: &config, IncludeResource: true, Limit: math.MaxInt64,
		})
		if err != nil {
			yield(nil, err)
			return
		}
		for result := range stream.Results {
			if err := diags.ProtocolError(result.Diagnostics); err != nil {
				yield(nil, err)
				return
			}
			if result.Resource != nil && !yield(result.Resource, nil) {
				return
			}
		}
	}
}

// texts reads string attributes of a state.
func (e *exporter) texts(typeName string, state *tfprotov6.DynamicValue, names ...string) ([]string, error) {
	value, err := state.Unmarshal(e.resources[typeName].ValueType())
	if err != nil {
		return nil, err
	}
	var attributes map[string]tftypes.Value
	if err := value.As(&attributes); err != nil {
		return nil, err
	}
	out := make([]string, len(names))
	for i, name := range names {
		if err := attributes[name].As(&out[i]); err != nil {
			return nil, fmt.Errorf("%s has no %s: %w", typeName, name, err)
		}
	}
	return out, nil
}

// write adds a resource block to a file, and its import block. key names the attributes that its import ID consists of.
func (e *exporter) write(ctx context.Context, typeName, file string, state *tfprotov6.DynamicValue, key []string) error {
	ids, err := e.texts(typeName, state, key...)
	if err != nil {
		return err
	}
	for _, id := range ids {
		if strings.Contains(id, "/") {
			e.leftOut = append(e.leftOut, fmt.Sprintf("%s `%s`: its ID contains a slash, which import IDs cannot express.",
				typeName, strings.Join(ids, ", ")))
			return nil
		}
	}
	generated, err := e.server.GenerateResourceConfig(ctx, &tfprotov6.GenerateResourceConfigRequest{TypeName: typeName, State: state})
	if err == nil {
		err = diags.ProtocolError(generated.Diagnostics)
	}
	if err != nil {
		return fmt.Errorf("%s %q: %w", typeName, strings.Join(ids, "/"), err)
	}
	value, err := generated.Config.Unmarshal(e.resources[typeName].ValueType())
	if err != nil {
		return err
	}
	var attributes map[string]tftypes.Value
	if err := value.As(&attributes); err != nil {
		return err
	}
	label := e.labels.take(typeName, strings.Join(ids, "_"))
	body := e.block(file, typeName, label)
	for _, name := range order(slices.Collect(maps.Keys(attributes)), key) {
		if attributes[name].IsNull() {
			continue
		}
		if name == "dataset_id" && typeName != "clarifai_dataset" {
			var dataset string
			if attributes[name].As(&dataset) == nil && e.datasets[dataset] != "" {
				body.SetAttributeRaw(name, reference("clarifai_dataset", e.datasets[dataset], "id"))
				continue
			}
		}
		expression, err := tokens(attributes[name])
		if err != nil {
			return fmt.Errorf("%s.%s, %s: %w", typeName, label, name, err)
		}
		body.SetAttributeRaw(name, expression)
	}
	if typeName == "clarifai_dataset" {
		e.datasets[ids[0]] = label
	}
	e.importBlock(typeName, label, strings.Join(ids, "/"))
	return nil
}

// order puts the attributes that say which object it is first, and the others in alphabetical order.
func order(names, key []string) []string {
	slices.Sort(names)
	out := slices.Clone(key)
	for _, name := range names {
		if !slices.Contains(key, name) {
			out = append(out, name)
		}
	}
	return out
}

// block adds an empty resource block to a file.
func (e *exporter) block(file, typeName, label string) *hclwrite.Body {
	f := e.files[file]
	if f == nil {
		f = hclwrite.NewEmptyFile()
		e.files[file] = f
	} else {
		f.Body().AppendNewline()
	}
	return f.Body().AppendNewBlock("resource", []string{typeName, label}).Body()
}

// importBlock adds an import block for a resource.
func (e *exporter) importBlock(typeName, label, id string) {
	if len(e.imports.Body().Blocks()) > 0 {
		e.imports.Body().AppendNewline()
	}
	body := e.imports.Body().AppendNewBlock("import", nil).Body()
	body.SetAttributeRaw("to", reference(typeName, label))
	body.SetAttributeValue("id", cty.StringVal(id))
}

// finish writes the files that were collected, the provider block and the README.
func (e *exporter) finish() error {
	e.files["imports.tf"] = e.imports
	e.files["providers.tf"] = e.providers()
	for _, name := range slices.Sorted(maps.Keys(e.files)) {
		content := append([]byte(marker+"\n\n"), hclwrite.Format(e.files[name].Bytes())...)
		if err := e.replace(name, func(w io.Writer) error {
			_, err := w.Write(content)
			return err
		}); err != nil {
			return err
		}
	}
	return e.replace("README.md", func(w io.Writer) error {
		_, err := io.WriteString(w, e.readme())
		return err
	})
}

// replace writes a file of the directory under another name first, so that an interrupted export leaves no half file.
func (e *exporter) replace(name string, write func(io.Writer) error) error {
	return replaceFile(e.opts.out, name, write)
}

func replaceFile(dir, name string, write func(io.Writer) error) (err error) {
	target := filepath.Join(dir, name)
	f, err := os.CreateTemp(dir, "."+name+".*.part")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			_ = f.Close()
			_ = os.Remove(f.Name())
		}
	}()
	if err := write(f); err != nil {
		return err
	}
	if err := f.Chmod(0o640); err != nil { //nolint:gosec // what the app holds is for the group that works on it, not for everybody
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	return os.Rename(f.Name(), target)
}

// providers is the provider block, with the scope that the blocks leave out.
func (e *exporter) providers() *hclwrite.File {
	f := hclwrite.NewEmptyFile()
	required := f.Body().AppendNewBlock("terraform", nil).Body().AppendNewBlock("required_providers", nil).Body()
	required.SetAttributeValue("clarifai", cty.ObjectVal(map[string]cty.Value{"source": cty.StringVal("clarifai/clarifai")}))
	f.Body().AppendNewline()
	block := f.Body().AppendNewBlock("provider", []string{"clarifai"}).Body()
	block.SetAttributeValue("user_id", cty.StringVal(e.app.UserID))
	block.SetAttributeValue("app_id", cty.StringVal(e.app.AppID))
	return f
}
