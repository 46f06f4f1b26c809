package ids

import (
	actionschema "github.com/hashicorp/terraform-plugin-framework/action/schema"
	datasourceschema "github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	ephemeralschema "github.com/hashicorp/terraform-plugin-framework/ephemeral/schema"
	listschema "github.com/hashicorp/terraform-plugin-framework/list/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
)

const (
	userIDText = "Id of the user or organisation that owns the app. Defaults to the provider's `user_id`."
	appIDText  = "Id of the app. Defaults to the provider's `app_id`."
	replaces   = " Changing this replaces the resource."
)

// UserID returns the user_id attribute of a resource.
func UserID() schema.StringAttribute {
	return schema.StringAttribute{
		MarkdownDescription: userIDText + replaces,
		Optional:            true,
		Computed:            true,
		Validators:          []validator.String{Reference()},
	}
}

// AppID returns the app_id attribute of a resource.
func AppID() schema.StringAttribute {
	return schema.StringAttribute{
		MarkdownDescription: appIDText + replaces,
		Optional:            true,
		Computed:            true,
		Validators:          []validator.String{Reference()},
	}
}

// Parent returns a required attribute that names the object which the resource
// belongs to. Changing it replaces the resource.
func Parent(description string) schema.StringAttribute {
	return schema.StringAttribute{
		MarkdownDescription: description + replaces,
		Required:            true,
		Validators:          []validator.String{Reference()},
		PlanModifiers:       []planmodifier.String{stringplanmodifier.RequiresReplace()},
	}
}

// ComputedID returns the id attribute of a resource that other attributes identify. Its
// value is the import ID.
func ComputedID() schema.StringAttribute {
	return schema.StringAttribute{
		MarkdownDescription: "Import id of the resource.",
		Computed:            true,
		PlanModifiers:       []planmodifier.String{stringplanmodifier.UseStateForUnknown()},
	}
}

// DataUserID returns the user_id attribute of a data source.
func DataUserID() datasourceschema.StringAttribute {
	return datasourceschema.StringAttribute{MarkdownDescription: userIDText, Optional: true, Computed: true,
		Validators: []validator.String{Reference()}}
}

// DataAppID returns the app_id attribute of a data source.
func DataAppID() datasourceschema.StringAttribute {
	return datasourceschema.StringAttribute{MarkdownDescription: appIDText, Optional: true, Computed: true,
		Validators: []validator.String{Reference()}}
}

// ListUserID returns the user_id argument of a list resource.
func ListUserID() listschema.StringAttribute {
	return listschema.StringAttribute{MarkdownDescription: userIDText, Optional: true, Validators: []validator.String{Reference()}}
}

// ListAppID returns the app_id argument of a list resource.
func ListAppID() listschema.StringAttribute {
	return listschema.StringAttribute{MarkdownDescription: appIDText, Optional: true, Validators: []validator.String{Reference()}}
}

// ActionUserID returns the user_id argument of an action.
func ActionUserID() actionschema.StringAttribute {
	return actionschema.StringAttribute{MarkdownDescription: userIDText, Optional: true, Validators: []validator.String{Reference()}}
}

// ActionAppID returns the app_id argument of an action.
func ActionAppID() actionschema.StringAttribute {
	return actionschema.StringAttribute{MarkdownDescription: appIDText, Optional: true, Validators: []validator.String{Reference()}}
}

// EphemeralUserID returns the user_id attribute of an ephemeral resource.
func EphemeralUserID() ephemeralschema.StringAttribute {
	return ephemeralschema.StringAttribute{MarkdownDescription: userIDText, Optional: true, Computed: true,
		Validators: []validator.String{Reference()}}
}

// EphemeralAppID returns the app_id attribute of an ephemeral resource.
func EphemeralAppID() ephemeralschema.StringAttribute {
	return ephemeralschema.StringAttribute{MarkdownDescription: appIDText, Optional: true, Computed: true,
		Validators: []validator.String{Reference()}}
}
