package main

import (
	"context"
	"os"
	"strings"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6/tf6server"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/clarifai/terraform-provider-clarifai/internal/provider"
)

const (
	idleCommand     = "idle"
	providerAddress = "registry.terraform.io/clarifai/clarifai"
)

// serveIdle serves a provider with the same schemas that does nothing: its cost is Terraform's own.
func serveIdle() error {
	// As the provider does.
	for _, name := range []string{"TF_LOG_SDK", "TF_LOG_SDK_FRAMEWORK", "TF_LOG_SDK_PROTO"} {
		if err := os.Setenv(name, "off"); err != nil {
			return err
		}
	}
	server, err := provider.NewServer("bench")()
	if err != nil {
		return err
	}
	schemas, err := server.GetProviderSchema(context.Background(), &tfprotov6.GetProviderSchemaRequest{})
	if err != nil {
		return err
	}
	return tf6server.Serve(providerAddress, func() tfprotov6.ProviderServer { return idle{server, schemas.ResourceSchemas} })
}

// idle plans the proposed state and applies nothing. It invents values for computed attributes, since
// Terraform's own time grows with the state.
type idle struct {
	tfprotov6.ProviderServer
	schemas map[string]*tfprotov6.Schema
}

// ConfigureProvider does nothing.
func (idle) ConfigureProvider(
	context.Context, *tfprotov6.ConfigureProviderRequest,
) (*tfprotov6.ConfigureProviderResponse, error) {
	return &tfprotov6.ConfigureProviderResponse{}, nil
}

// ValidateResourceConfig accepts everything.
func (idle) ValidateResourceConfig(
	context.Context, *tfprotov6.ValidateResourceConfigRequest,
) (*tfprotov6.ValidateResourceConfigResponse, error) {
	return &tfprotov6.ValidateResourceConfigResponse{}, nil
}

// ReadResource returns the prior state.
func (idle) ReadResource(_ context.Context, req *tfprotov6.ReadResourceRequest) (*tfprotov6.ReadResourceResponse, error) {
	return &tfprotov6.ReadResourceResponse{NewState: req.CurrentState, Private: req.Private, NewIdentity: req.CurrentIdentity}, nil
}

// PlanResourceChange plans the proposed state, with unknown computed values for a new object.
func (i idle) PlanResourceChange(
	_ context.Context, req *tfprotov6.PlanResourceChangeRequest,
) (*tfprotov6.PlanResourceChangeResponse, error) {
	resp := &tfprotov6.PlanResourceChangeResponse{
		PlannedState: req.ProposedNewState, PlannedPrivate: req.PriorPrivate, PlannedIdentity: req.PriorIdentity,
	}
	schema := i.schemas[req.TypeName]
	prior, err := req.PriorState.Unmarshal(schema.ValueType())
	if err != nil {
		return nil, err
	}
	if !prior.IsNull() {
		return resp, nil
	}
	computed := map[string]bool{}
	for _, attribute := range schema.Block.Attributes {
		// An object that may be configured is not managed if it is not; the provider plans null for it.
		computed[attribute.Name] = attribute.Computed && (attribute.NestedType == nil || !attribute.Optional)
	}
	resp.PlannedState, err = changed(req.ProposedNewState, schema, func(name string, v tftypes.Value) tftypes.Value {
		if computed[name] && v.IsNull() {
			return tftypes.NewValue(v.Type(), tftypes.UnknownValue)
		}
		return v
	})
	return resp, err
}

// ApplyResourceChange returns the planned state.
func (i idle) ApplyResourceChange(
	_ context.Context, req *tfprotov6.ApplyResourceChangeRequest,
) (*tfprotov6.ApplyResourceChangeResponse, error) {
	state, err := changed(req.PlannedState, i.schemas[req.TypeName], func(_ string, v tftypes.Value) tftypes.Value {
		if v.IsKnown() {
			return v
		}
		return invented(v.Type())
	})
	return &tfprotov6.ApplyResourceChangeResponse{NewState: state, Private: req.PlannedPrivate, NewIdentity: req.PlannedIdentity}, err
}

// changed returns an object with changed attributes.
func changed(
	object *tfprotov6.DynamicValue, schema *tfprotov6.Schema, change func(string, tftypes.Value) tftypes.Value,
) (*tfprotov6.DynamicValue, error) {
	value, err := object.Unmarshal(schema.ValueType())
	if err != nil || value.IsNull() {
		return object, err
	}
	attributes := map[string]tftypes.Value{}
	if err := value.As(&attributes); err != nil {
		return nil, err
	}
	for name, v := range attributes {
		attributes[name] = change(name, v)
	}
	result, err := tfprotov6.NewDynamicValue(schema.ValueType(), tftypes.NewValue(value.Type(), attributes))
	return &result, err
}

// invented returns a value of a type.
func invented(t tftypes.Type) tftypes.Value {
	if object, ok := t.(tftypes.Object); ok {
		members := map[string]tftypes.Value{}
		for name, member := range object.AttributeTypes {
			members[name] = invented(member)
		}
		return tftypes.NewValue(t, members)
	}
	switch {
	case t.Is(tftypes.String):
		return tftypes.NewValue(t, strings.Repeat("x", 30)) // the length of a timestamp or a short text
	case t.Is(tftypes.Number):
		return tftypes.NewValue(t, 640)
	case t.Is(tftypes.Bool):
		return tftypes.NewValue(t, true)
	}
	return tftypes.NewValue(t, nil)
}
