// Package ids implements the identification of objects: user and app, with
// defaults from the provider, resource identity, and import ID.
package ids

import (
	"context"
	"fmt"
	"strings"
	"sync"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/identityschema"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/configure"
)

// Key names the attributes that identify an object, outermost first. The scope
// (user_id, and app_id unless OfUser) comes before Own and defaults from the
// provider.
type Key struct {
	Own    []string
	OfUser bool // the object lies directly under a user, as an app does
}

// InApp returns the key of an object inside an app.
func InApp(own ...string) Key { return Key{Own: own} }

// OfUser returns the key of an object that lies directly under a user.
func OfUser(own ...string) Key { return Key{Own: own, OfUser: true} }

func (k Key) scope() []string {
	if k.OfUser {
		return []string{"user_id"}
	}
	return []string{"user_id", "app_id"}
}

func (k Key) all() []string { return append(k.scope(), k.Own...) }

// IdentitySchema returns the key's attributes. An import may omit the scope.
func (k Key) IdentitySchema() identityschema.Schema {
	s := identityschema.Schema{Attributes: map[string]identityschema.Attribute{}}
	for _, name := range k.scope() {
		s.Attributes[name] = identityschema.StringAttribute{
			OptionalForImport: true,
			Description:       "Defaults to the provider's " + name + ".",
		}
	}
	for _, name := range k.Own {
		s.Attributes[name] = identityschema.StringAttribute{RequiredForImport: true}
	}
	return s
}

// SetIdentity writes the identity: the scope first, then the attributes of Own in order.
func (k Key) SetIdentity(ctx context.Context, identity *tfsdk.ResourceIdentity, app clarifai.AppRef, own ...string) diag.Diagnostics {
	var diags diag.Diagnostics
	if identity == nil {
		return diags
	}
	values := append([]string{app.UserID, app.AppID}, own...)
	if k.OfUser {
		values = append([]string{app.UserID}, own...)
	}
	for i, name := range k.all() {
		if name == "user_id" {
			// "me" and the ID it stands for are the same user, and the identity of an object
			// must not change.
			var present types.String
			diags.Append(identity.GetAttribute(ctx, path.Root(name), &present)...)
			if p := present.ValueString(); p != "" && (p == me || values[i] == me) {
				continue
			}
		}
		diags.Append(identity.SetAttribute(ctx, path.Root(name), values[i])...)
	}
	return diags
}

// Attributes is a plan or a state.
type Attributes interface {
	GetAttribute(ctx context.Context, at path.Path, target any) diag.Diagnostics
}

// ImportID returns the complete import id of a resource, user_id/app_id/..., and
// whether all of its parts are known.
func (k Key) ImportID(ctx context.Context, from Attributes) (id string, known bool) {
	var parts []string
	for _, name := range k.all() {
		var part types.String
		if from.GetAttribute(ctx, path.Root(name), &part).HasError() || part.ValueString() == "" {
			return "", false
		}
		parts = append(parts, part.ValueString())
	}
	return strings.Join(parts, "/"), true
}

// Import sets state and identity from an import ID or an identity. Missing parts of the scope
// come from the provider.
func (k Key) Import(ctx context.Context, p *configure.Provider, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	values, diags := k.importValues(ctx, p, req)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	for i, name := range k.all() {
		resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root(name), values[i])...)
		if resp.Identity != nil {
			resp.Diagnostics.Append(resp.Identity.SetAttribute(ctx, path.Root(name), values[i])...)
		}
	}
}

func (k Key) importValues(ctx context.Context, p *configure.Provider, req resource.ImportStateRequest) ([]string, diag.Diagnostics) {
	var diags diag.Diagnostics
	names := k.all()
	values := make([]string, len(names))
	if req.ID == "" && req.Identity != nil {
		for i, name := range names {
			var v types.String
			diags.Append(req.Identity.GetAttribute(ctx, path.Root(name), &v)...)
			values[i] = v.ValueString()
		}
	} else if parts := strings.Split(req.ID, "/"); len(parts) <= len(names) && !anyEmpty(parts) {
		copy(values[len(names)-len(parts):], parts)
	}
	if anyEmpty(values[len(names)-len(k.Own):]) {
		diags.AddError("Invalid import id", fmt.Sprintf("The import id %q is not of the form %s.", req.ID, k.importForms()))
		return nil, diags
	}
	for i, name := range names {
		if problem := ReferenceProblem(values[i]); values[i] != "" && problem != "" {
			diags.AddError("Invalid import id", fmt.Sprintf("%q cannot be the %s of an object: %s.", values[i], name, problem))
		}
	}
	for i, name := range k.scope() {
		if values[i] != "" {
			continue
		}
		value, unknown := providers(p, name)
		if unknown {
			diags.AddError("Import needs "+name, unknownScope(name))
			continue
		}
		if values[i] = value; value == "" {
			diags.AddError("Import needs "+name,
				fmt.Sprintf("Neither the import nor the provider configuration sets %s. Write the import id as %s, or set %s in the provider block.",
					name, k.importForms(), name))
		}
	}
	return values, diags
}

func (k Key) importForms() string {
	own := strings.Join(k.Own, "/")
	if k.OfUser {
		return fmt.Sprintf("%q or %q", own, "user_id/"+own)
	}
	return fmt.Sprintf("%q, %q or %q", own, "app_id/"+own, "user_id/app_id/"+own)
}

func anyEmpty(parts []string) bool {
	for _, p := range parts {
		if p == "" {
			return true
		}
	}
	return false
}

// PlanScope plans user_id and app_id: configured values, otherwise
// the provider's defaults, otherwise the values in state. A change replaces the
// resource. ModifyPlan calls it.
func (k Key) PlanScope(ctx context.Context, p *configure.Provider, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	if req.Plan.Raw.IsNull() {
		return
	}
	for _, name := range k.scope() {
		at := path.Root(name)
		var configured, prior types.String
		resp.Diagnostics.Append(req.Config.GetAttribute(ctx, at, &configured)...)
		if !req.State.Raw.IsNull() {
			resp.Diagnostics.Append(req.State.GetAttribute(ctx, at, &prior)...)
		}
		if resp.Diagnostics.HasError() {
			return
		}
		planned := configured
		if configured.IsNull() {
			planned = defaultFor(p, name, prior)
		}
		sameUser := name == "user_id" && isSameUser(ctx, p, planned.ValueString(), prior.ValueString())
		if sameUser && configured.IsNull() {
			planned = prior
		}
		if planned.IsNull() {
			resp.Diagnostics.AddAttributeError(at, "Missing "+name, missingScope(name))
			return
		}
		resp.Diagnostics.Append(resp.Plan.SetAttribute(ctx, at, planned)...)
		if !prior.IsNull() && !planned.Equal(prior) && !sameUser {
			resp.RequiresReplace = append(resp.RequiresReplace, at)
		}
	}
	k.checkAccess(ctx, p, req, resp)
}

// me is the user_id that stands for the owner of the access token.
const me = "me"

type userKey struct{}

// isSameUser reports whether one of two user IDs is "me" and the other one is
// the ID it stands for. It sends one request in a run, and only if the two differ.
func isSameUser(ctx context.Context, p *configure.Provider, a, b string) bool {
	if a == "" || b == "" || a != me && b != me {
		return false
	}
	if a == b {
		return true
	}
	if p == nil || p.API == nil {
		return false
	}
	id, _ := p.Cached(userKey{}, func() any {
		return sync.OnceValue(func() string {
			user, err := p.API.GetUser(ctx, me)
			if err != nil {
				return "" // the two count as different; the plan shows it
			}
			return user.ID
		})
	}).(func() string)
	return id != nil && (id() == a || id() == b)
}

func defaultFor(p *configure.Provider, name string, prior types.String) types.String {
	if p == nil {
		return types.StringUnknown()
	}
	value, unknown := providers(p, name)
	switch {
	case unknown:
		return types.StringUnknown()
	case value != "":
		return types.StringValue(value)
	case !prior.IsNull():
		return prior
	default:
		return types.StringNull()
	}
}

// providers returns the provider's default for a part of the scope. unknown reports a default
// that is not known before apply.
func providers(p *configure.Provider, name string) (value string, unknown bool) {
	switch {
	case p == nil:
		return "", false
	case name == "app_id":
		return p.AppID, p.AppIDUnknown
	default:
		return p.UserID, p.UserIDUnknown
	}
}

func unknownScope(name string) string {
	return fmt.Sprintf("The provider's %s depends on a resource that does not exist yet. "+
		"Set %s here, apply that resource first (terraform apply -target=...), or give the provider a value that is known before apply.", name,
		name)
}

func missingScope(name string) string {
	return fmt.Sprintf("Neither this block nor the provider configuration sets %s. "+
		"Set %s here or in the provider block, or export CLARIFAI_%s.", name, name, strings.ToUpper(name))
}

// Scope resolves user_id and app_id of a data source, list resource or action.
func Scope(p *configure.Provider, userID, appID types.String) (clarifai.AppRef, diag.Diagnostics) {
	ref, diags := UserScope(p, userID)
	ref.AppID = resolve(p, "app_id", appID, &diags)
	return ref, diags
}

// UserScope resolves user_id alone.
func UserScope(p *configure.Provider, userID types.String) (clarifai.AppRef, diag.Diagnostics) {
	var diags diag.Diagnostics
	return clarifai.AppRef{UserID: resolve(p, "user_id", userID, &diags)}, diags
}

func resolve(p *configure.Provider, name string, own types.String, diags *diag.Diagnostics) string {
	if own.ValueString() != "" {
		return own.ValueString()
	}
	value, unknown := providers(p, name)
	switch {
	case unknown:
		diags.AddAttributeError(path.Root(name), name+" is not known yet", unknownScope(name))
	case value == "":
		diags.AddAttributeError(path.Root(name), "Missing "+name, missingScope(name))
	}
	return value
}

// App returns the scope from a plan or state, in which it is always known.
func App(userID, appID types.String) clarifai.AppRef {
	return clarifai.AppRef{UserID: userID.ValueString(), AppID: appID.ValueString()}
}
