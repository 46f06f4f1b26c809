package acctest

import (
	"context"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/clarifai/terraform-provider-clarifai/internal/provider"
)

// Create plans and applies the creation of a resource as Terraform does, without a CLI. ctx is that of the
// apply: Ctrl-C reaches a provider as a context that ends. It returns the new state, and the diagnostics of
// the apply.
func (e *Env) Create(ctx context.Context, t *testing.T, typeName string, config map[string]any) (tftypes.Value, []*tfprotov6.Diagnostic) {
	t.Helper()
	before := context.WithoutCancel(ctx) // nothing interrupts the plan
	server, of := e.Configured(before, t, typeName)
	dynamic := func(of tftypes.Type, v any) *tfprotov6.DynamicValue {
		encoded, err := tfprotov6.NewDynamicValue(of, Value(of, v))
		if err != nil {
			t.Fatal(err)
		}
		return &encoded
	}
	nothing := dynamic(of, nil)
	planned, err := server.PlanResourceChange(before, &tfprotov6.PlanResourceChangeRequest{
		TypeName: typeName, Config: dynamic(of, config), ProposedNewState: dynamic(of, config), PriorState: nothing,
	})
	if err != nil || len(planned.Diagnostics) > 0 {
		t.Fatal(err, planned)
	}
	applied, err := server.ApplyResourceChange(ctx, &tfprotov6.ApplyResourceChangeRequest{
		TypeName: typeName, Config: dynamic(of, config), PriorState: nothing,
		PlannedState: planned.PlannedState, PlannedPrivate: planned.PlannedPrivate, PlannedIdentity: planned.PlannedIdentity,
	})
	if err != nil {
		t.Fatal(err)
	}
	state, err := applied.NewState.Unmarshal(of)
	if err != nil {
		t.Fatal(err)
	}
	return state, applied.Diagnostics
}

// Configured returns a configured provider, without a CLI, and the type of a resource's state.
func (e *Env) Configured(ctx context.Context, t *testing.T, typeName string) (tfprotov6.ProviderServer, tftypes.Type) {
	t.Helper()
	server := providerserver.NewProtocol6(provider.New("test", provider.WithClock(e.Clock))())()
	schemas, err := server.GetProviderSchema(ctx, &tfprotov6.GetProviderSchemaRequest{})
	if err != nil {
		t.Fatal(err)
	}
	of := schemas.Provider.ValueType()
	config, err := tfprotov6.NewDynamicValue(of, Value(of, map[string]any{
		"base_url": e.URL(), "pat": PAT, "user_id": User, "app_id": App, "skip_credentials_validation": true,
	}))
	if err != nil {
		t.Fatal(err)
	}
	configured, err := server.ConfigureProvider(ctx, &tfprotov6.ConfigureProviderRequest{Config: &config})
	if err != nil || len(configured.Diagnostics) > 0 {
		t.Fatal(err, configured)
	}
	return server, schemas.ResourceSchemas[typeName].ValueType()
}

// Value returns a value of a type: maps become objects and maps, and attributes that an object omits are null.
func Value(of tftypes.Type, v any) tftypes.Value {
	fields, isObject := v.(map[string]any)
	switch of := of.(type) {
	case tftypes.Object:
		if !isObject {
			return tftypes.NewValue(of, nil)
		}
		m := map[string]tftypes.Value{}
		for name, t := range of.AttributeTypes {
			m[name] = Value(t, fields[name])
		}
		return tftypes.NewValue(of, m)
	case tftypes.Map:
		if !isObject {
			return tftypes.NewValue(of, nil)
		}
		m := map[string]tftypes.Value{}
		for name, v := range fields {
			m[name] = Value(of.ElementType, v)
		}
		return tftypes.NewValue(of, m)
	}
	return tftypes.NewValue(of, v)
}
