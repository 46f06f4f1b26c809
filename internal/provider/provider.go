// Package provider registers everything that the provider offers and reads the
// provider block.
package provider

import (
	"context"
	"fmt"
	"os"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-validators/float64validator"
	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/action"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral"
	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/provider/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-log/tflog"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/configure"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/ids"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/inputcontent"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/progress"
	"github.com/clarifai/terraform-provider-clarifai/internal/service/annotation"
	"github.com/clarifai/terraform-provider-clarifai/internal/service/annotations"
	"github.com/clarifai/terraform-provider-clarifai/internal/service/app"
	"github.com/clarifai/terraform-provider-clarifai/internal/service/appduplication"
	"github.com/clarifai/terraform-provider-clarifai/internal/service/concept"
	"github.com/clarifai/terraform-provider-clarifai/internal/service/conceptlanguage"
	"github.com/clarifai/terraform-provider-clarifai/internal/service/conceptmapping"
	"github.com/clarifai/terraform-provider-clarifai/internal/service/conceptrelation"
	"github.com/clarifai/terraform-provider-clarifai/internal/service/dataset"
	"github.com/clarifai/terraform-provider-clarifai/internal/service/datasetexport"
	"github.com/clarifai/terraform-provider-clarifai/internal/service/datasetinput"
	"github.com/clarifai/terraform-provider-clarifai/internal/service/datasetversion"
	"github.com/clarifai/terraform-provider-clarifai/internal/service/evaluation"
	"github.com/clarifai/terraform-provider-clarifai/internal/service/functions"
	"github.com/clarifai/terraform-provider-clarifai/internal/service/ingestion"
	"github.com/clarifai/terraform-provider-clarifai/internal/service/input"
	"github.com/clarifai/terraform-provider-clarifai/internal/service/inputs"
	"github.com/clarifai/terraform-provider-clarifai/internal/service/search"
	"github.com/clarifai/terraform-provider-clarifai/internal/service/taxonomy"
)

const (
	defaultRequestsPerSecond = 15
	defaultRetryTimeout      = 5 * time.Minute
)

// Option changes how the provider is created.
type Option func(*clarifaiProvider)

// WithClock makes the provider wait on another clock; for tests.
func WithClock(clock clarifai.Clock) Option {
	return func(p *clarifaiProvider) { p.clock = clock }
}

// withLoggers sets the loggers for work that outlives the request that started it.
func withLoggers(loggers context.Context) Option {
	return func(p *clarifaiProvider) { p.loggers = loggers }
}

// New returns a function that creates the provider. The version is part of the user agent.
func New(version string, options ...Option) func() provider.Provider {
	return func() provider.Provider { return newProvider(version, options...) }
}

func newProvider(version string, options ...Option) *clarifaiProvider {
	p := &clarifaiProvider{version: version, clock: clarifai.SystemClock}
	for _, option := range options {
		option(p)
	}
	return p
}

type clarifaiProvider struct {
	version string
	clock   clarifai.Clock
	loggers context.Context //nolint:containedctx // carries the process-wide loggers, see workaround_contexts.go
	// onConfigure is called with what a successful configuration came to; nil: nobody asks.
	onConfigure func(*configure.Provider)
}

var (
	_ provider.ProviderWithFunctions          = (*clarifaiProvider)(nil)
	_ provider.ProviderWithListResources      = (*clarifaiProvider)(nil)
	_ provider.ProviderWithActions            = (*clarifaiProvider)(nil)
	_ provider.ProviderWithEphemeralResources = (*clarifaiProvider)(nil)
)

type model struct {
	PAT                   types.String  `tfsdk:"pat"`
	UserID                types.String  `tfsdk:"user_id"`
	AppID                 types.String  `tfsdk:"app_id"`
	BaseURL               types.String  `tfsdk:"base_url"`
	Context               types.String  `tfsdk:"context"`
	ConfigFile            types.String  `tfsdk:"config_file"`
	RequestsPerSecond     types.Float64 `tfsdk:"requests_per_second"`
	MaxConcurrentRequests types.Int64   `tfsdk:"max_concurrent_requests"`
	RetryTimeout          types.String  `tfsdk:"retry_timeout"`
	AdoptIdentical        types.Bool    `tfsdk:"adopt_identical"`
	SkipCredentials       types.Bool    `tfsdk:"skip_credentials_validation"`
	ProgressFile          types.String  `tfsdk:"progress_file"`
}

// Metadata sets the provider's type name and version.
func (p *clarifaiProvider) Metadata(_ context.Context, _ provider.MetadataRequest, resp *provider.MetadataResponse) {
	resp.TypeName = "clarifai"
	resp.Version = p.version
}

// Schema describes the provider block.
func (p *clarifaiProvider) Schema(_ context.Context, _ provider.SchemaRequest, resp *provider.SchemaResponse) {
	notEmpty := []validator.String{stringvalidator.LengthAtLeast(1)}
	resp.Schema = schema.Schema{
		MarkdownDescription: "Manages the data layer of Clarifai apps: datasets and their versions, inputs, concepts, ingestion jobs, " +
			"searches and evaluations.",
		Attributes: map[string]schema.Attribute{
			"pat": schema.StringAttribute{
				MarkdownDescription: "Personal access token. Falls back to `CLARIFAI_PAT`, then to the Clarifai CLI's context. " +
					"It is sent to `base_url` and, for downloads, to other hosts of the same service over https. It is never logged.",
				Optional:   true,
				Sensitive:  true,
				Validators: notEmpty,
			},
			"user_id": schema.StringAttribute{
				MarkdownDescription: "Default user or organization of resources that set no `user_id`. " +
					"Falls back to `CLARIFAI_USER_ID`, then to the Clarifai CLI's context.",
				Optional:   true,
				Validators: []validator.String{ids.Reference()},
			},
			"app_id": schema.StringAttribute{
				MarkdownDescription: "Default app of resources that set no `app_id`. " +
					"Falls back to `CLARIFAI_APP_ID`, then to the Clarifai CLI's context.",
				Optional:   true,
				Validators: []validator.String{ids.Reference()},
			},
			"base_url": schema.StringAttribute{
				MarkdownDescription: "Origin of the API. Falls back to `CLARIFAI_API_BASE`, then to the Clarifai CLI's context, then to `" +
					clarifai.DefaultBaseURL + "`. Must be https, except for loopback addresses, such as the emulator's.",
				Optional:   true,
				Validators: notEmpty,
			},
			"context": schema.StringAttribute{
				MarkdownDescription: "Name of a context in the Clarifai CLI's configuration file. Defaults to the file's current context. " +
					"Arguments and environment variables take precedence over the context.",
				Optional:   true,
				Validators: notEmpty,
			},
			"config_file": schema.StringAttribute{
				MarkdownDescription: "Path of the Clarifai CLI's configuration file. Defaults to `~/.config/clarifai/config`.",
				Optional:            true,
				Validators:          notEmpty,
			},
			"requests_per_second": schema.Float64Attribute{
				MarkdownDescription: fmt.Sprintf("Maximum number of requests per second, for all resources together. Defaults to %d, "+
					"the documented default quota of an account. 0 switches pacing off. A request that the service throttles anyway "+
					"is retried after a pause that applies to all requests.", defaultRequestsPerSecond),
				Optional:   true,
				Validators: []validator.Float64{float64validator.AtLeast(0)},
			},
			"max_concurrent_requests": schema.Int64Attribute{
				MarkdownDescription: "Maximum number of concurrent requests, 1 to 256. Defaults to 16.",
				Optional:            true,
				Validators:          []validator.Int64{int64validator.Between(1, 256)},
			},
			"retry_timeout": schema.StringAttribute{
				MarkdownDescription: "How long one request may be retried if the service is throttling, unavailable or unreachable, " +
					"as a duration such as `90s` or `10m`. Defaults to `5m`.",
				Optional:   true,
				Validators: []validator.String{durationValidator{}},
			},
			"adopt_identical": schema.BoolAttribute{
				MarkdownDescription: "Whether to adopt existing objects. Defaults to `false`: an object that already exists is an " +
					"error with its import block. With `true` an existing object that equals the configuration is adopted, with a " +
					"warning; one that differs stays an error. Set it where a run may be killed before it can save its state, such as " +
					"in a pipeline, and only where nobody else creates the same objects.",
				Optional: true,
			},
			"progress_file": schema.StringAttribute{
				MarkdownDescription: "Path of a file to which the progress of long operations is appended, as one JSON object in each line, " +
					"every ten seconds for each step that takes longer: `time`, `resource`, `doing` (`wait` for what Clarifai does), `done`, " +
					"`total`, `failed`, `seconds_left` (an estimate), `status` (what Clarifai says of it) and `finished`. Relative paths start " +
					"at Terraform's working directory. The log has the same at INFO.",
				Optional:   true,
				Validators: notEmpty,
			},
			"skip_credentials_validation": schema.BoolAttribute{
				MarkdownDescription: "Whether to skip the check of the token and the app at the first planned create of a run, " +
					"which takes one request. Defaults to `false`. A token that is not accepted or an app that does not exist is then " +
					"reported at apply. An app that the same run creates is no error.",
				Optional: true,
			},
		},
	}
}

// Configure creates the client. It sends no request, so that plans that need no data work offline, and it
// accepts values that are not known yet.
func (p *clarifaiProvider) Configure(ctx context.Context, req provider.ConfigureRequest, resp *provider.ConfigureResponse) {
	var config model
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	if resp.Diagnostics.HasError() {
		return
	}
	// If the context is not known yet, neither are the settings that only it has.
	contextUnknown := config.ConfigFile.IsUnknown() || config.Context.IsUnknown()
	var fallback cliContext
	if !contextUnknown {
		var err error
		if fallback, err = readCLIContext(config.ConfigFile.ValueString(), config.Context.ValueString()); err != nil {
			blamed := path.Root("context")
			if config.Context.IsNull() {
				blamed = path.Root("config_file")
			}
			resp.Diagnostics.AddAttributeError(blamed, "Cannot use the Clarifai CLI's configuration", err.Error()+".")
			return
		}
	}
	setting := func(argument types.String, env string) string {
		if argument.ValueString() != "" {
			return argument.ValueString()
		}
		if v := os.Getenv(env); v != "" {
			return v
		}
		return fallback.get(env)
	}
	unknown := func(argument types.String, env string) bool {
		return argument.IsUnknown() || contextUnknown && argument.IsNull() && os.Getenv(env) == ""
	}
	scope := func(argument types.String, name, env string) string {
		if argument.IsUnknown() {
			return ""
		}
		id := setting(argument, env)
		if problem := ids.ReferenceProblem(id); id != "" && problem != "" {
			resp.Diagnostics.AddAttributeError(path.Root(name), "Invalid "+name,
				fmt.Sprintf("%q, from %s or the Clarifai CLI's context, cannot be used as %s: %s.", id, env, name, problem))
		}
		return id
	}
	data := &configure.Provider{
		UserID:        scope(config.UserID, "user_id", "CLARIFAI_USER_ID"),
		AppID:         scope(config.AppID, "app_id", "CLARIFAI_APP_ID"),
		UserIDUnknown: unknown(config.UserID, "CLARIFAI_USER_ID"),
		AppIDUnknown:  unknown(config.AppID, "CLARIFAI_APP_ID"),

		AdoptIdentical:  config.AdoptIdentical.ValueBool(),
		RetryTimeout:    retryTimeout(config.RetryTimeout),
		SkipAccessCheck: config.SkipCredentials.ValueBool(),
	}
	if name := config.ProgressFile.ValueString(); name != "" {
		file, err := progress.Open(name)
		if err != nil {
			resp.Diagnostics.AddAttributeError(path.Root("progress_file"), "Unable to write progress_file",
				fmt.Sprintf("%s. Set the path of a file in a directory that exists, or remove the argument.", inputcontent.FileError(err)))
		}
		data.Progress = file
	}
	if resp.Diagnostics.HasError() {
		return
	}
	resp.ResourceData, resp.DataSourceData, resp.EphemeralResourceData = data, data, data
	resp.ListResourceData, resp.ActionData = data, data

	if unknown(config.PAT, "CLARIFAI_PAT") || unknown(config.BaseURL, "CLARIFAI_API_BASE") {
		data.Problem = "The provider's pat, base_url or context depends on a resource that does not exist yet, so no request can be sent now. " +
			"Apply what they depend on first (terraform apply -target=...), or give them values that are known before apply."
		if req.ClientCapabilities.DeferralAllowed {
			resp.Deferred = &provider.Deferred{Reason: provider.DeferredReasonProviderConfigUnknown}
		}
		return
	}
	pat := setting(config.PAT, "CLARIFAI_PAT")
	if pat == "" {
		resp.Diagnostics.AddAttributeError(path.Root("pat"), "Missing personal access token",
			"Set pat in the provider block, export CLARIFAI_PAT, or log in with the Clarifai CLI. "+
				"You create tokens under Settings > Security on the Clarifai site.")
		return
	}
	client, err := clarifai.New(clarifai.Config{
		BaseURL:               setting(config.BaseURL, "CLARIFAI_API_BASE"),
		PAT:                   pat,
		UserAgent:             userAgent(p.version, req.TerraformVersion),
		RequestsPerSecond:     requestsPerSecond(config.RequestsPerSecond),
		MaxConcurrentRequests: int(config.MaxConcurrentRequests.ValueInt64()),
		RetryTimeout:          retryTimeout(config.RetryTimeout),
		Transport:             bodyTransport(int(config.MaxConcurrentRequests.ValueInt64())),
		Clock:                 p.clock,
		Log:                   logCall,
	})
	if err != nil {
		resp.Diagnostics.AddAttributeError(path.Root("base_url"), "Cannot use the provider configuration",
			"The address of the API (base_url, CLARIFAI_API_BASE or the CLI's context) or the token is not acceptable: "+err.Error()+".")
		return
	}
	data.API = client
	if p.onConfigure != nil {
		p.onConfigure(data)
	}
}

func requestsPerSecond(v types.Float64) float64 {
	if v.IsNull() || v.IsUnknown() {
		return defaultRequestsPerSecond
	}
	return v.ValueFloat64()
}

func retryTimeout(v types.String) time.Duration {
	if d, err := time.ParseDuration(v.ValueString()); err == nil {
		return d
	}
	return defaultRetryTimeout
}

func userAgent(version, terraformVersion string) string {
	agent := fmt.Sprintf("terraform-provider-clarifai/%s Terraform/%s", version, terraformVersion)
	if extra := os.Getenv("TF_APPEND_USER_AGENT"); extra != "" {
		agent += " " + extra
	}
	return agent
}

// logCall logs one line for each attempt, without bodies and credentials.
func logCall(ctx context.Context, e clarifai.LogEntry) {
	fields := map[string]any{
		"op": e.Op, "method": e.Method, "path": e.Path, "attempt": e.Attempt,
		"http_status": e.HTTPStatus, "code": int(e.Code), "req_id": e.ReqID,
		"ms": e.Duration.Milliseconds(), "request_bytes": e.RequestBytes,
	}
	if e.Err != nil {
		fields["error"] = e.Err.Error()
		tflog.Warn(ctx, "clarifai: call failed", fields)
		return
	}
	tflog.Debug(ctx, "clarifai: call", fields)
}

// Resources returns the resources.
func (p *clarifaiProvider) Resources(context.Context) []func() resource.Resource {
	return []func() resource.Resource{
		annotation.NewResource,
		annotations.NewResource,
		app.NewResource,
		appduplication.NewResource,
		concept.NewResource,
		conceptlanguage.NewPluralResource,
		conceptlanguage.NewResource,
		conceptmapping.NewResource,
		conceptrelation.NewResource,
		dataset.NewResource,
		datasetexport.NewResource,
		datasetinput.NewPluralResource,
		datasetinput.NewResource,
		datasetversion.NewResource,
		evaluation.NewResource,
		ingestion.NewImportResource,
		ingestion.NewUploadResource,
		input.NewResource,
		inputs.NewResource,
		search.NewResource,
		taxonomy.NewResource,
	}
}

// DataSources returns the data sources.
func (p *clarifaiProvider) DataSources(context.Context) []func() datasource.DataSource {
	return []func() datasource.DataSource{
		annotations.NewDataSource,
		annotations.NewPluralDataSource,
		app.NewDataSource,
		app.NewPluralDataSource,
		concept.NewCountsDataSource,
		concept.NewDataSource,
		concept.NewPluralDataSource,
		conceptlanguage.NewDataSource,
		conceptlanguage.NewPluralDataSource,
		conceptrelation.NewDataSource,
		dataset.NewDataSource,
		dataset.NewPluralDataSource,
		datasetinput.NewDataSource,
		datasetinput.NewPluralDataSource,
		datasetversion.NewDataSource,
		datasetversion.NewMetricsDataSource,
		datasetversion.NewPluralDataSource,
		evaluation.NewDataSource,
		evaluation.NewPluralDataSource,
		ingestion.NewAddJobDataSource,
		ingestion.NewAddJobsDataSource,
		ingestion.NewExtractionJobDataSource,
		ingestion.NewExtractionJobsDataSource,
		input.NewCountsDataSource,
		input.NewDataSource,
		inputs.NewDataSource,
		search.NewDataSource,
		search.NewInputSearchDataSource,
	}
}

// ListResources returns the list resources of `terraform query`.
func (p *clarifaiProvider) ListResources(context.Context) []func() list.ListResource {
	return []func() list.ListResource{
		annotations.NewListResource,
		app.NewListResource,
		concept.NewListResource,
		conceptlanguage.NewListResource,
		conceptrelation.NewListResource,
		dataset.NewListResource,
		datasetinput.NewListResource,
		datasetversion.NewListResource,
		input.NewListResource,
		search.NewListResource,
	}
}

// Actions returns the actions.
func (p *clarifaiProvider) Actions(context.Context) []func() action.Action {
	return []func() action.Action{
		annotation.NewAction,
		appduplication.NewAction,
		conceptmapping.NewAction,
		datasetexport.NewAction,
		evaluation.NewAction,
		ingestion.NewCancelAddJobAction,
		ingestion.NewCancelExtractionJobsAction,
		ingestion.NewImportAction,
	}
}

// EphemeralResources returns the ephemeral resources.
func (p *clarifaiProvider) EphemeralResources(context.Context) []func() ephemeral.EphemeralResource {
	return []func() ephemeral.EphemeralResource{
		datasetexport.NewEphemeralResource,
	}
}

// Functions returns the functions.
func (p *clarifaiProvider) Functions(context.Context) []func() function.Function {
	return []func() function.Function{
		functions.NewParseURL,
		taxonomy.NewCSVFunction,
		taxonomy.NewSKOSFunction,
	}
}

// durationValidator accepts positive Go durations.
type durationValidator struct{}

func (durationValidator) Description(context.Context) string {
	return `must be a positive duration such as "90s" or "10m"`
}

func (v durationValidator) MarkdownDescription(ctx context.Context) string { return v.Description(ctx) }

func (v durationValidator) ValidateString(ctx context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	if req.ConfigValue.IsNull() || req.ConfigValue.IsUnknown() {
		return
	}
	if d, err := time.ParseDuration(req.ConfigValue.ValueString()); err != nil || d <= 0 {
		resp.Diagnostics.AddAttributeError(req.Path, "Invalid duration",
			fmt.Sprintf("%q is not usable: it %s.", req.ConfigValue.ValueString(), v.Description(ctx)))
	}
}
