package criteria

import (
	"context"
	"encoding/base64"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/hashicorp/terraform-plugin-framework-jsontypes/jsontypes"
	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-framework/types/basetypes"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/attrs"
)

type annotationFilterModel struct {
	Settings
	ID      types.String  `tfsdk:"id"`
	Filters []filterModel `tfsdk:"filters"`
}

type filterModel struct {
	Negate                  types.Bool           `tfsdk:"negate"`
	AnnotationID            types.String         `tfsdk:"annotation_id"`
	InputID                 types.String         `tfsdk:"input_id"`
	TaskID                  types.String         `tfsdk:"task_id"`
	UserID                  types.String         `tfsdk:"user_id"`
	ModelVersionID          types.String         `tfsdk:"model_version_id"`
	WorkerUserID            types.String         `tfsdk:"worker_user_id"`
	WorkerModelVersionID    types.String         `tfsdk:"worker_model_version_id"`
	WorkerWorkflowVersionID types.String         `tfsdk:"worker_workflow_version_id"`
	TrackID                 types.String         `tfsdk:"track_id"`
	AnnotationType          types.String         `tfsdk:"annotation_type"`
	AnnotationStatusCode    types.Int64          `tfsdk:"annotation_status_code"`
	AnnotationInfo          jsontypes.Normalized `tfsdk:"annotation_info"`
	InputLevel              types.Bool           `tfsdk:"input_level"`
	Trusted                 types.Bool           `tfsdk:"trusted"`
	Concepts                []conceptModel       `tfsdk:"concepts"`
	Metadata                jsontypes.Normalized `tfsdk:"metadata"`
	Geo                     *geoModel            `tfsdk:"geo"`
	DatasetIDs              []string             `tfsdk:"dataset_ids"`
	InputType               types.String         `tfsdk:"input_type"`
	InputStatusCode         types.Int64          `tfsdk:"input_status_code"`
	UpdatedAfter            timetypes.RFC3339    `tfsdk:"updated_after"`
	UpdatedBefore           timetypes.RFC3339    `tfsdk:"updated_before"`
	JSON                    jsontypes.Normalized `tfsdk:"json"`
}

type rankModel struct {
	Negate         types.Bool           `tfsdk:"negate"`
	Concepts       []conceptModel       `tfsdk:"concepts"`
	InputID        types.String         `tfsdk:"input_id"`
	ImageURL       types.String         `tfsdk:"image_url"`
	ImageBase64    types.String         `tfsdk:"image_base64"`
	Text           types.String         `tfsdk:"text"`
	Embedding      []types.Float64      `tfsdk:"embedding"`
	ModelVersionID types.String         `tfsdk:"model_version_id"`
	JSON           jsontypes.Normalized `tfsdk:"json"`
}

type conceptModel struct {
	ID    types.String  `tfsdk:"id"`
	Name  types.String  `tfsdk:"name"`
	Value types.Float64 `tfsdk:"value"`
}

type geoModel struct {
	Point *pointModel  `tfsdk:"point"`
	Limit *limitModel  `tfsdk:"limit"`
	Box   []pointModel `tfsdk:"box"`
}

type pointModel struct {
	Latitude  types.Float64 `tfsdk:"latitude"`
	Longitude types.Float64 `tfsdk:"longitude"`
}

type limitModel struct {
	Type  types.String  `tfsdk:"type"`
	Value types.Float64 `tfsdk:"value"`
}

var (
	annotationFilterType = AnnotationFilterAttribute("").GetType().(types.ObjectType)
	filterType           = FiltersAttribute("", false).GetType().(types.ListType).ElemType
	rankType             = RanksAttribute("").GetType().(types.ListType).ElemType
)

// NullAnnotationFilter returns the value of an annotation filter that is not set.
func NullAnnotationFilter() types.Object { return types.ObjectNull(annotationFilterType.AttrTypes) }

// NullFilters returns the value of a list of filters that is not set.
func NullFilters() types.List { return types.ListNull(filterType) }

// NullRanks returns the value of a list of ranks that is not set.
func NullRanks() types.List { return types.ListNull(rankType) }

// AnnotationFilterToAPI converts an annotation filter for a request; nil for null.
func AnnotationFilterToAPI(ctx context.Context, v types.Object) (*clarifai.AnnotationFilter, diag.Diagnostics) {
	var m annotationFilterModel
	if present, diags := decode(ctx, v, func() diag.Diagnostics { return v.As(ctx, &m, basetypes.ObjectAsOptions{}) }); !present ||
		diags.HasError() {
		return nil, diags
	}
	filters, diags := filtersToAPI(m.Filters)
	search := &clarifai.Search{Query: &clarifai.Query{Filters: filters}}
	m.ToAPI(search)
	return &clarifai.AnnotationFilter{ID: m.ID.ValueString(), Search: search}, diags
}

// AnnotationFilterFromAPI converts an annotation filter of a response. It returns the prior value if it
// means the same, and null if the response has no filter. It omits an ID that the service assigned,
// because the configuration does not contain it.
func AnnotationFilterFromAPI(ctx context.Context, prior types.Object, api *clarifai.AnnotationFilter) (types.Object, diag.Diagnostics) {
	if api == nil || api.Search == nil || api.Search.Query == nil || len(api.Search.Query.Filters) == 0 {
		return NullAnnotationFilter(), nil
	}
	var was annotationFilterModel
	if known(prior) && fullyKnown(ctx, prior) {
		if diags := prior.As(ctx, &was, basetypes.ObjectAsOptions{}); diags.HasError() {
			return prior, diags
		}
	}
	filters, kept := filtersFromAPI(was.Filters, api.Search.Query.Filters)
	id := types.StringValue(api.ID)
	switch {
	case known(prior) && was.ID.IsNull(), api.ID == "", !known(prior) && assignedByService(api.ID):
		id = was.ID
	}
	settings := was.Settings
	if !settings.same(api.Search) {
		settings, kept = settingsFromAPI(api.Search), false
	}
	if kept && known(prior) && id.Equal(was.ID) {
		return prior, nil
	}
	return types.ObjectValueFrom(ctx, annotationFilterType.AttrTypes, annotationFilterModel{Settings: settings, ID: id, Filters: filters})
}

// assignedByService reports whether an ID has the form of those that the service assigns: 32 lower-case
// hexadecimal digits (documented).
func assignedByService(id string) bool {
	if len(id) != 32 {
		return false
	}
	for _, r := range id {
		if (r < '0' || r > '9') && (r < 'a' || r > 'f') {
			return false
		}
	}
	return true
}

// FiltersToAPI converts a list of filters for a request; nil for null.
func FiltersToAPI(ctx context.Context, v types.List) ([]clarifai.Filter, diag.Diagnostics) {
	var m []filterModel
	if present, diags := decode(ctx, v, func() diag.Diagnostics { return v.ElementsAs(ctx, &m, false) }); !present || diags.HasError() {
		return nil, diags
	}
	return filtersToAPI(m)
}

// FiltersFromAPI converts the filters of a response. It keeps each prior filter that means
// the same.
func FiltersFromAPI(ctx context.Context, prior types.List, api []clarifai.Filter) (types.List, diag.Diagnostics) {
	if len(api) == 0 {
		return NullFilters(), nil
	}
	var was []filterModel
	if known(prior) && fullyKnown(ctx, prior) {
		if diags := prior.ElementsAs(ctx, &was, false); diags.HasError() {
			return prior, diags
		}
	}
	filters, kept := filtersFromAPI(was, api)
	if kept {
		return prior, nil
	}
	return types.ListValueFrom(ctx, filterType, filters)
}

// RanksToAPI converts a list of ranks for a request; nil for null.
func RanksToAPI(ctx context.Context, v types.List) ([]clarifai.Rank, diag.Diagnostics) {
	var m []rankModel
	if present, diags := decode(ctx, v, func() diag.Diagnostics { return v.ElementsAs(ctx, &m, false) }); !present || diags.HasError() {
		return nil, diags
	}
	var diags diag.Diagnostics
	ranks := make([]clarifai.Rank, len(m))
	for i := range m {
		rank, err := m[i].toAPI()
		if err != nil {
			diags.AddError("Invalid rank", err.Error())
		}
		ranks[i] = rank
	}
	return ranks, diags
}

// RanksFromAPI converts the ranks of a response. It keeps each prior rank that means the
// same.
func RanksFromAPI(ctx context.Context, prior types.List, api []clarifai.Rank) (types.List, diag.Diagnostics) {
	if len(api) == 0 {
		return NullRanks(), nil
	}
	var was []rankModel
	if known(prior) && fullyKnown(ctx, prior) {
		if diags := prior.ElementsAs(ctx, &was, false); diags.HasError() {
			return prior, diags
		}
	}
	ranks := make([]rankModel, len(api))
	kept := len(was) == len(api)
	for i := range api {
		if i < len(was) {
			if want, err := was[i].toAPI(); err == nil && sameRank(want, api[i]) {
				ranks[i] = was[i]
				continue
			}
		}
		ranks[i] = rankFromAPI(api[i])
		kept = false
	}
	if kept {
		return prior, nil
	}
	return types.ListValueFrom(ctx, rankType, ranks)
}

// decode reads a value that is about to be sent and therefore has to be known.
func decode(ctx context.Context, v attr.Value, into func() diag.Diagnostics) (present bool, diags diag.Diagnostics) {
	if v.IsNull() {
		return false, nil
	}
	if !fullyKnown(ctx, v) {
		diags.AddError("Search criteria are not known yet",
			"A value in the filters or ranks was still unknown when they were to be sent. This is a bug in the provider; please report it.")
		return false, diags
	}
	return true, into()
}

func fullyKnown(ctx context.Context, v attr.Value) bool {
	value, err := v.ToTerraformValue(ctx)
	return err == nil && value.IsFullyKnown()
}

func filtersToAPI(models []filterModel) ([]clarifai.Filter, diag.Diagnostics) {
	var diags diag.Diagnostics
	filters := make([]clarifai.Filter, len(models))
	for i := range models {
		filter, err := models[i].toAPI()
		if err != nil {
			diags.AddError("Invalid filter", err.Error())
		}
		filters[i] = filter
	}
	return filters, diags
}

// filtersFromAPI keeps the models that mean the same as the filters of the service. kept reports
// that all do.
func filtersFromAPI(was []filterModel, api []clarifai.Filter) (filters []filterModel, kept bool) {
	filters = make([]filterModel, len(api))
	kept = len(was) == len(api)
	for i := range api {
		if i < len(was) {
			if want, err := was[i].toAPI(); err == nil && sameFilter(want, api[i]) {
				filters[i] = was[i]
				continue
			}
		}
		filters[i] = filterFromAPI(api[i])
		kept = false
	}
	return filters, kept
}

// toAPI converts the filter. Its empty objects have a meaning.
func (m *filterModel) toAPI() (clarifai.Filter, error) {
	if !m.JSON.IsNull() {
		var f clarifai.Filter
		err := clarifai.Decode([]byte(m.JSON.ValueString()), &f)
		return f, err
	}
	return clarifai.Filter{
		Negate:               m.Negate.ValueBool(),
		Annotation:           m.annotation(),
		Input:                m.input(),
		LastUpdatedTimeRange: m.times(),
	}, nil
}

func (m *filterModel) annotation() *clarifai.Annotation {
	a := clarifai.Annotation{
		ID:             m.AnnotationID.ValueString(),
		InputID:        m.InputID.ValueString(),
		TaskID:         m.TaskID.ValueString(),
		UserID:         m.UserID.ValueString(),
		ModelVersionID: m.ModelVersionID.ValueString(),
		Worker:         m.worker(),
		AnnotationInfo: attrs.Struct(m.AnnotationInfo),
		InputLevel:     m.InputLevel.ValueBool(),
		Trusted:        m.Trusted.ValueBool(),
		Data:           m.data(),
	}
	a.Status.Code = clarifai.StatusCode(m.AnnotationStatusCode.ValueInt64()) //nolint:gosec // validated
	if isZeroAnnotation(&a) {
		return nil
	}
	return &a
}

func isZeroAnnotation(a *clarifai.Annotation) bool {
	b, err := clarifai.Encode(a)
	return err == nil && string(b) == "{}"
}

func (m *filterModel) worker() *clarifai.Worker {
	switch {
	case !m.WorkerUserID.IsNull():
		return &clarifai.Worker{User: &clarifai.User{ID: m.WorkerUserID.ValueString()}}
	case !m.WorkerModelVersionID.IsNull():
		return &clarifai.Worker{Model: &clarifai.Model{ModelVersion: &clarifai.ModelVersion{ID: m.WorkerModelVersionID.ValueString()}}}
	case !m.WorkerWorkflowVersionID.IsNull():
		return &clarifai.Worker{Workflow: &clarifai.Workflow{Version: &clarifai.WorkflowVersion{ID: m.WorkerWorkflowVersionID.ValueString()}}}
	}
	return nil
}

func (m *filterModel) data() *clarifai.Data {
	d := clarifai.Data{
		Concepts: conceptsToAPI(m.Concepts),
		Metadata: attrs.Struct(m.Metadata),
		Geo:      m.Geo.toAPI(),
	}
	region := clarifai.Region{TrackID: m.TrackID.ValueString()}
	marked := true
	switch m.AnnotationType.ValueString() {
	case "classification": // the empty object is the marker
	case "text":
		d.Text = &clarifai.Text{}
	case "frame":
		d.Frames = []clarifai.Frame{{FrameInfo: &clarifai.FrameInfo{}}}
	case "time_segment":
		d.TimeSegments = []clarifai.TimeSegment{{TimeInfo: &clarifai.TimeInfo{}}}
	case "bounding_box":
		region.RegionInfo = &clarifai.RegionInfo{BoundingBox: &clarifai.BoundingBox{}}
	case "mask":
		region.RegionInfo = &clarifai.RegionInfo{Mask: &clarifai.Mask{}}
	case "point":
		region.RegionInfo = &clarifai.RegionInfo{Point: &clarifai.Point{}}
	case "polygon":
		region.RegionInfo = &clarifai.RegionInfo{Polygon: &clarifai.Polygon{}}
	case "span":
		region.RegionInfo = &clarifai.RegionInfo{Span: &clarifai.Span{}}
	default:
		marked = false
	}
	if region.RegionInfo != nil || region.TrackID != "" {
		d.Regions = []clarifai.Region{region}
	}
	if !marked && d.Concepts == nil && d.Metadata == nil && d.Geo == nil && d.Regions == nil {
		return nil
	}
	return &d
}

func (m *filterModel) input() *clarifai.Input {
	if m.DatasetIDs == nil && m.InputType.IsNull() && m.InputStatusCode.IsNull() {
		return nil
	}
	in := clarifai.Input{DatasetIDs: m.DatasetIDs}
	in.Status.Code = clarifai.StatusCode(m.InputStatusCode.ValueInt64()) //nolint:gosec // validated
	switch m.InputType.ValueString() {
	case "image":
		in.Data = &clarifai.Data{Image: &clarifai.Image{}}
	case "video":
		in.Data = &clarifai.Data{Video: &clarifai.Video{}}
	case "audio":
		in.Data = &clarifai.Data{Audio: &clarifai.Audio{}}
	case "text":
		in.Data = &clarifai.Data{Text: &clarifai.Text{}}
	}
	return &in
}

func (m *filterModel) times() *clarifai.TimeRange {
	if m.UpdatedAfter.IsNull() && m.UpdatedBefore.IsNull() {
		return nil
	}
	return &clarifai.TimeRange{StartTime: instant(m.UpdatedAfter), EndTime: instant(m.UpdatedBefore)}
}

func instant(v timetypes.RFC3339) *time.Time {
	t, diags := v.ValueRFC3339Time()
	if v.IsNull() || diags.HasError() {
		return nil
	}
	return &t
}

func (g *geoModel) toAPI() *clarifai.Geo {
	if g == nil {
		return nil
	}
	var geo clarifai.Geo
	if g.Point != nil {
		geo.GeoPoint = g.Point.toAPI()
	}
	if g.Limit != nil {
		geo.GeoLimit = &clarifai.GeoLimit{Type: g.Limit.Type.ValueString(), Value: clarifai.NewFloat(g.Limit.Value.ValueFloat64())}
	}
	for i := range g.Box {
		geo.GeoBox = append(geo.GeoBox, clarifai.GeoBoxedPoint{GeoPoint: g.Box[i].toAPI()})
	}
	return &geo
}

func (p *pointModel) toAPI() *clarifai.GeoPoint {
	return &clarifai.GeoPoint{Latitude: clarifai.NewFloat(p.Latitude.ValueFloat64()), Longitude: clarifai.NewFloat(p.Longitude.ValueFloat64())}
}

// conceptsToAPI always sets the value: if it is absent, the service uses 1, and data
// sources leave it null for 1.
func conceptsToAPI(models []conceptModel) []clarifai.Concept {
	var concepts []clarifai.Concept
	for _, m := range models {
		value := clarifai.Float(1)
		if !m.Value.IsNull() {
			value = clarifai.NewFloat(m.Value.ValueFloat64())
		}
		concepts = append(concepts, clarifai.Concept{ID: m.ID.ValueString(), Name: m.Name.ValueString(), Value: &value})
	}
	return concepts
}

// toAPI converts the rank.
func (m *rankModel) toAPI() (clarifai.Rank, error) {
	if !m.JSON.IsNull() {
		var r clarifai.Rank
		err := clarifai.Decode([]byte(m.JSON.ValueString()), &r)
		return r, err
	}
	a := clarifai.Annotation{InputID: m.InputID.ValueString(), ModelVersionID: m.ModelVersionID.ValueString()}
	switch {
	case m.Concepts != nil:
		a.Data = &clarifai.Data{Concepts: conceptsToAPI(m.Concepts)}
	case !m.ImageURL.IsNull():
		a.Data = &clarifai.Data{Image: &clarifai.Image{URL: m.ImageURL.ValueString()}}
	case !m.ImageBase64.IsNull():
		image, err := base64.StdEncoding.DecodeString(m.ImageBase64.ValueString())
		if err != nil {
			return clarifai.Rank{}, err
		}
		a.Data = &clarifai.Data{Image: &clarifai.Image{Base64: image}}
	case !m.Text.IsNull():
		a.Data = &clarifai.Data{Text: &clarifai.Text{Raw: m.Text.ValueString()}}
	case m.Embedding != nil:
		vector := make([]clarifai.Float, len(m.Embedding))
		for i, v := range m.Embedding {
			vector[i] = clarifai.NewFloat(v.ValueFloat64())
		}
		a.Data = &clarifai.Data{Embeddings: []clarifai.Embedding{{Vector: vector, NumDimensions: uint32(len(vector))}}} //nolint:gosec // a length
	}
	return clarifai.Rank{Negate: m.Negate.ValueBool(), Annotation: &a}, nil
}

// filterFromAPI converts a filter of the service to the form of a configuration. It uses json
// for parts that have no attributes.
func filterFromAPI(f clarifai.Filter) filterModel {
	f = stripFilter(f)
	m := filterModel{Negate: types.BoolValue(f.Negate)}
	if a := f.Annotation; a != nil {
		m.showAnnotation(a)
	}
	if in := f.Input; in != nil {
		m.DatasetIDs = in.DatasetIDs
		m.InputStatusCode = code(in.Status.Code)
		if d := in.Data; d != nil {
			switch {
			case d.Image != nil:
				m.InputType = types.StringValue("image")
			case d.Video != nil:
				m.InputType = types.StringValue("video")
			case d.Audio != nil:
				m.InputType = types.StringValue("audio")
			case d.Text != nil:
				m.InputType = types.StringValue("text")
			}
		}
	}
	if r := f.LastUpdatedTimeRange; r != nil {
		m.UpdatedAfter, m.UpdatedBefore = moments(r.StartTime), moments(r.EndTime)
	}
	if sent, err := m.toAPI(); err == nil && m.oneGroup() && sameFilter(sent, f) {
		return m
	}
	return filterModel{Negate: types.BoolValue(false), JSON: asJSON(f)}
}

// oneGroup reports whether the filter passes validation. The service may
// have combinations that a configuration can only write as json.
func (m *filterModel) oneGroup() bool {
	groups := 0
	for _, there := range []bool{m.annotation() != nil, m.input() != nil, m.times() != nil} {
		if there {
			groups++
		}
	}
	return groups == 1
}

func (m *filterModel) showAnnotation(a *clarifai.Annotation) {
	m.AnnotationID = attrs.Text(a.ID)
	m.InputID = attrs.Text(a.InputID)
	m.TaskID = attrs.Text(a.TaskID)
	m.UserID = attrs.Text(a.UserID)
	m.ModelVersionID = attrs.Text(a.ModelVersionID)
	m.AnnotationStatusCode = code(a.Status.Code)
	m.AnnotationInfo = object(a.AnnotationInfo)
	m.InputLevel = whenTrue(a.InputLevel)
	m.Trusted = whenTrue(a.Trusted)
	if w := a.Worker; w != nil {
		switch {
		case w.User != nil:
			m.WorkerUserID = attrs.Text(w.User.ID)
		case w.Model != nil && w.Model.ModelVersion != nil:
			m.WorkerModelVersionID = attrs.Text(w.Model.ModelVersion.ID)
		case w.Workflow != nil && w.Workflow.Version != nil:
			m.WorkerWorkflowVersionID = attrs.Text(w.Workflow.Version.ID)
		}
	}
	d := a.Data
	if d == nil {
		return
	}
	m.Concepts = conceptsFromAPI(d.Concepts)
	m.Metadata = object(d.Metadata)
	m.Geo = geoFromAPI(d.Geo)
	if len(d.Regions) > 0 {
		m.TrackID = attrs.Text(d.Regions[0].TrackID)
	}
	if kind := annotationType(d); kind != "" {
		m.AnnotationType = types.StringValue(kind)
	}
}

// annotationType returns the type of annotations that the empty messages in d select.
func annotationType(d *clarifai.Data) string {
	switch {
	case d.Text != nil:
		return "text"
	case len(d.Frames) > 0:
		return "frame"
	case len(d.TimeSegments) > 0:
		return "time_segment"
	case len(d.Regions) > 0:
		info := d.Regions[0].RegionInfo
		switch {
		case info == nil:
		case info.BoundingBox != nil:
			return "bounding_box"
		case info.Mask != nil:
			return "mask"
		case info.Point != nil:
			return "point"
		case info.Polygon != nil:
			return "polygon"
		case info.Span != nil:
			return "span"
		}
		return ""
	case len(d.Concepts) == 0 && d.Metadata == nil && d.Geo == nil:
		return "classification"
	}
	return ""
}

func rankFromAPI(r clarifai.Rank) rankModel {
	r = stripRank(r)
	m := rankModel{Negate: types.BoolValue(r.Negate)}
	if a := r.Annotation; a != nil {
		m.InputID, m.ModelVersionID = attrs.Text(a.InputID), attrs.Text(a.ModelVersionID)
		if d := a.Data; d != nil {
			m.Concepts = conceptsFromAPI(d.Concepts)
			if d.Image != nil {
				m.ImageURL = attrs.Text(d.Image.URL)
				if len(d.Image.Base64) > 0 {
					m.ImageBase64 = types.StringValue(base64.StdEncoding.EncodeToString(d.Image.Base64))
				}
			}
			if d.Text != nil {
				m.Text = attrs.Text(d.Text.Raw)
			}
			for _, e := range d.Embeddings {
				for _, v := range e.Vector {
					m.Embedding = append(m.Embedding, attrs.Float(v))
				}
			}
		}
	}
	if sent, err := m.toAPI(); err == nil && sameRank(sent, r) {
		return m
	}
	return rankModel{Negate: types.BoolValue(false), JSON: asJSON(r)}
}

// conceptsFromAPI sets the name only if there is no ID, because the service may add the name
// to a concept that was sent with an ID alone.
func conceptsFromAPI(concepts []clarifai.Concept) []conceptModel {
	var models []conceptModel
	for _, c := range concepts {
		m := conceptModel{ID: attrs.Text(c.ID), Value: types.Float64Value(1)}
		if c.ID == "" {
			m.Name = attrs.Text(c.Name)
		}
		if c.Value != nil {
			m.Value = attrs.Float(*c.Value)
		}
		models = append(models, m)
	}
	return models
}

func geoFromAPI(g *clarifai.Geo) *geoModel {
	if g == nil {
		return nil
	}
	var m geoModel
	if g.GeoPoint != nil {
		m.Point = pointFromAPI(g.GeoPoint)
	}
	if g.GeoLimit != nil {
		m.Limit = &limitModel{Type: types.StringValue(g.GeoLimit.Type), Value: attrs.Float(g.GeoLimit.Value)}
	}
	for _, corner := range g.GeoBox {
		if corner.GeoPoint != nil {
			m.Box = append(m.Box, *pointFromAPI(corner.GeoPoint))
		}
	}
	return &m
}

func pointFromAPI(p *clarifai.GeoPoint) *pointModel {
	return &pointModel{Latitude: attrs.Float(p.Latitude), Longitude: attrs.Float(p.Longitude)}
}

func code(c clarifai.StatusCode) types.Int64 {
	if c == 0 {
		return types.Int64Null()
	}
	return types.Int64Value(int64(c))
}

func whenTrue(b bool) types.Bool {
	if !b {
		return types.BoolNull()
	}
	return types.BoolValue(true)
}

func object(s clarifai.Struct) jsontypes.Normalized {
	if s == nil {
		return jsontypes.NewNormalizedNull()
	}
	return jsontypes.NewNormalizedValue(string(s))
}

func moments(t *time.Time) timetypes.RFC3339 {
	if t == nil {
		return timetypes.NewRFC3339Null()
	}
	return timetypes.NewRFC3339ValueMust(t.UTC().Format(time.RFC3339Nano))
}

func asJSON(v any) jsontypes.Normalized {
	b, err := json.Marshal(v, json.Deterministic(true))
	if err != nil {
		return jsontypes.NewNormalizedNull()
	}
	return jsontypes.NewNormalizedValue(string(b))
}
