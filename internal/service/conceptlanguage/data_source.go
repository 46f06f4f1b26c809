package conceptlanguage

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/base"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/dataschema"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/diags"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/ids"
)

// NewDataSource returns the data source for one translation.
func NewDataSource() datasource.DataSource {
	return &dataSource{base.NewDataSource(typeName, schema.Schema{
		MarkdownDescription: "Reads the name and definition of a concept in one language.",
		Attributes: dataschema.Attributes(resourceSchema.Attributes, map[string]schema.Attribute{
			"concept_id": dataConceptID(),
			"language": schema.StringAttribute{
				MarkdownDescription: "Code of the language, such as `ja`.",
				Required:            true,
				Validators:          []validator.String{ids.Reference()},
			},
		}, "allow_other_language"),
	})}
}

type dataSource struct{ base.DataSource }

func (d *dataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var config model
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	client, ready := d.Provider.Client()
	resp.Diagnostics.Append(ready...)
	app, problems := ids.Scope(d.Provider, config.UserID, config.AppID)
	resp.Diagnostics.Append(problems...)
	if resp.Diagnostics.HasError() {
		return
	}
	concept, language := config.ConceptID.ValueString(), config.Language.ValueString()
	found, err := client.GetConceptLanguage(ctx, app, concept, language)
	if clarifai.IsNotFound(err) {
		resp.Diagnostics.Append(diags.AttributeError(path.Root("language"), fmt.Sprintf("No language %q of a concept %q "+
			"in app %q", language, concept, app.AppID), err))
		return
	}
	if err != nil {
		resp.Diagnostics.Append(errorFor("read", &config, err))
		return
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, modelFromAPI(app, concept, found))...)
}

// NewPluralDataSource returns the data source for the translations of a concept.
func NewPluralDataSource() datasource.DataSource {
	return &pluralDataSource{base.NewDataSource(pluralTypeName, schema.Schema{
		MarkdownDescription: "Reads the names and definitions of a concept in all its languages, that of the app included.",
		Attributes: dataschema.Attributes(pluralResourceSchema.Attributes, map[string]schema.Attribute{
			"concept_id": dataConceptID(),
		}, "allow_other_languages"),
	})}
}

type pluralDataSource struct{ base.DataSource }

func (d *pluralDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var config pluralModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	client, ready := d.Provider.Client()
	resp.Diagnostics.Append(ready...)
	app, problems := ids.Scope(d.Provider, config.UserID, config.AppID)
	resp.Diagnostics.Append(problems...)
	if resp.Diagnostics.HasError() {
		return
	}
	config.UserID, config.AppID = types.StringValue(app.UserID), types.StringValue(app.AppID)
	concept := config.ConceptID.ValueString()
	have, err := readAll(ctx, client, app, concept)
	if clarifai.IsNotFound(err) {
		resp.Diagnostics.Append(diags.AttributeError(path.Root("concept_id"), fmt.Sprintf("No concept %q in app %q", concept, app.AppID),
			err))
		return
	}
	if err != nil {
		resp.Diagnostics.Append(diags.Error(fmt.Sprintf("Unable to read the languages of concept %q", concept), err))
		return
	}
	config.fromAPI(have, true)
	resp.Diagnostics.Append(resp.State.Set(ctx, config)...)
}
