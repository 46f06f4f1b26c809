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

// model is a saved search in the state of the resource, data source and list resource.
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

// toAPI returns the search to store. It always has a query, so that a patch
// removes filters and ranks.
func (m *model) toAPI(ctx context.Context) (clarifai.Search, diag.Diagnostics) {
	query, diags := queryToAPI(ctx, m.Filters, m.Ranks, m.Language)
	s := clarifai.Search{
		ID:         m.ID.ValueString(),
		Name:       m.Name.ValueString(),
		Query:      query,
		Algorithm:  m.Algorithm.ValueString(),
		Metric:     criteria.MetricToAPI(m.Metric),
		MinValue:   clarifai.NewFloat(m.MinValue.ValueFloat64()),
		AsOf:       instant(m.AsOf),
		Visibility: attrs.VisibilityToAPI(m.Visibility),
	}
	return s, diags
}

// diff returns the whole search as a patch. A removed attribute with a default is
// sent as the default, since an absent field stays unchanged.
func (m *model) diff(ctx context.Context, prior model) (clarifai.Search, diag.Diagnostics) {
	s, diags := m.toAPI(ctx)
	if m.Algorithm.IsNull() && !prior.Algorithm.IsNull() {
		s.Algorithm = criteria.DefaultAlgorithm
	}
	if m.Metric.IsNull() && !prior.Metric.IsNull() {
		s.Metric = clarifai.MetricEuclideanDistance
	}
	return s, diags
}

// modelFromAPI returns the model of a saved search with all attributes set.
func modelFromAPI(ctx context.Context, app clarifai.AppRef, s *clarifai.Search) (model, diag.Diagnostics) {
	m := model{
		UserID:  types.StringValue(app.UserID),
		AppID:   types.StringValue(app.AppID),
		ID:      types.StringValue(s.ID),
		Filters: criteria.NullFilters(),
		Ranks:   criteria.NullRanks(),
	}
	problems := m.fromAPI(ctx, s, true)
	return m, problems
}

func queryToAPI(ctx context.Context, filters, ranks types.List, language types.String) (*clarifai.Query, diag.Diagnostics) {
	query := clarifai.Query{Language: language.ValueString()}
	var diags, more diag.Diagnostics
	query.Filters, more = criteria.FiltersToAPI(ctx, filters)
	diags.Append(more...)
	query.Ranks, more = criteria.RanksToAPI(ctx, ranks)
	diags.Append(more...)
	return &query, diags
}

func instant(v timetypes.RFC3339) time.Time {
	t, diags := v.ValueRFC3339Time()
	if v.IsNull() || diags.HasError() {
		return time.Time{}
	}
	return t.UTC()
}

// fromAPI sets the attributes to those of the saved search. A name that is null
// stays null, since it is not managed, unless importing is set.
func (m *model) fromAPI(ctx context.Context, s *clarifai.Search, importing bool) diag.Diagnostics {
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
	m.Algorithm = orDefault(m.Algorithm, s.Algorithm, criteria.DefaultAlgorithm)
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

// orDefault keeps the prior value while it and the response mean the same: absent
// means the default. A default that the configuration does not set stays null.
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
