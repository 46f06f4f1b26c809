package input

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework-jsontypes/jsontypes"
	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/annotationattrs"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/attrs"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/ids"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/inputcontent"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/inputdata"
)

// model is an input in resource, data source and list.
//
// Concepts, metadata and geo follow one rule: null is not managed, so values that were added outside
// Terraform are neither shown nor changed. Everything else is exactly what the input shall have.
type model struct {
	UserID     types.String         `tfsdk:"user_id"`
	AppID      types.String         `tfsdk:"app_id"`
	ID         types.String         `tfsdk:"id"`
	Concepts   types.Map            `tfsdk:"concepts"`
	Metadata   jsontypes.Normalized `tfsdk:"metadata"`
	Geo        types.Object         `tfsdk:"geo"`
	Status     types.Object         `tfsdk:"status"`
	HostedURL  types.String         `tfsdk:"hosted_url"`
	MediaInfo  types.Object         `tfsdk:"media_info"`
	CreatedAt  types.String         `tfsdk:"created_at"`
	ModifiedAt types.String         `tfsdk:"modified_at"`
}

// resourceModel adds the attributes that only the resource has.
type resourceModel struct {
	model
	Image             types.Object   `tfsdk:"image"`
	Video             types.Object   `tfsdk:"video"`
	Audio             types.Object   `tfsdk:"audio"`
	Text              types.Object   `tfsdk:"text"`
	DatasetIDs        types.Set      `tfsdk:"dataset_ids"`
	WaitForProcessing types.Bool     `tfsdk:"wait_for_processing"`
	DeletionPolicy    types.String   `tfsdk:"deletion_policy"`
	Timeouts          timeouts.Value `tfsdk:"timeouts"`
	ContentSHA256     types.String   `tfsdk:"content_sha256"`

	ConceptNames       types.Map    `tfsdk:"concept_names"`
	Regions            types.List   `tfsdk:"regions"`
	Annotations        types.List   `tfsdk:"annotations"`
	MasksSHA256        types.String `tfsdk:"masks_sha256"`
	OtherAnnotations   types.Int64  `tfsdk:"other_annotations"`
	AddJobID           types.String `tfsdk:"inputs_add_job_id"`
	ConflictResolution types.String `tfsdk:"input_id_conflict_resolution"`
}

// dataModel adds the attributes that only the data source has.
type dataModel struct {
	model
	URL types.String `tfsdk:"url"`
}

func (m *model) app() clarifai.AppRef { return ids.App(m.UserID, m.AppID) }

// String names the input in messages.
func (m *model) String() string { return fmt.Sprintf("input %q", m.ID.ValueString()) }

// contents are the content attributes by input type.
func (m *resourceModel) contents() map[string]types.Object {
	return map[string]types.Object{inputcontent.Image: m.Image, inputcontent.Video: m.Video, inputcontent.Audio: m.Audio,
		inputcontent.Text: m.Text}
}

// content is the content of a plan or state in which everything is known.
func (m *resourceModel) content() (content, bool) {
	found_, _ := contentsIn(m.contents())
	if len(found_) != 1 {
		return content{}, false
	}
	return found_[0], true
}

// newID returns a random id of 32 hex digits. The provider chooses ids itself, so that an input can be
// found again if the response to its creation is lost.
func newID() string {
	b := make([]byte, 16)
	_, _ = rand.Read(b) // never fails
	return hex.EncodeToString(b)
}

// toAPI returns the input to create. It reads the content, which must be what was planned.
func (m *resourceModel) toAPI(ctx context.Context) (clarifai.Input, diag.Diagnostics) {
	var diags diag.Diagnostics
	source, ok := m.content()
	if !ok {
		diags.AddAttributeError(path.Root(inputcontent.Image), "No content", "Set exactly one of image, video, audio and text.")
		return clarifai.Input{}, diags
	}
	data, digest, problems := source.data()
	diags.Append(problems...)
	if diags.HasError() {
		return clarifai.Input{}, diags
	}
	switch {
	case digest == "":
		m.ContentSHA256 = types.StringNull()
	case isKnown(m.ContentSHA256) && m.ContentSHA256.ValueString() != digest:
		diags.AddAttributeError(path.Root(source.inputType), "Content changed since the plan",
			fmt.Sprintf("The SHA-256 at plan was %s, now it is %s. Plan and apply again.", m.ContentSHA256.ValueString(), digest))
		return clarifai.Input{}, diags
	default:
		m.ContentSHA256 = types.StringValue(digest)
	}
	data.Concepts = m.named(conceptsToAPI(m.Concepts))
	data.Metadata = attrs.Struct(m.Metadata)
	data.Geo = inputdata.GeoToAPI(m.Geo)
	data.Regions, problems = annotationattrs.RegionsToAPI(ctx, m.Regions)
	diags.Append(problems...)
	return clarifai.Input{ID: m.ID.ValueString(), Data: data, DatasetIDs: setStrings(m.DatasetIDs)}, diags
}

// named adds the names that concepts get if the app does not have them.
func (m *resourceModel) named(concepts []clarifai.Concept) []clarifai.Concept {
	for i := range concepts {
		if name, ok := m.ConceptNames.Elements()[concepts[i].ID].(types.String); ok {
			concepts[i].Name = name.ValueString()
		}
	}
	return concepts
}

// addOptions are the settings of the request that creates the input.
func (m *resourceModel) addOptions() clarifai.AddOptions {
	options := clarifai.AddOptions{JobID: m.AddJobID.ValueString()}
	switch m.ConflictResolution.ValueString() {
	case "SKIP":
		options.ConflictResolution = clarifai.ConflictSkip
	case "SUFFIX":
		options.ConflictResolution = clarifai.ConflictSuffix
	}
	return options
}

// isSame reports whether an input is the one that want describes.
func isSame(want clarifai.Input, found *clarifai.Input) bool {
	wantType, wantURL, _ := inputcontent.FromData(want.Data)
	inputType, url, _ := inputcontent.FromData(found.Data)
	return inputType == wantType && (wantURL == "" || url == wantURL) && found.Data != nil &&
		inputdata.Same(inputdata.Values(found.Data.Concepts), inputdata.Values(want.Data.Concepts)) &&
		attrs.SameJSON(found.Data.Metadata, want.Data.Metadata) &&
		inputdata.SameGeo(found.Data.Geo, want.Data.Geo)
}

// diff returns the PATCH for changed concepts, metadata and geo location, with its action; nil if
// nothing changed. Additions and changes are merged, which keeps everything else. If something is
// removed, everything is overwritten; present returns what must be sent along to be kept.
func (m *model) diff(prior model, present func() (*clarifai.Data, error)) (*clarifai.Data, clarifai.PatchAction, error) {
	merged, complete, changed := m.diffMerge(prior)
	if !changed {
		return nil, "", nil
	}
	if complete {
		return merged, clarifai.ActionMerge, nil
	}
	have, err := present()
	if err != nil {
		return nil, "", err
	}
	// It is documented that concepts, metadata and geo location are overwritten. Regions and the like, which
	// may have been added outside Terraform, are sent back in case they are overwritten too.
	data := &clarifai.Data{
		Concepts: inputdata.Sendable(have.Concepts), Metadata: have.Metadata, Geo: have.Geo,
		Regions: have.Regions, Frames: have.Frames, TimeSegments: have.TimeSegments, Tracks: have.Tracks,
	}
	if !m.Concepts.IsNull() || !prior.Concepts.IsNull() {
		data.Concepts = conceptsToAPI(m.Concepts)
	}
	if !m.Metadata.IsNull() || !prior.Metadata.IsNull() {
		data.Metadata = attrs.Struct(m.Metadata)
		if data.Metadata == nil {
			data.Metadata = clarifai.Struct("{}")
		}
	}
	if !m.Geo.IsNull() || !prior.Geo.IsNull() {
		data.Geo = inputdata.GeoToAPI(m.Geo)
	}
	return data, clarifai.ActionOverwrite, nil
}

// diffMerge returns the PATCH that merges additions and changes. complete reports whether nothing has
// to be removed.
func (m *model) diffMerge(prior model) (data *clarifai.Data, complete, changed bool) {
	data, complete = &clarifai.Data{}, true
	now, before := inputdata.Values(conceptsToAPI(m.Concepts)), inputdata.Values(conceptsToAPI(prior.Concepts))
	if m.Concepts.IsNull() != prior.Concepts.IsNull() || !inputdata.Same(now, before) {
		changed = true
		complete = complete && !prior.Concepts.IsNull() // otherwise there may be concepts that state does not have
		for id := range before {
			_, stays := now[id]
			complete = complete && stays
		}
		for _, label := range conceptsToAPI(m.Concepts) {
			if old, had := before[label.ID]; !had || old != *label.Value {
				data.Concepts = append(data.Concepts, label)
			}
		}
	}
	if m.Metadata.IsNull() != prior.Metadata.IsNull() || !attrs.SameJSON(attrs.Struct(m.Metadata), attrs.Struct(prior.Metadata)) {
		changed = true
		difference, mergeable := inputdata.MergePatch(attrs.Struct(prior.Metadata), attrs.Struct(m.Metadata))
		complete = complete && mergeable
		data.Metadata = difference
	}
	if geo := inputdata.GeoToAPI(m.Geo); !inputdata.SameGeo(geo, inputdata.GeoToAPI(prior.Geo)) {
		changed = true
		complete = complete && geo != nil
		data.Geo = geo
	}
	return data, complete, changed
}

// fromAPI sets the managed attributes, or all of them if the input is being imported.
func (m *model) fromAPI(in *clarifai.Input, importing bool) {
	m.computedFromAPI(in)
	d := in.Data
	if d == nil {
		d = &clarifai.Data{}
	}
	if found := inputdata.Values(d.Concepts); !m.Concepts.IsNull() && !inputdata.Same(found,
		inputdata.Values(conceptsToAPI(m.Concepts))) || importing && len(found) > 0 {
		m.Concepts = conceptsFromAPI(m.Concepts, found)
	}
	if !m.Metadata.IsNull() || importing {
		m.Metadata = attrs.JSON(m.Metadata, d.Metadata)
	}
	if !m.Geo.IsNull() && !inputdata.SameGeo(inputdata.GeoToAPI(m.Geo), d.Geo) || importing {
		m.Geo = inputdata.GeoFromAPI(d.Geo)
	}
}

// computedFromAPI sets the attributes that are only computed.
func (m *model) computedFromAPI(in *clarifai.Input) {
	_, _, hosted := inputcontent.FromData(in.Data)
	m.Status = attrs.StatusFromAPI(in.Status)
	m.HostedURL = attrs.Text(inputcontent.HostedURL(hosted))
	m.MediaInfo = infoFromAPI(in.Data)
	m.CreatedAt = attrs.Time(in.CreatedAt)
	m.ModifiedAt = attrs.Time(in.ModifiedAt)
}

// contentFromAPI checks whether the content is still the one in state. It only changes if somebody
// deletes the input and creates another with its id. An import sets the input type and the URL.
func (m *resourceModel) contentFromAPI(in *clarifai.Input, importing bool) {
	inputType, url, hosted := inputcontent.FromData(in.Data)
	if inputType == "" || !importing && m.CreatedAt.Equal(attrs.Time(in.CreatedAt)) {
		return
	}
	had, _ := m.content()
	if original := inputcontent.HostedURL(hosted); url == original {
		url = "" // the service's copy of content that was sent
	}
	if !importing && inputType == had.inputType && had.url.ValueString() == url && url != "" {
		return // recreated from the same URL
	}
	for _, each := range inputcontent.Types {
		*m.slot(each) = types.ObjectNull(contentType(each))
	}
	values := map[string]attr.Value{}
	for name, t := range contentType(inputType) {
		values[name] = types.StringNull()
		if t.Equal(types.BoolType) {
			values[name] = types.BoolNull()
		}
	}
	values["url"] = attrs.Text(url)
	*m.slot(inputType) = types.ObjectValueMust(contentType(inputType), values)
	m.ContentSHA256 = types.StringNull()
	if !importing && url == "" {
		m.ContentSHA256 = types.StringValue("") // unknown content
	}
}

func (m *resourceModel) slot(inputType string) *types.Object {
	switch inputType {
	case inputcontent.Image:
		return &m.Image
	case inputcontent.Video:
		return &m.Video
	case inputcontent.Audio:
		return &m.Audio
	}
	return &m.Text
}

// conceptsToAPI returns the concepts to send, sorted by id; none if null.
func conceptsToAPI(m types.Map) []clarifai.Concept {
	var concepts []clarifai.Concept
	for _, id := range slices.Sorted(maps.Keys(m.Elements())) {
		if v, ok := m.Elements()[id].(types.Float64); ok {
			value := clarifai.NewFloat(v.ValueFloat64())
			concepts = append(concepts, clarifai.Concept{ID: id, Value: &value})
		}
	}
	return concepts
}

// conceptsFromAPI keeps the notation of each value that has not changed.
func conceptsFromAPI(prior types.Map, found map[string]clarifai.Float) types.Map {
	elements := map[string]attr.Value{}
	for id, value := range found {
		elements[id] = attrs.Float(value)
		if was, ok := prior.Elements()[id].(types.Float64); ok && inputdata.SameFloat(clarifai.NewFloat(was.ValueFloat64()), value) {
			elements[id] = was
		}
	}
	return types.MapValueMust(types.Float64Type, elements)
}

// setStrings returns the strings of a set, sorted.
func setStrings(s types.Set) []string {
	var all []string
	for _, v := range s.Elements() {
		if text, ok := v.(types.String); ok {
			all = append(all, text.ValueString())
		}
	}
	slices.Sort(all)
	return all
}

func setOf(ctx context.Context, all []string) (types.Set, diag.Diagnostics) {
	return types.SetValueFrom(ctx, types.StringType, append([]string{}, all...))
}
