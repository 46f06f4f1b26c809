package inputs

import (
	"errors"
	"fmt"
	"io/fs"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/annotation"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/attrs"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/configure"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/ids"
	"github.com/clarifai/terraform-provider-clarifai/internal/service/inputs/reconcile"
	"github.com/clarifai/terraform-provider-clarifai/internal/service/inputs/source"
	"github.com/clarifai/terraform-provider-clarifai/internal/service/inputs/source/format"
)

type model struct {
	UserID               types.String   `tfsdk:"user_id"`
	AppID                types.String   `tfsdk:"app_id"`
	ID                   types.String   `tfsdk:"id"`
	Manifest             types.String   `tfsdk:"manifest"`
	ManifestFormat       types.String   `tfsdk:"manifest_format"`
	FilesDirectory       types.String   `tfsdk:"files_directory"`
	AllowOutsideFiles    types.Bool     `tfsdk:"allow_outside_files"`
	DatasetIDs           types.List     `tfsdk:"dataset_ids"`
	Columns              types.Map      `tfsdk:"columns"`
	IDFrom               types.String   `tfsdk:"id_from"`
	Labels               types.String   `tfsdk:"labels"`
	Regions              types.String   `tfsdk:"regions"`
	InvalidAnnotations   types.String   `tfsdk:"invalid_annotations"`
	ClassNames           types.List     `tfsdk:"class_names"`
	FramesPerSecond      types.Float64  `tfsdk:"frames_per_second"`
	MaxAnnotationDeletes types.Int64    `tfsdk:"max_annotation_deletes"`
	Directory            types.Object   `tfsdk:"directory"`
	Items                types.Map      `tfsdk:"items"`
	AllowDuplicateURL    types.Bool     `tfsdk:"allow_duplicate_url"`
	OnConflict           types.String   `tfsdk:"on_conflict"`
	WaitForProcessing    types.Bool     `tfsdk:"wait_for_processing"`
	OnFailed             types.String   `tfsdk:"on_failed"`
	FailuresFile         types.String   `tfsdk:"failures_file"`
	Parallelism          types.Int64    `tfsdk:"parallelism"`
	MaxDeletes           types.Int64    `tfsdk:"max_deletes"`
	DeletionPolicy       types.String   `tfsdk:"deletion_policy"`
	Timeouts             timeouts.Value `tfsdk:"timeouts"`
	InputCount           types.Int64    `tfsdk:"input_count"`
	SourceSHA256         types.String   `tfsdk:"source_sha256"`
	Changes              types.String   `tfsdk:"changes"`
	Drift                types.String   `tfsdk:"drift"`
	InSync               types.Bool     `tfsdk:"in_sync"`
	FailedCount          types.Int64    `tfsdk:"failed_count"`
}

func (m *model) app() clarifai.AppRef { return ids.App(m.UserID, m.AppID) }

// String names the resource in messages.
func (m *model) String() string { return fmt.Sprintf("inputs %q", m.ID.ValueString()) }

func (m *model) target(client *clarifai.Client) reconcile.Target {
	return reconcile.Target{Client: client, App: m.app(), TrackingID: m.ID.ValueString()}
}

func (m *model) options() reconcile.Options {
	return reconcile.Options{
		AllowDuplicateURL: m.AllowDuplicateURL.ValueBool(),
		WaitForProcessing: m.WaitForProcessing.ValueBool(),
		AcceptFailed:      m.OnFailed.ValueString() == onWarn,
		Abandon:           m.DeletionPolicy.ValueString() == attrs.DeletionAbandon,
		Workers:           int(m.Parallelism.ValueInt64()),
	}
}

func (m *model) overwrites() bool { return m.OnConflict.ValueString() == onOverwrite }

// scopeKnown reports whether it is known where the inputs are.
func (m *model) scopeKnown() bool {
	return !m.UserID.IsUnknown() && !m.AppID.IsUnknown() && !m.ID.IsUnknown()
}

// defaultTimeout grows with the number of inputs.
func defaultTimeout(inputs int) time.Duration {
	return 20*time.Minute + time.Duration(inputs)*time.Minute/1000
}

// sources returns the attributes that set what the inputs are, by name.
func (m *model) sources() map[string]attr.Value {
	return map[string]attr.Value{"manifest": m.Manifest, "directory": m.Directory, "items": m.Items}
}

// validate rejects anything but one source, as far as values are known.
func (m *model) validate() diag.Diagnostics {
	var diags diag.Diagnostics
	set, unknown := 0, false
	for _, source := range m.sources() {
		switch {
		case source.IsUnknown():
			unknown = true
		case !source.IsNull():
			set++
		}
	}
	if set > 1 || set == 0 && !unknown {
		diags.AddError("Not exactly one source of inputs", fmt.Sprintf("Set exactly one of manifest, directory and items; %d are set.", set))
	}
	return diags
}

// validateRows rejects rows that name the tracking dataset, and warns of a source without rows.
func (m *model) validateRows(rows *source.Rows) diag.Diagnostics {
	var diags diag.Diagnostics
	if !m.ID.IsUnknown() && slices.Contains(rows.Datasets, m.ID.ValueString()) {
		diags.AddAttributeError(path.Root("id"), fmt.Sprintf("Dataset %q is the tracking dataset of this resource", m.ID.ValueString()),
			"The provider keeps a dataset with the id of this resource, whose members are all inputs of the resource, so rows cannot choose "+
				"whether to be in it. "+
				"Remove it from the rows' datasets, or give the resource another id.")
	}
	if rows.Skipped != "" {
		diags.AddAttributeWarning(path.Root("manifest"), "Parts of the manifest are not kept", rows.Skipped)
	}
	for _, w := range rows.Warnings {
		diags.AddWarning(w.Summary, w.Detail)
	}
	if rows.Len() == 0 && m.Items.IsNull() {
		text := "It is read as a list of no inputs."
		if rows.Ignored > 0 {
			text += fmt.Sprintf(" %d of the directory's files match the pattern and are ignored, since their endings are not those of "+
				"images, videos, audios or texts.", rows.Ignored)
		}
		diags.AddWarning("The source lists no inputs", text)
	}
	return diags
}

// sourceKey identifies what is read from disk during one run.
type sourceKey struct{ manifest, directory string }

// sourceName names the file or directory that the rows come from; "" for items.
func (m *model) sourceName() string {
	d, _ := m.directory()
	if !m.Items.IsNull() {
		return ""
	}
	return fmt.Sprintf("%s %+v", m.manifestKey(), d)
}

// manifestKey tells apart the ways of reading a manifest.
func (m *model) manifestKey() string {
	parts := []string{m.Manifest.ValueString()}
	for _, v := range m.manifestOptions() {
		parts = append(parts, v.String())
	}
	return strings.Join(parts, " ")
}

// manifestOptions are the attributes that say how to read the manifest.
func (m *model) manifestOptions() []attr.Value {
	return []attr.Value{
		m.ManifestFormat, m.FilesDirectory, m.Columns, m.IDFrom, m.Labels, m.Regions, m.InvalidAnnotations, m.ClassNames, m.FramesPerSecond,
		m.AllowOutsideFiles, m.DatasetIDs,
	}
}

// manifest is the manifest as configured. It is not known if an option is not.
func (m *model) manifest() (manifest *source.Manifest, known bool) {
	if slices.ContainsFunc(m.manifestOptions(), func(v attr.Value) bool { return v.IsUnknown() }) {
		return nil, false
	}
	manifest = &source.Manifest{
		Path: m.Manifest.ValueString(), Format: m.ManifestFormat.ValueString(), Labels: m.Labels.ValueString(), IDFrom: m.IDFrom.ValueString(),
		Options: format.Options{
			Directory: m.FilesDirectory.ValueString(), OnInvalid: format.Policy(m.InvalidAnnotations.ValueString()),
			BoxesOnly: m.Regions.ValueString() == regionsBoxes, FPS: m.FramesPerSecond.ValueFloat64(), Columns: map[string]string{},
		},
	}
	for field, v := range m.Columns.Elements() {
		column, ok := v.(types.String)
		if !ok || column.IsUnknown() {
			return nil, false
		}
		manifest.Options.Columns[field] = column.ValueString()
	}
	classes, classesKnown := stringsOf(m.ClassNames)
	datasets, datasetsKnown := stringsOf(m.DatasetIDs)
	manifest.Options.Classes, manifest.DatasetIDs, manifest.AllowOutside = classes, datasets, m.AllowOutsideFiles.ValueBool()
	return manifest, classesKnown && datasetsKnown
}

// sourceMissing reports whether the only problem of the source is that files do not exist.
func (m *model) sourceMissing(p *configure.Provider) bool {
	_, err := m.read(p)
	return errors.Is(err, fs.ErrNotExist)
}

// read reads the source, if all of its values are known, once in a run.
func (m *model) read(p *configure.Provider) (*source.Rows, error) {
	switch {
	case !m.Manifest.IsNull():
		if manifest, known := m.manifest(); known {
			return readOnce(p, sourceKey{manifest: m.manifestKey()}, func() (*source.Rows, error) {
				return source.Load(manifest, source.Formats())
			})
		}
	case !m.Directory.IsNull():
		if d, known := m.directory(); known {
			return readOnce(p, sourceKey{directory: fmt.Sprintf("%#v", d)}, func() (*source.Rows, error) { return source.LoadDirectory(d) })
		}
	case !m.Items.IsNull():
		if datasets, known := stringsOf(m.DatasetIDs); known {
			rows, _, err := loadItems(m.Items, datasets)
			return rows, err
		}
	}
	return nil, nil
}

// load reads the source. The rows are not known if a value in it is not.
func (m *model) load(p *configure.Provider) (rows *source.Rows, known bool, diags diag.Diagnostics) {
	switch {
	case m.Manifest.IsUnknown() || m.ManifestFormat.IsUnknown() || m.Directory.IsUnknown() || m.Items.IsUnknown():
		return nil, false, nil
	case !m.Manifest.IsNull():
		if _, known := m.manifest(); !known {
			return nil, false, nil
		}
		rows, err := m.read(p)
		if err != nil {
			text := explainSource(err)
			if errors.Is(err, fs.ErrNotExist) {
				text += "\n\nIf another resource writes the file, reference an attribute of that resource that is not known before it is created."
			}
			diags.AddAttributeError(path.Root("manifest"), "Cannot use the manifest", text)
		}
		return rows, true, diags
	case !m.Directory.IsNull():
		if _, known := m.directory(); !known {
			return nil, false, nil
		}
		rows, err := m.read(p)
		if err != nil {
			diags.AddAttributeError(path.Root("directory"), "Cannot use the directory", explainSource(err))
		}
		return rows, true, diags
	case !m.Items.IsNull():
		datasets, known := stringsOf(m.DatasetIDs)
		if !known {
			return nil, false, nil
		}
		rows, known, err := loadItems(m.Items, datasets)
		if err != nil {
			diags.AddAttributeError(path.Root("items"), "Cannot use the items", explainSource(err))
		}
		return rows, known, diags
	}
	return nil, true, nil
}

func explainSource(err error) string {
	text := err.Error()
	if source.IsRowsError(err) {
		return text // begins with a name of the user's
	}
	return strings.ToUpper(text[:1]) + text[1:] + "."
}

// With many rows and annotations the live heap is large, and the garbage collector's default lets it grow to twice that
// size. A lower target takes a tenth more CPU time and saves a quarter of the memory.
const (
	many                 = 20_000
	gcPercentForMany     = 50
	veryMany             = 500_000
	gcPercentForVeryMany = 30
)

// readOnce reads a source once in a run.
func readOnce(p *configure.Provider, key sourceKey, read func() (*source.Rows, error)) (*source.Rows, error) {
	if p == nil {
		return read()
	}
	once, ok := p.Cached(key, func() any {
		return sync.OnceValues(func() (*source.Rows, error) {
			rows, err := read()
			switch n := rows.Len() + rows.Annotations(); {
			case n > veryMany:
				debug.SetGCPercent(gcPercentForVeryMany)
			case n > many:
				debug.SetGCPercent(gcPercentForMany)
			}
			return rows, err
		})
	}).(func() (*source.Rows, error))
	if !ok {
		return read()
	}
	return once()
}

func stringOf(o types.Object, name string) (value string, known bool) {
	v, _ := o.Attributes()[name].(types.String)
	return v.ValueString(), !v.IsUnknown()
}

// stringsOf returns the strings of a list. They are nil if it is null, and not known if any of them is not.
func stringsOf(v attr.Value) (all []string, known bool) {
	list, ok := v.(types.List)
	if !ok || list.IsNull() {
		return nil, true
	}
	if list.IsUnknown() {
		return nil, false
	}
	all = []string{}
	for _, e := range list.Elements() {
		s, ok := e.(types.String)
		if !ok || s.IsUnknown() {
			return nil, false
		}
		all = append(all, s.ValueString())
	}
	return all, true
}

// directory returns the directory as configured. It is not known if something about it is not.
func (m *model) directory() (d source.Directory, known bool) {
	o := m.Directory
	var all [6]bool
	d.Path, all[0] = stringOf(o, "path")
	d.Pattern, all[1] = stringOf(o, "pattern")
	d.IDFrom, all[2] = stringOf(o, "id_from")
	own, ownKnown := stringsOf(o.Attributes()["dataset_ids"])
	d.Datasets, all[3] = stringsOf(m.DatasetIDs)
	if len(own) > 0 {
		d.Datasets = append(slices.Clone(d.Datasets), own...)
	}
	all[4] = ownKnown
	d.Kinds, all[5] = stringsOf(o.Attributes()["kinds"])
	label, _ := o.Attributes()["label_by_folder"].(types.Bool)
	d.LabelByFolder = label.IsNull() || label.ValueBool()
	d.LabelNames = m.Labels.ValueString() == source.LabelsNames
	return d, !slices.Contains(all[:], false) && !label.IsUnknown() && !m.Labels.IsUnknown()
}

// loadItems returns the rows of the map. They are not known if something in it is not.
func loadItems(items types.Map, datasetIDs []string) (rows *source.Rows, known bool, err error) {
	all := items.Elements()
	names := make([]string, 0, len(all))
	for id := range all {
		names = append(names, id)
	}
	slices.Sort(names)
	records := make([]source.Record, 0, len(all))
	for _, id := range names {
		o, ok := all[id].(types.Object)
		if !ok || o.IsUnknown() {
			return nil, false, nil
		}
		record, known, err := itemRecord(o)
		if err != nil {
			return nil, true, fmt.Errorf("items[%q]: %w", id, err)
		}
		if !known {
			return nil, false, nil
		}
		record.ID, record.At.File = id, fmt.Sprintf("items[%q]", id)
		records = append(records, record)
	}
	rows, err = source.Collect(slices.Values(records), datasetIDs)
	return rows, true, err
}

// itemRecord returns one item as configured. It is not known if something in it is not.
func itemRecord(o types.Object) (record source.Record, known bool, err error) {
	a := o.Attributes()
	for name, v := range a {
		if v.IsUnknown() {
			return source.Record{}, false, nil
		}
		s, ok := v.(types.String)
		if !ok {
			continue
		}
		switch name {
		case "url":
			record.URL = s.ValueString()
		case "file":
			record.File = s.ValueString()
		case "text":
			record.Text = s.ValueString()
		case "kind":
			record.Kind = s.ValueString()
		case "metadata":
			record.Metadata = []byte(s.ValueString())
		case "annotations":
			if s.IsNull() {
				continue
			}
			if record.Annotations, err = annotation.Parse(jsontext.Value(s.ValueString()), asWritten); err != nil {
				return source.Record{}, true, err
			}
		}
	}
	if concepts, ok := a["concepts"].(types.Map); ok && !concepts.IsNull() {
		record.Concepts = []source.Concept{}
		for id, v := range concepts.Elements() {
			f, ok := v.(types.Float64)
			if !ok || f.IsUnknown() {
				return source.Record{}, false, nil
			}
			record.Concepts = append(record.Concepts, source.Concept{ID: id, Value: f.ValueFloat64()})
		}
	}
	if geo, ok := a["geo"].(types.Object); ok && !geo.IsNull() {
		latitude, _ := geo.Attributes()["latitude"].(types.Float64)
		longitude, _ := geo.Attributes()["longitude"].(types.Float64)
		if latitude.IsUnknown() || longitude.IsUnknown() {
			return source.Record{}, false, nil
		}
		record.Geo = &source.Geo{Latitude: latitude.ValueFloat64(), Longitude: longitude.ValueFloat64()}
	}
	record.Datasets, known = stringsOf(a["dataset_ids"])
	return record, known, nil
}

// asWritten is where the files of masks in items are: relative to the directory that Terraform runs in.
func asWritten(file string) string { return file }
