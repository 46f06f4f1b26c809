package main

import (
	"context"
	"os"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6/tf6server"

	"github.com/clarifai/terraform-provider-clarifai/internal/provider"
)

const (
	idleCommand     = "idle"
	providerAddress = "registry.terraform.io/clarifai/clarifai"
)

// serveIdle serves a provider with our schemas that does nothing: what remains is
// what Terraform itself takes.
func serveIdle() error {
	// As our provider does: what it would log is thrown away.
	if err := os.Setenv("TF_LOG_SDK_FRAMEWORK", "off"); err != nil {
		return err
	}
	server, err := provider.NewServer("bench")()
	if err != nil {
		return err
	}
	return tf6server.Serve(providerAddress, func() tfprotov6.ProviderServer { return idle{server} })
}

// idle plans what is proposed and takes the plan for done.
type idle struct{ tfprotov6.ProviderServer }

// ConfigureProvider does nothing.
func (idle) ConfigureProvider(context.Context, *tfprotov6.ConfigureProviderRequest) (*tfprotov6.ConfigureProviderResponse, error) {
	return &tfprotov6.ConfigureProviderResponse{}, nil
}

// ValidateResourceConfig finds everything right.
func (idle) ValidateResourceConfig(context.Context, *tfprotov6.ValidateResourceConfigRequest) (*tfprotov6.ValidateResourceConfigResponse, error) {
	return &tfprotov6.ValidateResourceConfigResponse{}, nil
}

// ReadResource finds everything as it was.
func (idle) ReadResource(_ context.Context, req *tfprotov6.ReadResourceRequest) (*tfprotov6.ReadResourceResponse, error) {
	return &tfprotov6.ReadResourceResponse{NewState: req.CurrentState, Private: req.Private, NewIdentity: req.CurrentIdentity}, nil
}

// PlanResourceChange plans what is proposed.
func (idle) PlanResourceChange(_ context.Context, req *tfprotov6.PlanResourceChangeRequest) (*tfprotov6.PlanResourceChangeResponse, error) {
	return &tfprotov6.PlanResourceChangeResponse{
		PlannedState: req.ProposedNewState, PlannedPrivate: req.PriorPrivate, PlannedIdentity: req.PriorIdentity,
	}, nil
}

// ApplyResourceChange takes the plan for done.
func (idle) ApplyResourceChange(_ context.Context, req *tfprotov6.ApplyResourceChangeRequest) (*tfprotov6.ApplyResourceChangeResponse, error) {
	return &tfprotov6.ApplyResourceChangeResponse{
		NewState: req.PlannedState, Private: req.PlannedPrivate, NewIdentity: req.PlannedIdentity,
	}, nil
}
