package search

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework-jsontypes/jsontypes"
	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/attrs"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/base"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/criteria"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/diags"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/ids"
)

// defaultLimit bounds the hits of a search that sets no limit.
const defaultLimit = 100

// NewInputSearchDataSource returns the data source that runs a search.
func NewInputSearchDataSource() datasource.DataSource {
	return &inputSearch{base.NewDataSource("clarifai_input_search", schema.Schema{
		MarkdownDescription: "Searches inputs by filters, in the order of ranks, or runs a saved search. It runs on every plan. Hits are " +
			"stored in state, so keep `limit` small, or use `only_count`.",
		Attributes: map[string]schema.Attribute{
			"user_id": ids.DataUserID(),
			"app_id":  ids.DataAppID(),
			"saved_search_id": schema.StringAttribute{
				MarkdownDescription: "Id of a saved search to run. Conflicts with all arguments of a search, and with `only_count`.",
				Optional:            true,
				Validators:          []validator.String{ids.Reference()},
			},
			"filters": criteria.DataFiltersAttribute(filtersText, false),
			"ranks":   criteria.DataRanksAttribute(ranksText),
			"language": schema.StringAttribute{
				MarkdownDescription: criteria.LanguageText,
				Optional:            true,
				Validators:          []validator.String{stringvalidator.LengthAtLeast(2)},
			},
			"algorithm": schema.StringAttribute{
				MarkdownDescription: criteria.AlgorithmText,
				Optional:            true,
				Validators:          []validator.String{criteria.Algorithm()},
			},
			"metric": schema.StringAttribute{
				MarkdownDescription: criteria.MetricText,
				Optional:            true,
				Validators:          []validator.String{criteria.Metric()},
			},
			"min_value": schema.Float64Attribute{
				MarkdownDescription: criteria.MinValueText,
				Optional:            true,
				Validators:          []validator.Float64{criteria.MinValue()},
			},
			"as_of": schema.StringAttribute{MarkdownDescription: criteria.AsOfText, Optional: true, CustomType: timetypes.RFC3339Type{}},
			"limit": schema.Int64Attribute{
				MarkdownDescription: fmt.Sprintf("Maximum number of hits to read, 1 to 10,000. Defaults to %d. The service rejects very deep pages; "+
					"the limit is not documented.", defaultLimit),
				Optional:   true,
				Validators: []validator.Int64{int64validator.Between(1, 10000)},
			},
			"only_count": schema.BoolAttribute{
				MarkdownDescription: "Whether to count the hits instead of reading them: `estimated_total` has the number, `hits` is empty. Not for " +
					"searches with `ranks`. Defaults to `false`.",
				Optional: true,
			},
			"estimated_total": schema.Int64Attribute{
				MarkdownDescription: "Estimated number of hits. Null unless `only_count` is set.",
				Computed:            true,
			},
			"truncated": schema.BoolAttribute{
				MarkdownDescription: "Whether there are more hits than `limit`.",
				Computed:            true,
			},
			"input_ids": schema.ListAttribute{
				MarkdownDescription: "Ids of the inputs that were hit, best first.",
				ElementType:         types.StringType,
				Computed:            true,
			},
			"hits": schema.ListNestedAttribute{
				MarkdownDescription: "The hits, best first.",
				Computed:            true,
				NestedObject:        schema.NestedAttributeObject{Attributes: hitAttributes()},
			},
		},
	})}
}

type inputSearch struct{ base.DataSource }

var _ datasource.DataSourceWithValidateConfig = (*inputSearch)(nil)

type inputSearchModel struct {
	UserID         types.String      `tfsdk:"user_id"`
	AppID          types.String      `tfsdk:"app_id"`
	SavedSearchID  types.String      `tfsdk:"saved_search_id"`
	Filters        types.List        `tfsdk:"filters"`
	Ranks          types.List        `tfsdk:"ranks"`
	Language       types.String      `tfsdk:"language"`
	Algorithm      types.String      `tfsdk:"algorithm"`
	Metric         types.String      `tfsdk:"metric"`
	MinValue       types.Float64     `tfsdk:"min_value"`
	AsOf           timetypes.RFC3339 `tfsdk:"as_of"`
	Limit          types.Int64       `tfsdk:"limit"`
	OnlyCount      types.Bool        `tfsdk:"only_count"`
	EstimatedTotal types.Int64       `tfsdk:"estimated_total"`
	Truncated      types.Bool        `tfsdk:"truncated"`
	InputIDs       []string          `tfsdk:"input_ids"`
	Hits           []hitModel        `tfsdk:"hits"`
}

type hitModel struct {
	InputID      types.String         `tfsdk:"input_id"`
	Score        types.Float64        `tfsdk:"score"`
	InputType    types.String         `tfsdk:"input_type"`
	URL          types.String         `tfsdk:"url"`
	StatusCode   types.Int64          `tfsdk:"status_code"`
	Concepts     []hitConceptModel    `tfsdk:"concepts"`
	Metadata     jsontypes.Normalized `tfsdk:"metadata"`
	Geo          *hitGeoModel         `tfsdk:"geo"`
	AnnotationID types.String         `tfsdk:"annotation_id"`
	CreatedAt    types.String         `tfsdk:"created_at"`
	ModifiedAt   types.String         `tfsdk:"modified_at"`
}

type hitConceptModel struct {
	ID    types.String  `tfsdk:"id"`
	Name  types.String  `tfsdk:"name"`
	Value types.Float64 `tfsdk:"value"`
}

type hitGeoModel struct {
	Latitude  types.Float64 `tfsdk:"latitude"`
	Longitude types.Float64 `tfsdk:"longitude"`
}

func hitAttributes() map[string]schema.Attribute {
	text := func(description string) schema.StringAttribute {
		return schema.StringAttribute{MarkdownDescription: description, Computed: true}
	}
	number := func(description string) schema.Float64Attribute {
		return schema.Float64Attribute{MarkdownDescription: description, Computed: true}
	}
	return map[string]schema.Attribute{
		"input_id":   text("Id of the input."),
		"score":      number("Score of the input by the ranks, 0 to 1; 1 without ranks."),
		"input_type": text("Input type: `image`, `video`, `audio` or `text`."),
		"url":        text("URL that the input was created from, if any."),
		"status_code": schema.Int64Attribute{
			MarkdownDescription: "Status code of the input's processing; 30000 means processed.",
			Computed:            true,
		},
		"concepts": schema.ListNestedAttribute{
			MarkdownDescription: "Labels of the input.",
			Computed:            true,
			NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
				"id":    text("Id of the concept."),
				"name":  text("Name of the concept."),
				"value": number("1 for present, 0 for absent."),
			}},
		},
		"metadata": schema.StringAttribute{
			MarkdownDescription: "Metadata of the input, a JSON object.",
			Computed:            true,
			CustomType:          jsontypes.NormalizedType{},
		},
		"geo": schema.SingleNestedAttribute{
			MarkdownDescription: "Geo location of the input; null if it has none.",
			Computed:            true,
			Attributes: map[string]schema.Attribute{
				"latitude":  number("Latitude in degrees."),
				"longitude": number("Longitude in degrees."),
			},
		},
		"annotation_id": text("Id of the annotation that was hit."),
		"created_at":    text("Time of creation of the input (RFC 3339, UTC)."),
		"modified_at":   text("Time of the last change of the input (RFC 3339, UTC)."),
	}
}

func (d *inputSearch) ValidateConfig(ctx context.Context, req datasource.ValidateConfigRequest, resp *datasource.ValidateConfigResponse) {
	var config inputSearchModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	if resp.Diagnostics.HasError() {
		return
	}
	checkMetric(config.Algorithm, config.Metric, &resp.Diagnostics)
	if config.OnlyCount.ValueBool() && !config.Ranks.IsNull() && !config.Ranks.IsUnknown() {
		resp.Diagnostics.AddAttributeError(path.Root("only_count"), "Ranked searches cannot be counted",
			"The service counts the hits of filters only (status 43006 otherwise). Leave out ranks, which change the order and not the number of "+
				"hits.")
	}
	if config.SavedSearchID.IsNull() || config.SavedSearchID.IsUnknown() {
		return
	}
	for name, v := range map[string]attr.Value{
		"filters": config.Filters, "ranks": config.Ranks, "language": config.Language, "algorithm": config.Algorithm,
		"metric": config.Metric, "min_value": config.MinValue, "as_of": config.AsOf, "only_count": config.OnlyCount,
	} {
		if !v.IsNull() && !v.IsUnknown() {
			resp.Diagnostics.AddAttributeError(path.Root(name), "A saved search is run as it is",
				fmt.Sprintf("%s and saved_search_id exclude each other: the saved search brings its own, and the service runs it without counting.",
					name))
		}
	}
}

func (d *inputSearch) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var config inputSearchModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	client, ready := d.Provider.Client()
	resp.Diagnostics.Append(ready...)
	app, problems := ids.Scope(d.Provider, config.UserID, config.AppID)
	resp.Diagnostics.Append(problems...)
	if resp.Diagnostics.HasError() {
		return
	}
	search, problems := config.request(ctx)
	resp.Diagnostics.Append(problems...)
	if resp.Diagnostics.HasError() {
		return
	}
	config.UserID, config.AppID = types.StringValue(app.UserID), types.StringValue(app.AppID)
	config.InputIDs, config.Hits = []string{}, []hitModel{}
	config.EstimatedTotal, config.Truncated = types.Int64Null(), types.BoolValue(false)

	var err error
	switch {
	case config.OnlyCount.ValueBool():
		err = config.count(ctx, client, app, search)
	case !config.SavedSearchID.IsNull():
		err = config.read(ctx, func(page clarifai.Page) ([]clarifai.Hit, error) {
			result, err := client.PostSearchesByID(ctx, app, config.SavedSearchID.ValueString(), page)
			if err != nil {
				return nil, err
			}
			return result.Hits, nil
		})
	default:
		err = config.read(ctx, func(page clarifai.Page) ([]clarifai.Hit, error) {
			result, err := client.PostInputsSearches(ctx, app, clarifai.PostInputsSearchesRequest{
				Searches: []clarifai.Search{search}, Pagination: &clarifai.Pagination{Page: page.Page, PerPage: page.PerPage},
			})
			if err != nil {
				return nil, err
			}
			return result.Hits, nil
		})
	}
	switch {
	case clarifai.IsNotFound(err) && !config.SavedSearchID.IsNull():
		resp.Diagnostics.Append(diags.AttributeError(path.Root("saved_search_id"),
			fmt.Sprintf("No saved search %q in app %q", config.SavedSearchID.ValueString(), app.AppID), err))
	case err != nil:
		resp.Diagnostics.Append(diags.Error(fmt.Sprintf("Unable to search inputs of app %q", app.AppID), err))
	default:
		resp.Diagnostics.Append(resp.State.Set(ctx, config)...)
	}
}

// request is the search to run.
func (m *inputSearchModel) request(ctx context.Context) (clarifai.Search, diag.Diagnostics) {
	query, problems := queryToAPI(ctx, m.Filters, m.Ranks, m.Language)
	return clarifai.Search{
		Query:     query,
		Algorithm: m.Algorithm.ValueString(),
		Metric:    criteria.MetricToAPI(m.Metric),
		MinValue:  clarifai.NewFloat(m.MinValue.ValueFloat64()),
		AsOf:      instant(m.AsOf),
	}, problems
}

func (m *inputSearchModel) count(ctx context.Context, client *clarifai.Client, app clarifai.AppRef, search clarifai.Search) error {
	result, err := client.PostInputsSearches(ctx, app,
		clarifai.PostInputsSearchesRequest{Searches: []clarifai.Search{search}, OnlyCount: true})
	if err != nil {
		return err
	}
	if len(result.HitCounts) == 0 {
		return fmt.Errorf("the service answered without a count")
	}
	m.EstimatedTotal = types.Int64Value(int64(result.HitCounts[0].EstimatedTotal)) //nolint:gosec // no app has so many inputs
	return nil
}

// read takes hits, page by page, up to the limit. It asks for one more, to tell
// whether there is any; a rejection of such a deep page tells it too.
func (m *inputSearchModel) read(ctx context.Context, fetch func(clarifai.Page) ([]clarifai.Hit, error)) error {
	limit := int64(defaultLimit)
	if !m.Limit.IsNull() {
		limit = m.Limit.ValueInt64()
	}
	size := uint32(min(limit+1, clarifai.MaxPerPage)) //nolint:gosec // validated
	seen := map[string]bool{}
	for page := uint32(1); ; page++ {
		if err := ctx.Err(); err != nil {
			return err
		}
		hits, err := fetch(clarifai.Page{Page: page, PerPage: size})
		if clarifai.Code(err) == clarifai.StatusSearchInvalid && int64(len(m.Hits)) == limit {
			m.Truncated = types.BoolValue(true)
			return nil
		}
		if err != nil {
			return err
		}
		fresh := false
		for _, hit := range hits {
			if hit.Input == nil || seen[hit.Input.ID] {
				continue // rows can shift between pages while others write
			}
			if int64(len(m.Hits)) == limit {
				m.Truncated = types.BoolValue(true)
				return nil
			}
			seen[hit.Input.ID], fresh = true, true
			m.InputIDs = append(m.InputIDs, hit.Input.ID)
			m.Hits = append(m.Hits, showHit(hit))
		}
		// The service may cut pages of more than 128, so only a smaller one tells by its length that it is the last.
		if short := size <= 128 && len(hits) < int(size); !fresh || short {
			return nil
		}
	}
}

func showHit(hit clarifai.Hit) hitModel {
	in := hit.Input
	m := hitModel{
		InputID:    types.StringValue(in.ID),
		Score:      attrs.Float(hit.Score),
		StatusCode: types.Int64Value(int64(in.Status.Code)),
		Concepts:   []hitConceptModel{},
		Metadata:   jsontypes.NewNormalizedNull(),
		CreatedAt:  attrs.Time(in.CreatedAt),
		ModifiedAt: attrs.Time(in.ModifiedAt),
	}
	if hit.Annotation != nil {
		m.AnnotationID = attrs.Text(hit.Annotation.ID)
	}
	d := in.Data
	if d == nil {
		return m
	}
	switch {
	case d.Image != nil:
		m.InputType, m.URL = types.StringValue("image"), attrs.Text(d.Image.URL)
	case d.Video != nil:
		m.InputType, m.URL = types.StringValue("video"), attrs.Text(d.Video.URL)
	case d.Audio != nil:
		m.InputType, m.URL = types.StringValue("audio"), attrs.Text(d.Audio.URL)
	case d.Text != nil:
		m.InputType, m.URL = types.StringValue("text"), attrs.Text(d.Text.URL)
	}
	for _, c := range d.Concepts {
		value := types.Float64Value(1)
		if c.Value != nil {
			value = attrs.Float(*c.Value)
		}
		m.Concepts = append(m.Concepts, hitConceptModel{ID: types.StringValue(c.ID), Name: attrs.Text(c.Name), Value: value})
	}
	m.Metadata = attrs.JSON(m.Metadata, d.Metadata)
	if d.Geo != nil && d.Geo.GeoPoint != nil {
		m.Geo = &hitGeoModel{
			Latitude:  attrs.Float(d.Geo.GeoPoint.Latitude),
			Longitude: attrs.Float(d.Geo.GeoPoint.Longitude),
		}
	}
	return m
}
