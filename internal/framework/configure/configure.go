// Package configure passes the provider's configuration to resources, data
// sources, list resources, actions and ephemeral resources, with one struct to embed
// for each of these kinds.
package configure

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/action"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral"
	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/progress"
)

// Provider is the configured provider.
type Provider struct {
	// API is nil while the provider cannot be configured yet; Problem then says
	// why, and Client returns it as a diagnostic.
	API     *clarifai.Client
	Problem string

	// UserID and AppID are the defaults for resources that set none; "" if there
	// is none. The Unknown flags say that a default exists but is not known
	// before apply.
	UserID, AppID               string
	UserIDUnknown, AppIDUnknown bool

	// AdoptIdentical is the provider's adopt_identical: an existing object that
	// equals the configuration is adopted instead of rejected.
	AdoptIdentical bool

	// RetryTimeout is how long a create is repeated while its outcome is unknown
	// and the object does not exist.
	RetryTimeout time.Duration

	// Progress is the provider's progress_file; nil if it is not set.
	Progress *progress.File

	// SkipAccessCheck disables CheckAccess.
	SkipAccessCheck bool

	cache  sync.Map
	access access
}

// Cached returns the value stored under key and creates it on the first call. The value
// lives as long as the configured provider: Terraform configures a new one for
// each plan and each apply. Keys have an unexported type of the
// caller, like keys of contexts.
func (p *Provider) Cached(key any, create func() any) any {
	if value, ok := p.cache.Load(key); ok {
		return value
	}
	value, _ := p.cache.LoadOrStore(key, create())
	return value
}

// Client returns the API client, or diagnostics that explain why there is none.
func (p *Provider) Client() (*clarifai.Client, diag.Diagnostics) {
	var diags diag.Diagnostics
	switch {
	case p == nil:
		diags.AddError("Provider not configured", "The provider was used before it was configured. This is a bug in the "+
			"provider; please report it.")
	case p.API == nil:
		diags.AddError("Clarifai provider is not configured yet", p.Problem)
	default:
		return p.API, diags
	}
	return nil, diags
}

// Resource is embedded by resources and list resources.
type Resource struct{ Provider *Provider }

// Configure stores the configured provider.
func (r *Resource) Configure(_ context.Context, req resource.ConfigureRequest, resp *resource.ConfigureResponse) {
	r.Provider = providerFrom(req.ProviderData, &resp.Diagnostics)
}

// DataSource is embedded by data sources.
type DataSource struct{ Provider *Provider }

// Configure stores the configured provider.
func (d *DataSource) Configure(_ context.Context, req datasource.ConfigureRequest, resp *datasource.ConfigureResponse) {
	d.Provider = providerFrom(req.ProviderData, &resp.Diagnostics)
}

// Action is embedded by actions.
type Action struct{ Provider *Provider }

// Configure stores the configured provider.
func (a *Action) Configure(_ context.Context, req action.ConfigureRequest, resp *action.ConfigureResponse) {
	a.Provider = providerFrom(req.ProviderData, &resp.Diagnostics)
}

// Ephemeral is embedded by ephemeral resources.
type Ephemeral struct{ Provider *Provider }

// Configure stores the configured provider.
func (e *Ephemeral) Configure(_ context.Context, req ephemeral.ConfigureRequest, resp *ephemeral.ConfigureResponse) {
	e.Provider = providerFrom(req.ProviderData, &resp.Diagnostics)
}

// providerFrom returns nil before the provider is configured, as during validation.
func providerFrom(data any, diags *diag.Diagnostics) *Provider {
	if data == nil {
		return nil
	}
	p, ok := data.(*Provider)
	if !ok {
		diags.AddError("Unexpected provider data", fmt.Sprintf("Got %T. This is a bug in the provider; please report it.", data))
	}
	return p
}
