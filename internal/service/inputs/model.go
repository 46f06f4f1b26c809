package inputs

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/attrs"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/configure"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/ids"
)

type model struct {
	UserID            types.String   `tfsdk:"user_id"`
	AppID             types.String   `tfsdk:"app_id"`
	ID                types.String   `tfsdk:"id"`
	Manifest          types.String   `tfsdk:"manifest"`
	ManifestFormat    types.String   `tfsdk:"manifest_format"`
	Directory         types.Object   `tfsdk:"directory"`
	Items             types.Map      `tfsdk:"items"`
	AllowDuplicateURL types.Bool     `tfsdk:"allow_duplicate_url"`
	OnConflict        types.String   `tfsdk:"on_conflict"`
	WaitForProcessing types.Bool     `tfsdk:"wait_for_processing"`
	OnFailed          types.String   `tfsdk:"on_failed"`
	FailuresFile      types.String   `tfsdk:"failures_file"`
	Parallelism       types.Int64    `tfsdk:"parallelism"`
	MaxDeletes        types.Int64    `tfsdk:"max_deletes"`
	DeletionPolicy    types.String   `tfsdk:"deletion_policy"`
	Timeouts          timeouts.Value `tfsdk:"timeouts"`
	InputCount        types.Int64    `tfsdk:"input_count"`
	SourceSHA256      types.String   `tfsdk:"source_sha256"`
	Changes           types.Object   `tfsdk:"changes"`
	InSync            types.Bool     `tfsdk:"in_sync"`
	FailedCount       types.Int64    `tfsdk:"failed_count"`
	Fingerprints      types.String   `tfsdk:"fingerprints"`
}

func (m *model) app() clarifai.AppRef { return ids.App(m.UserID, m.AppID) }

// String names the resource in messages.
func (m *model) String() string { return fmt.Sprintf("inputs %q", m.ID.ValueString()) }

func (m *model) site(client *clarifai.Client) site {
	return site{client: client, app: m.app(), ledger: m.ID.ValueString()}
}

func (m *model) options() options {
	return options{
		allowDuplicateURL: m.AllowDuplicateURL.ValueBool(),
		waitForProcessing: m.WaitForProcessing.ValueBool(),
		acceptFailed:      m.OnFailed.ValueString() == onWarn,
		abandon:           m.DeletionPolicy.ValueString() == attrs.DeletionAbandon,
	}
}

// defaultTimeout grows with the number of inputs.
func defaultTimeout(inputs int) time.Duration {
	return 20*time.Minute + time.Duration(inputs)*time.Minute/1000
}

// sources are the attributes that say what the inputs are, by name.
func (m *model) sources() map[string]attr.Value {
	return map[string]attr.Value{"manifest": m.Manifest, "directory": m.Directory, "items": m.Items}
}

// check refuses, as far as values are known, what is not one source.
func (m *model) check() diag.Diagnostics {
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

// checkRows refuses rows that would do harm to the ledger, and warns of a source without any.
func (m *model) checkRows(rows *collection) diag.Diagnostics {
	var diags diag.Diagnostics
	if !m.ID.IsUnknown() && slices.Contains(rows.datasets, m.ID.ValueString()) {
		diags.AddAttributeError(path.Root("id"), fmt.Sprintf("Dataset %q is the list of this resource's inputs", m.ID.ValueString()),
			"The id of this resource is also that of the dataset in which the provider lists the resource's inputs, all of them, so rows cannot choose whether to be in it. "+
				"Leave it out of the rows' datasets, or give the resource another id.")
	}
	if len(rows.rows) == 0 && m.Items.IsNull() {
		text := "It is read all the same, as a list of no inputs."
		if rows.ignored > 0 {
			text += fmt.Sprintf(" %d of the directory's files match the pattern and are ignored, since their endings are not those of images, videos, audios or texts.", rows.ignored)
		}
		diags.AddWarning("The source lists no inputs", text)
	}
	return diags
}

// sourceKey tells apart what is read from disk during one run.
type sourceKey struct{ manifest, format, directory string }

// source names the file or directory that the rows come from; "" for items.
func (m *model) source() string {
	d, _ := readDirectory(m.Directory)
	if !m.Items.IsNull() {
		return ""
	}
	return fmt.Sprintf("%s %s %+v", m.Manifest.ValueString(), m.ManifestFormat.ValueString(), d)
}

// load reads the source. It is not known as long as a value in it is not.
func (m *model) load(p *configure.Provider) (rows *collection, known bool, diags diag.Diagnostics) {
	switch {
	case m.Manifest.IsUnknown() || m.ManifestFormat.IsUnknown() || m.Directory.IsUnknown() || m.Items.IsUnknown():
		return nil, false, nil
	case !m.Manifest.IsNull():
		name, format := m.Manifest.ValueString(), m.ManifestFormat.ValueString()
		rows, err := keep(p, sourceKey{manifest: name, format: format}, func() (*collection, error) { return loadManifest(name, format) })
		if err != nil {
			text := explainSource(err)
			if errors.Is(err, fs.ErrNotExist) {
				text += "\n\nIf something else in the configuration writes the file, refer to it by a value that is not known before that is done."
			}
			diags.AddAttributeError(path.Root("manifest"), "Cannot use the manifest", text)
		}
		return rows, true, diags
	case !m.Directory.IsNull():
		d, ok := readDirectory(m.Directory)
		if !ok {
			return nil, false, nil
		}
		rows, err := keep(p, sourceKey{directory: fmt.Sprintf("%#v", d)}, func() (*collection, error) { return loadDirectory(d) })
		if err != nil {
			diags.AddAttributeError(path.Root("directory"), "Cannot use the directory", explainSource(err))
		}
		return rows, true, diags
	case !m.Items.IsNull():
		rows, known, err := readItems(m.Items)
		if err != nil {
			diags.AddAttributeError(path.Root("items"), "Cannot use the items", explainSource(err))
		}
		return rows, known, diags
	}
	return nil, true, nil
}

func explainSource(err error) string {
	text := err.Error()
	var rows *badRowsError
	if errors.As(err, &rows) {
		return text // begins with names of theirs
	}
	return strings.ToUpper(text[:1]) + text[1:] + "."
}

// keep reads a source once in a run.
func keep(p *configure.Provider, key sourceKey, read func() (*collection, error)) (*collection, error) {
	if p == nil {
		return read()
	}
	once, ok := p.Cached(key, func() any { return sync.OnceValues(read) }).(func() (*collection, error))
	if !ok {
		return read()
	}
	return once()
}

func textOf(o types.Object, name string) (string, bool) {
	v, _ := o.Attributes()[name].(types.String)
	return v.ValueString(), !v.IsUnknown()
}

// textsOf are the strings of a list; set tells whether it is not null, known whether all of it is.
func textsOf(v attr.Value) (all []string, set, known bool) {
	list, ok := v.(types.List)
	if !ok || list.IsNull() {
		return nil, false, true
	}
	if list.IsUnknown() {
		return nil, true, false
	}
	for _, e := range list.Elements() {
		s, ok := e.(types.String)
		if !ok || s.IsUnknown() {
			return nil, true, false
		}
		all = append(all, s.ValueString())
	}
	return all, true, true
}

// readDirectory is the directory as configured; not ok when something in it is unknown.
func readDirectory(o types.Object) (d directory, ok bool) {
	var known [4]bool
	d.path, known[0] = textOf(o, "path")
	d.pattern, known[1] = textOf(o, "pattern")
	d.idFrom, known[2] = textOf(o, "id_from")
	d.datasets, _, known[3] = textsOf(o.Attributes()["dataset_ids"])
	label, _ := o.Attributes()["label_by_folder"].(types.Bool)
	d.labelByFolder = label.IsNull() || label.ValueBool()
	return d, !slices.Contains(known[:], false) && !label.IsUnknown()
}

// readItems are the rows of the map; not known when something in it is not.
func readItems(items types.Map) (rows *collection, known bool, err error) {
	all := items.Elements()
	names := make([]string, 0, len(all))
	for id := range all {
		names = append(names, id)
	}
	slices.Sort(names)
	c := newCollector(func(line int32) string {
		if line > 0 && int(line) <= len(names) {
			return fmt.Sprintf("items[%q]", names[line-1])
		}
		return "items"
	})
	for i, id := range names {
		o, ok := all[id].(types.Object)
		if !ok || o.IsUnknown() {
			return nil, false, nil
		}
		in, known := readItem(o)
		if !known {
			return nil, false, nil
		}
		in.id = id
		c.add(int32(i+1), in) //nolint:gosec // items of a map
	}
	rows, err = c.collect()
	return rows, true, err
}

// readItem is one item as configured; not known when something in it is not.
func readItem(o types.Object) (in raw, known bool) {
	a := o.Attributes()
	for name, v := range a {
		if v.IsUnknown() {
			return raw{}, false
		}
		s, ok := v.(types.String)
		if !ok {
			continue
		}
		switch name {
		case "url":
			in.url = s.ValueString()
		case "file":
			in.file = s.ValueString()
		case "text":
			in.text = s.ValueString()
		case "kind":
			in.kind = s.ValueString()
		case "metadata":
			in.metadata = []byte(s.ValueString())
		}
	}
	if concepts, ok := a["concepts"].(types.Map); ok && !concepts.IsNull() {
		in.labelled = true
		for id, v := range concepts.Elements() {
			f, ok := v.(types.Float64)
			if !ok || f.IsUnknown() {
				return raw{}, false
			}
			in.labels = append(in.labels, label{id, clarifai.Float(f.ValueFloat64())})
		}
	}
	if geo, ok := a["geo"].(types.Object); ok && !geo.IsNull() {
		latitude, _ := geo.Attributes()["latitude"].(types.Float64)
		longitude, _ := geo.Attributes()["longitude"].(types.Float64)
		if latitude.IsUnknown() || longitude.IsUnknown() {
			return raw{}, false
		}
		in.geo = point(latitude.ValueFloat64(), longitude.ValueFloat64())
	}
	in.datasets, in.sorted, known = textsOf(a["dataset_ids"])
	return in, known
}

// changes are the numbers of a plan.
func (s summary) changes(ctx context.Context, o options) (types.Object, diag.Diagnostics) {
	list := func(all []string) attr.Value {
		v, _ := types.ListValueFrom(ctx, types.StringType, append([]string{}, all...))
		return v
	}
	return types.ObjectValue(changesType, map[string]attr.Value{
		"add": types.Int64Value(int64(s.Add)), "change": types.Int64Value(int64(s.Change)),
		"replace": types.Int64Value(int64(s.anew(o))), "remove": types.Int64Value(int64(s.Remove)),
		"add_ids": list(s.AddIDs), "change_ids": list(s.ChangeIDs), "replace_ids": list(s.ReplaceIDs), "remove_ids": list(s.RemoveIDs),
	})
}
