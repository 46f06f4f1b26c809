// Package base provides the methods that are the same for all resources, data
// sources and list resources of a noun. A type embeds one of its structs and
// implements Create, Read, Update, Delete, List or ModifyPlan itself.
package base

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	datasourceschema "github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/list"
	listschema "github.com/hashicorp/terraform-plugin-framework/list/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"

	"github.com/clarifai/terraform-provider-clarifai/internal/framework/configure"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/ids"
)

// Resource implements Metadata, Schema, IdentitySchema, ImportState and Configure.
type Resource struct {
	configure.Resource
	typeName string
	key      ids.Key
	schema   schema.Schema
}

// NewResource returns the base of the resource with this type name, such as
// "clarifai_dataset". The key identifies its objects.
func NewResource(typeName string, key ids.Key, schema schema.Schema) Resource {
	return Resource{typeName: typeName, key: key, schema: schema}
}

// Metadata returns the type name.
func (r *Resource) Metadata(_ context.Context, _ resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = r.typeName
}

// Schema returns the schema.
func (r *Resource) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = r.schema
}

// IdentitySchema returns the key's attributes.
func (r *Resource) IdentitySchema(_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	resp.IdentitySchema = r.key.IdentitySchema()
}

// ImportState sets the key's attributes from an import id or an identity.
func (r *Resource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	r.key.Import(ctx, r.Provider, req, resp)
}

// DataSource implements Metadata, Schema and Configure.
type DataSource struct {
	configure.DataSource
	typeName string
	schema   datasourceschema.Schema
}

// NewDataSource returns the base of the data source with this type name.
func NewDataSource(typeName string, schema datasourceschema.Schema) DataSource {
	return DataSource{typeName: typeName, schema: schema}
}

// Metadata returns the type name.
func (d *DataSource) Metadata(_ context.Context, _ datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = d.typeName
}

// Schema returns the schema.
func (d *DataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = d.schema
}

// ListResource implements Metadata, ListResourceConfigSchema and Configure of a list resource.
type ListResource struct {
	configure.Resource
	typeName string
	schema   listschema.Schema
}

// NewListResource returns the base of the list resource with this type name.
func NewListResource(typeName string, schema listschema.Schema) ListResource {
	return ListResource{typeName: typeName, schema: schema}
}

// Metadata returns the type name.
func (l *ListResource) Metadata(_ context.Context, _ resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = l.typeName
}

// ListResourceConfigSchema returns the schema of the list block.
func (l *ListResource) ListResourceConfigSchema(_ context.Context, _ list.ListResourceSchemaRequest,
	resp *list.ListResourceSchemaResponse) {
	resp.Schema = l.schema
}
