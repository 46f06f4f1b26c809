package input

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-jsontypes/jsontypes"
	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/adopt"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/attrs"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/ids"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/inputcontent"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/inputdata"
)

// model is an input as resource, data source and list show it.
//
// Concepts, metadata and geo follow one rule: null is not managed, so that what
// others put there is neither shown nor touched; anything else is exactly what
// the input is to have.
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

// resourceModel adds what only the resource has.
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
}

// dataModel adds what only the data source has.
type dataModel struct {
	model
	URL types.String `tfsdk:"url"`
}

func (m *model) app() clarifai.AppRef { return ids.App(m.UserID, m.AppID) }

// String names the input in messages.
func (m *model) String() string { return fmt.Sprintf("input %q", m.ID.ValueString()) }

// media are the media by kind.
func (m *resourceModel) media() map[string]types.Object {
	return map[string]types.Object{inputcontent.Image: m.Image, inputcontent.Video: m.Video, inputcontent.Audio: m.Audio, inputcontent.Text: m.Text}
}

// medium is the one medium of a plan or state in which all is known.
func (m *resourceModel) medium() (medium, bool) {
	there, _ := mediaIn(m.media())
	if len(there) != 1 {
		return medium{}, false
	}
	return there[0], true
}

// newID makes an id as the service would. The provider chooses one itself, so that an input whose
// creation was answered into the void can be found again.
func newID() string {
	b := make([]byte, 16)
	_, _ = rand.Read(b) // never fails
	return hex.EncodeToString(b)
}

// request is the input to create. It reads the content, which must be what was planned.
func (m *resourceModel) request() (clarifai.Input, diag.Diagnostics) {
	var diags diag.Diagnostics
	source, ok := m.medium()
	if !ok {
		diags.AddAttributeError(path.Root(inputcontent.Image), "No medium", "Set exactly one of image, video, audio and text.")
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
	case known(m.ContentSHA256) && m.ContentSHA256.ValueString() != digest:
		diags.AddAttributeError(path.Root(source.kind), "Content changed since the plan",
			fmt.Sprintf("The plan was made for content with SHA-256 %s, and now it is %s. Plan and apply again.", m.ContentSHA256.ValueString(), digest))
		return clarifai.Input{}, diags
	default:
		m.ContentSHA256 = types.StringValue(digest)
	}
	data.Concepts = labels(m.Concepts)
	data.Metadata = attrs.Struct(m.Metadata)
	data.Geo = geoToAPI(m.Geo)
	return clarifai.Input{ID: m.ID.ValueString(), Data: data, DatasetIDs: texts(m.DatasetIDs)}, diags
}

// ours tells whether an input that was found is the one that was asked for with want.
func ours(want clarifai.Input, began time.Time) func(*clarifai.Input) bool {
	return func(found *clarifai.Input) bool {
		wantKind, wantURL, _ := inputcontent.FromData(want.Data)
		kind, url, _ := inputcontent.FromData(found.Data)
		return kind == wantKind && (wantURL == "" || url == wantURL) &&
			inputdata.Same(inputdata.Values(found.Data.Concepts), inputdata.Values(want.Data.Concepts)) &&
			attrs.SameJSON(found.Data.Metadata, want.Data.Metadata) &&
			inputdata.SameGeo(found.Data.Geo, want.Data.Geo) && adopt.MadeSince(found.CreatedAt, began)
	}
}

// change is what a patch has to say about labels, metadata and place, and with which action. Nothing to
// say is nil. What only comes on top is merged, which leaves all else as it is. When something goes away
// everything is overwritten; present is asked then for what must be sent along to be kept.
func (m *model) change(prior model, present func() (*clarifai.Data, error)) (*clarifai.Data, clarifai.PatchAction, error) {
	merged, exact, changed := m.merge(prior)
	if !changed {
		return nil, "", nil
	}
	if exact {
		return merged, clarifai.ActionMerge, nil
	}
	have, err := present()
	if err != nil {
		return nil, "", err
	}
	// Documented to stay or go are labels, metadata and place. Regions and the like, which others may
	// have added, are sent back in case they go too.
	data := &clarifai.Data{
		Concepts: inputdata.Sendable(have.Concepts), Metadata: have.Metadata, Geo: have.Geo,
		Regions: have.Regions, Frames: have.Frames, TimeSegments: have.TimeSegments, Tracks: have.Tracks,
	}
	if !m.Concepts.IsNull() || !prior.Concepts.IsNull() {
		data.Concepts = labels(m.Concepts)
	}
	if !m.Metadata.IsNull() || !prior.Metadata.IsNull() {
		data.Metadata = attrs.Struct(m.Metadata)
		if data.Metadata == nil {
			data.Metadata = clarifai.Struct("{}")
		}
	}
	if !m.Geo.IsNull() || !prior.Geo.IsNull() {
		data.Geo = geoToAPI(m.Geo)
	}
	return data, clarifai.ActionOverwrite, nil
}

// merge is the patch that adds and changes; exact tells whether that is all there is to do.
func (m *model) merge(prior model) (data *clarifai.Data, exact, changed bool) {
	data, exact = &clarifai.Data{}, true
	now, before := inputdata.Values(labels(m.Concepts)), inputdata.Values(labels(prior.Concepts))
	if m.Concepts.IsNull() != prior.Concepts.IsNull() || !inputdata.Same(now, before) {
		changed = true
		exact = exact && !prior.Concepts.IsNull() // else there may be labels that state does not know
		for id := range before {
			_, stays := now[id]
			exact = exact && stays
		}
		for _, label := range labels(m.Concepts) {
			if old, had := before[label.ID]; !had || old != *label.Value {
				data.Concepts = append(data.Concepts, label)
			}
		}
	}
	if m.Metadata.IsNull() != prior.Metadata.IsNull() || !attrs.SameJSON(attrs.Struct(m.Metadata), attrs.Struct(prior.Metadata)) {
		changed = true
		difference, mergeable := inputdata.MergePatch(attrs.Struct(prior.Metadata), attrs.Struct(m.Metadata))
		exact = exact && mergeable
		data.Metadata = difference
	}
	if place := geoToAPI(m.Geo); !inputdata.SameGeo(place, geoToAPI(prior.Geo)) {
		changed = true
		exact = exact && place != nil
		data.Geo = place
	}
	return data, exact, changed
}

// refresh takes over what the service says, as far as it is managed. importing takes over all that is there.
func (m *model) refresh(in *clarifai.Input, importing bool) {
	m.refreshComputed(in)
	d := in.Data
	if d == nil {
		d = &clarifai.Data{}
	}
	if found := inputdata.Values(d.Concepts); !m.Concepts.IsNull() && !inputdata.Same(found, inputdata.Values(labels(m.Concepts))) || importing && len(found) > 0 {
		m.Concepts = labelsFromAPI(m.Concepts, found)
	}
	if !m.Metadata.IsNull() || importing {
		m.Metadata = attrs.JSON(m.Metadata, d.Metadata)
	}
	if !m.Geo.IsNull() && !inputdata.SameGeo(geoToAPI(m.Geo), d.Geo) || importing {
		m.Geo = geoFromAPI(d.Geo)
	}
}

// refreshComputed takes over only what is not configured.
func (m *model) refreshComputed(in *clarifai.Input) {
	_, _, hosted := inputcontent.FromData(in.Data)
	m.Status = attrs.StatusFromAPI(in.Status)
	m.HostedURL = attrs.Text(inputcontent.HostedURL(hosted))
	m.MediaInfo = mediaInfo(in.Data)
	m.CreatedAt = attrs.Time(in.CreatedAt)
	m.ModifiedAt = attrs.Time(in.ModifiedAt)
}

// refreshMedium sees whether the medium is still the one in state. It never changes, unless somebody
// deletes the input and makes another with its id. An import has the medium's kind and URL to go by.
func (m *resourceModel) refreshMedium(in *clarifai.Input, importing bool) {
	kind, url, hosted := inputcontent.FromData(in.Data)
	if kind == "" || !importing && m.CreatedAt.Equal(attrs.Time(in.CreatedAt)) {
		return
	}
	had, _ := m.medium()
	if original := inputcontent.HostedURL(hosted); url == original {
		url = "" // the service's own copy of content that was sent
	}
	if !importing && kind == had.kind && had.url.ValueString() == url && url != "" {
		return // made anew from the same URL
	}
	for _, each := range inputcontent.Types {
		*m.slot(each) = types.ObjectNull(mediumType(each))
	}
	values := map[string]attr.Value{}
	for name, t := range mediumType(kind) {
		values[name] = types.StringNull()
		if t.Equal(types.BoolType) {
			values[name] = types.BoolNull()
		}
	}
	values["url"] = attrs.Text(url)
	*m.slot(kind) = types.ObjectValueMust(mediumType(kind), values)
	m.ContentSHA256 = types.StringNull()
	if !importing && url == "" {
		m.ContentSHA256 = types.StringValue("") // content that nobody here knows
	}
}

func (m *resourceModel) slot(kind string) *types.Object {
	switch kind {
	case inputcontent.Image:
		return &m.Image
	case inputcontent.Video:
		return &m.Video
	case inputcontent.Audio:
		return &m.Audio
	}
	return &m.Text
}

// labels are the concepts to send, in a fixed order; empty when null.
func labels(m types.Map) []clarifai.Concept {
	var concepts []clarifai.Concept
	for _, id := range slices.Sorted(maps.Keys(m.Elements())) {
		if v, ok := m.Elements()[id].(types.Float64); ok {
			value := clarifai.NewFloat(v.ValueFloat64())
			concepts = append(concepts, clarifai.Concept{ID: id, Value: &value})
		}
	}
	return concepts
}

// labelsFromAPI keeps the spelling of each value that has not changed.
func labelsFromAPI(prior types.Map, found map[string]clarifai.Float) types.Map {
	elements := map[string]attr.Value{}
	for id, value := range found {
		elements[id] = attrs.Float(value)
		if was, ok := prior.Elements()[id].(types.Float64); ok && inputdata.SameFloat(clarifai.NewFloat(was.ValueFloat64()), value) {
			elements[id] = was
		}
	}
	return types.MapValueMust(types.Float64Type, elements)
}

var geoType = map[string]attr.Type{"latitude": types.Float64Type, "longitude": types.Float64Type}

func geoToAPI(o types.Object) *clarifai.Geo {
	latitude, ok1 := o.Attributes()["latitude"].(types.Float64)
	longitude, ok2 := o.Attributes()["longitude"].(types.Float64)
	if !ok1 || !ok2 {
		return nil
	}
	return &clarifai.Geo{GeoPoint: &clarifai.GeoPoint{
		Latitude: clarifai.NewFloat(latitude.ValueFloat64()), Longitude: clarifai.NewFloat(longitude.ValueFloat64()),
	}}
}

func geoFromAPI(g *clarifai.Geo) types.Object {
	if g == nil || g.GeoPoint == nil {
		return types.ObjectNull(geoType)
	}
	return types.ObjectValueMust(geoType, map[string]attr.Value{
		"latitude": attrs.Float(g.GeoPoint.Latitude), "longitude": attrs.Float(g.GeoPoint.Longitude),
	})
}

// texts are the strings of a set, in a fixed order.
func texts(s types.Set) []string {
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
