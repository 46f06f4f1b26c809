package provider

import (
	"context"
	"errors"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/defaults"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/clarifai/terraform-provider-clarifai/internal/framework/configure"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/diags"
)

// GetProviderSchema adds to the framework's response that the provider generates
// resource configuration itself; the framework (1.19) cannot say so.
func (s *server) GetProviderSchema(ctx context.Context, req *tfprotov6.GetProviderSchemaRequest) (*tfprotov6.GetProviderSchemaResponse,
	error) {
	resp, err := s.frameworkServer.GetProviderSchema(ctx, req)
	if resp != nil && resp.ServerCapabilities != nil {
		capabilities := *resp.ServerCapabilities
		capabilities.GenerateResourceConfig = true
		withCapability := *resp
		withCapability.ServerCapabilities = &capabilities
		resp = &withCapability
	}
	return resp, err
}

// GenerateResourceConfig writes the configuration of an imported object: what can be configured, with its
// ID, and without values that only repeat a default. Both Terraform and the export command use it.
//
// The framework's own version leaves out every optional and computed "id", for the sake of providers that
// were written with an older SDK. Without its ID, a resource that is replaced later gets another one.
func (s *server) GenerateResourceConfig(ctx context.Context,
	req *tfprotov6.GenerateResourceConfigRequest) (*tfprotov6.GenerateResourceConfigResponse, error) {
	resourceSchema, ok := s.resourceSchemas(ctx)[req.TypeName]
	if !ok {
		return &tfprotov6.GenerateResourceConfigResponse{Diagnostics: generateProblem(fmt.Errorf("the provider has no resource %q",
			req.TypeName))}, nil
	}
	objectType := resourceSchema.Type().TerraformType(ctx)
	state, err := req.State.Unmarshal(objectType)
	if err != nil {
		return &tfprotov6.GenerateResourceConfigResponse{Diagnostics: generateProblem(err)}, nil
	}
	config, err := tftypes.Transform(state, func(at *tftypes.AttributePath, value tftypes.Value) (tftypes.Value, error) {
		keep, err := s.generates(ctx, resourceSchema, at, value)
		if err != nil || keep {
			return value, err
		}
		return tftypes.NewValue(value.Type(), nil), nil
	})
	if err != nil {
		return &tfprotov6.GenerateResourceConfigResponse{Diagnostics: generateProblem(err)}, nil
	}
	generated, err := tfprotov6.NewDynamicValue(objectType, config)
	if err != nil {
		return &tfprotov6.GenerateResourceConfigResponse{Diagnostics: generateProblem(err)}, nil
	}
	return &tfprotov6.GenerateResourceConfigResponse{Config: &generated}, nil
}

func generateProblem(err error) []*tfprotov6.Diagnostic {
	return []*tfprotov6.Diagnostic{{
		Severity: tfprotov6.DiagnosticSeverityError,
		Summary:  "Unable to generate configuration",
		Detail: fmt.Sprintf("The imported object cannot be written as configuration: %s. This is a bug in the provider; please report it.",
			err),
	}}
}

// generates tells whether a value of the state belongs into generated configuration.
func (s *server) generates(ctx context.Context, in schema.Schema, at *tftypes.AttributePath, value tftypes.Value) (bool, error) {
	steps := at.Steps()
	if value.IsNull() || len(steps) == 0 {
		return true, nil
	}
	attribute, err := in.AttributeAtTerraformPath(ctx, at)
	if err != nil {
		// An element of a list, a set or a map, or a part of an attribute with a type of its own.
		return true, nil //nolint:nilerr // not an attribute: it is kept with what surrounds it
	}
	if _, named := steps[len(steps)-1].(tftypes.AttributeName); !named {
		return true, nil
	}
	switch {
	case attribute.GetDeprecationMessage() != "":
		return false, nil
	case attribute.IsComputed() && !attribute.IsOptional():
		return false, nil
	}
	if attribute.IsRequired() {
		return true, nil
	}
	if len(steps) == 1 {
		switch steps[0] {
		case tftypes.AttributeName("deletion_policy"):
			return false, nil // state keeps what the import chose
		case tftypes.AttributeName("user_id"):
			return !s.isDefault(value, func(p *configure.Provider) string { return p.UserID }), nil
		case tftypes.AttributeName("app_id"):
			return !s.isDefault(value, func(p *configure.Provider) string { return p.AppID }), nil
		}
	}
	if value.Type().Is(tftypes.String) {
		var text string
		if err := value.As(&text); err != nil {
			return false, err
		}
		if text == "" {
			return false, nil
		}
	}
	repeated, err := repeatsDefault(ctx, attribute, value)
	return !repeated, err
}

// isDefault tells whether value is what the provider block gives to resources that set none.
func (s *server) isDefault(value tftypes.Value, of func(*configure.Provider) string) bool {
	var text string
	configured := s.configured.Load()
	return configured != nil && value.As(&text) == nil && text != "" && text == of(configured)
}

// repeatsDefault tells whether value is the static default of an attribute.
func repeatsDefault(ctx context.Context, attribute any, value tftypes.Value) (bool, error) {
	var planned interface {
		ToTerraformValue(context.Context) (tftypes.Value, error)
	}
	switch a := attribute.(type) {
	case interface{ BoolDefaultValue() defaults.Bool }:
		if a.BoolDefaultValue() == nil {
			return false, nil
		}
		var resp defaults.BoolResponse
		a.BoolDefaultValue().DefaultBool(ctx, defaults.BoolRequest{}, &resp)
		planned = resp.PlanValue
	case interface{ StringDefaultValue() defaults.String }:
		if a.StringDefaultValue() == nil {
			return false, nil
		}
		var resp defaults.StringResponse
		a.StringDefaultValue().DefaultString(ctx, defaults.StringRequest{}, &resp)
		planned = resp.PlanValue
	case interface{ Int64DefaultValue() defaults.Int64 }:
		if a.Int64DefaultValue() == nil {
			return false, nil
		}
		var resp defaults.Int64Response
		a.Int64DefaultValue().DefaultInt64(ctx, defaults.Int64Request{}, &resp)
		planned = resp.PlanValue
	case interface{ Float64DefaultValue() defaults.Float64 }:
		if a.Float64DefaultValue() == nil {
			return false, nil
		}
		var resp defaults.Float64Response
		a.Float64DefaultValue().DefaultFloat64(ctx, defaults.Float64Request{}, &resp)
		planned = resp.PlanValue
	default:
		return false, nil
	}
	want, err := planned.ToTerraformValue(ctx)
	return err == nil && want.Equal(value), err
}

// resourceSchemas are the schemas of all resources by type name. They carry defaults, which the protocol's do not.
func (s *server) resourceSchemas(ctx context.Context) map[string]schema.Schema {
	s.schemasOnce.Do(func() {
		s.schemas = map[string]schema.Schema{}
		for _, newResource := range s.provider.Resources(ctx) {
			r := newResource()
			var named resource.MetadataResponse
			r.Metadata(ctx, resource.MetadataRequest{ProviderTypeName: "clarifai"}, &named)
			var resp resource.SchemaResponse
			r.Schema(ctx, resource.SchemaRequest{}, &resp)
			s.schemas[named.TypeName] = resp.Schema
		}
	})
	return s.schemas
}

// Connect returns the server that Terraform would talk to, configured from settings, the environment and the Clarifai CLI's
// configuration, and what its resources were given.
func Connect(ctx context.Context, version string, settings configure.Settings, options ...Option) (tfprotov6.ProviderServer,
	*configure.Provider, error) {
	disableSDKTraces()
	made, err := NewServer(version, options...)()
	if err != nil {
		return nil, nil, err
	}
	s, ok := made.(*server)
	if !ok {
		return nil, nil, fmt.Errorf("unexpected server %T", made)
	}
	schemas, err := s.GetProviderSchema(ctx, &tfprotov6.GetProviderSchemaRequest{})
	if err != nil {
		return nil, nil, err
	}
	objectType := schemas.Provider.ValueType()
	attributes := map[string]tftypes.Value{}
	object, ok := objectType.(tftypes.Object)
	if !ok {
		return nil, nil, fmt.Errorf("unexpected provider schema %s", objectType)
	}
	for name, kind := range object.AttributeTypes {
		attributes[name] = tftypes.NewValue(kind, nil)
	}
	for name, text := range map[string]string{
		"user_id": settings.UserID, "app_id": settings.AppID, "base_url": settings.BaseURL,
		"context": settings.Context, "config_file": settings.ConfigFile,
	} {
		if text != "" {
			attributes[name] = tftypes.NewValue(tftypes.String, text)
		}
	}
	if settings.RequestsPerSecond != nil {
		attributes["requests_per_second"] = tftypes.NewValue(tftypes.Number, *settings.RequestsPerSecond)
	}
	config, err := tfprotov6.NewDynamicValue(objectType, tftypes.NewValue(objectType, attributes))
	if err != nil {
		return nil, nil, err
	}
	resp, err := s.ConfigureProvider(ctx, &tfprotov6.ConfigureProviderRequest{TerraformVersion: "export", Config: &config})
	if err != nil {
		return nil, nil, err
	}
	if err := diags.ProtocolError(resp.Diagnostics); err != nil {
		return nil, nil, err
	}
	configured := s.configured.Load()
	if configured == nil || configured.API == nil {
		return nil, nil, errors.New("the provider is not configured")
	}
	return s, configured, nil
}
