// Package configure carries the provider's configuration to whatever needs the
// service: one struct to embed for each kind of thing that Terraform configures.
package configure

import (
	"context"
	"fmt"
	"sync"

	"github.com/hashicorp/terraform-plugin-framework/action"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral"
	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
)

// Provider is what the provider block came to.
type Provider struct {
	// Client is nil while the provider cannot be configured yet; Problem then
	// says why, and Ready turns it into a diagnostic at first use.
	Client  *clarifai.Client
	Problem string

	// UserID and AppID are the defaults for resources that set none; "" when
	// there is none. The Unknown flags say that a default exists but is not known
	// before apply.
	UserID, AppID               string
	UserIDUnknown, AppIDUnknown bool

	kept sync.Map
}

// Keep gives what is kept under key for one run: Terraform configures a provider
// anew for each plan and each apply. The first call makes it. Keys are values of
// an unexported type of the caller's, as those of contexts are.
func (p *Provider) Keep(key any, fresh func() any) any {
	if kept, ok := p.kept.Load(key); ok {
		return kept
	}
	kept, _ := p.kept.LoadOrStore(key, fresh())
	return kept
}

// Ready returns the client, or why there is none.
func (p *Provider) Ready() (*clarifai.Client, diag.Diagnostics) {
	var diags diag.Diagnostics
	switch {
	case p == nil:
		diags.AddError("Provider not configured", "The provider was used before it was configured. This is a bug in the provider; please report it.")
	case p.Client == nil:
		diags.AddError("Clarifai provider is not configured yet", p.Problem)
	default:
		return p.Client, diags
	}
	return nil, diags
}

// Resource is embedded by resources and list resources.
type Resource struct{ Provider *Provider }

// Configure takes the provider's data.
func (r *Resource) Configure(_ context.Context, req resource.ConfigureRequest, resp *resource.ConfigureResponse) {
	r.Provider = take(req.ProviderData, &resp.Diagnostics)
}

// DataSource is embedded by data sources.
type DataSource struct{ Provider *Provider }

// Configure takes the provider's data.
func (d *DataSource) Configure(_ context.Context, req datasource.ConfigureRequest, resp *datasource.ConfigureResponse) {
	d.Provider = take(req.ProviderData, &resp.Diagnostics)
}

// Action is embedded by actions.
type Action struct{ Provider *Provider }

// Configure takes the provider's data.
func (a *Action) Configure(_ context.Context, req action.ConfigureRequest, resp *action.ConfigureResponse) {
	a.Provider = take(req.ProviderData, &resp.Diagnostics)
}

// Ephemeral is embedded by ephemeral resources.
type Ephemeral struct{ Provider *Provider }

// Configure takes the provider's data.
func (e *Ephemeral) Configure(_ context.Context, req ephemeral.ConfigureRequest, resp *ephemeral.ConfigureResponse) {
	e.Provider = take(req.ProviderData, &resp.Diagnostics)
}

// take is nil before the provider is configured, as during validation.
func take(data any, diags *diag.Diagnostics) *Provider {
	if data == nil {
		return nil
	}
	p, ok := data.(*Provider)
	if !ok {
		diags.AddError("Unexpected provider data", fmt.Sprintf("Got %T. This is a bug in the provider; please report it.", data))
	}
	return p
}
