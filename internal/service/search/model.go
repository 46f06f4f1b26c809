package search

import (
	"context"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/attrs"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/criteria"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/ids"
)

// model is a saved search as resource, data source and list show it.
type model struct {
	UserID     types.String      `tfsdk:"user_id"`
	AppID      types.String      `tfsdk:"app_id"`
	ID         types.String      `tfsdk:"id"`
	Name       types.String      `tfsdk:"name"`
	Filters    types.List        `tfsdk:"filters"`
	Ranks      types.List        `tfsdk:"ranks"`
	Language   types.String      `tfsdk:"language"`
	Algorithm  types.String      `tfsdk:"algorithm"`
	Metric     types.String      `tfsdk:"metric"`
	MinValue   types.Float64     `tfsdk:"min_value"`
	AsOf       timetypes.RFC3339 `tfsdk:"as_of"`
	Visibility types.String      `tfsdk:"visibility"`
	CreatedAt  types.String      `tfsdk:"created_at"`
	ModifiedAt types.String      `tfsdk:"modified_at"`
}

func (m *model) app() clarifai.AppRef { return ids.App(m.UserID, m.AppID) }

// request is the search to store. The query is always there, so that a patch
// takes away what it no longer has.
func (m *model) request(ctx context.Context) (clarifai.Search, diag.Diagnostics) {
	query, diags := makeQuery(ctx, m.Filters, m.Ranks, m.Language)
	s := clarifai.Search{
		ID:         m.ID.ValueString(),
		Name:       m.Name.ValueString(),
		Query:      query,
		Algorithm:  m.Algorithm.ValueString(),
		Metric:     makeMetric(m.Metric),
		MinValue:   clarifai.NewFloat(m.MinValue.ValueFloat64()),
		AsOf:       instant(m.AsOf),
		Visibility: attrs.VisibilityToAPI(m.Visibility),
	}
	return s, diags
}

// patch is the whole search again. What the configuration no longer has and the
// service has a default for is sent as that default, since absent means unchanged.
func (m *model) patch(ctx context.Context, prior model) (clarifai.Search, diag.Diagnostics) {
	s, diags := m.request(ctx)
	if m.Algorithm.IsNull() && !prior.Algorithm.IsNull() {
		s.Algorithm = defaultAlgorithm
	}
	if m.Metric.IsNull() && !prior.Metric.IsNull() {
		s.Metric = clarifai.MetricEuclideanDistance
	}
	return s, diags
}

func makeQuery(ctx context.Context, filters, ranks types.List, language types.String) (*clarifai.Query, diag.Diagnostics) {
	query := clarifai.Query{Language: language.ValueString()}
	var diags, more diag.Diagnostics
	query.Filters, more = criteria.FiltersToAPI(ctx, filters)
	diags.Append(more...)
	query.Ranks, more = criteria.RanksToAPI(ctx, ranks)
	diags.Append(more...)
	return &query, diags
}

func makeMetric(name types.String) clarifai.SearchMetric {
	metric, err := clarifai.ParseSearchMetric(name.ValueString())
	if err != nil {
		return clarifai.MetricNotSet
	}
	return metric
}

func instant(v timetypes.RFC3339) time.Time {
	t, diags := v.ValueRFC3339Time()
	if v.IsNull() || diags.HasError() {
		return time.Time{}
	}
	return t.UTC()
}

// refresh takes over what the service says. importing also takes over a name
// that the configuration may not manage.
func (m *model) refresh(ctx context.Context, s *clarifai.Search, importing bool) diag.Diagnostics {
	query := s.Query
	if query == nil {
		query = &clarifai.Query{}
	}
	var diags, more diag.Diagnostics
	m.Filters, more = criteria.FiltersFromAPI(ctx, m.Filters, query.Filters)
	diags.Append(more...)
	m.Ranks, more = criteria.RanksFromAPI(ctx, m.Ranks, query.Ranks)
	diags.Append(more...)
	m.Name = attrs.Unmanaged(m.Name, s.Name, importing)
	m.Language = attrs.Text(query.Language)
	m.Algorithm = orDefault(m.Algorithm, s.Algorithm, defaultAlgorithm)
	metric := ""
	if s.Metric != clarifai.MetricNotSet {
		metric = s.Metric.String()
	}
	m.Metric = orDefault(m.Metric, metric, defaultMetric)
	if m.MinValue.IsNull() || clarifai.NewFloat(m.MinValue.ValueFloat64()) != s.MinValue {
		m.MinValue = types.Float64Null()
		if s.MinValue != 0 {
			m.MinValue = attrs.Float(s.MinValue)
		}
	}
	if !instant(m.AsOf).Truncate(time.Microsecond).Equal(s.AsOf.Truncate(time.Microsecond)) {
		m.AsOf = timetypes.NewRFC3339Null()
		if !s.AsOf.IsZero() {
			m.AsOf = timetypes.NewRFC3339TimeValue(s.AsOf.UTC())
		}
	}
	m.Visibility = attrs.VisibilityFromAPI(m.Visibility, s.Visibility)
	m.CreatedAt = attrs.Time(s.CreatedAt)
	m.ModifiedAt = attrs.Time(s.ModifiedAt)
	return diags
}

// orDefault keeps the prior value while it and the answer come to the same:
// absent means the default. A default that nobody wrote stays null.
func orDefault(prior types.String, answer, standard string) types.String {
	was := prior.ValueString()
	if was == "" {
		was = standard
	}
	if answer == "" {
		answer = standard
	}
	switch {
	case was == answer && !prior.IsUnknown():
		return prior
	case answer == standard:
		return types.StringNull()
	}
	return types.StringValue(answer)
}
