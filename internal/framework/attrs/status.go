package attrs

import (
	"github.com/hashicorp/terraform-plugin-framework/attr"
	datasourceschema "github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/objectplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
)

const (
	statusCodeText        = "Status code of the service."
	statusNameText        = "Official name of the status code. A code newer than the provider is shown as `status` with its number."
	statusDescriptionText = "What the service says about it."
	statusDetailsText     = "Further details from the service, such as the reason of a failure."
)

// Status returns the status attribute of a resource that the service processes in the background.
func Status(description string) schema.SingleNestedAttribute {
	return schema.SingleNestedAttribute{
		MarkdownDescription: description,
		Computed:            true,
		PlanModifiers:       []planmodifier.Object{objectplanmodifier.UseStateForUnknown()},
		Attributes: map[string]schema.Attribute{
			"code":        schema.Int64Attribute{MarkdownDescription: statusCodeText, Computed: true},
			"name":        schema.StringAttribute{MarkdownDescription: statusNameText, Computed: true},
			"description": schema.StringAttribute{MarkdownDescription: statusDescriptionText, Computed: true},
			"details":     schema.StringAttribute{MarkdownDescription: statusDetailsText, Computed: true},
		},
	}
}

// DataStatus returns the status attribute of a data source.
func DataStatus(description string) datasourceschema.SingleNestedAttribute {
	return datasourceschema.SingleNestedAttribute{
		MarkdownDescription: description,
		Computed:            true,
		Attributes: map[string]datasourceschema.Attribute{
			"code":        datasourceschema.Int64Attribute{MarkdownDescription: statusCodeText, Computed: true},
			"name":        datasourceschema.StringAttribute{MarkdownDescription: statusNameText, Computed: true},
			"description": datasourceschema.StringAttribute{MarkdownDescription: statusDescriptionText, Computed: true},
			"details":     datasourceschema.StringAttribute{MarkdownDescription: statusDetailsText, Computed: true},
		},
	}
}

var statusType = map[string]attr.Type{
	"code": types.Int64Type, "name": types.StringType, "description": types.StringType, "details": types.StringType,
}

// StatusFromAPI converts a status to state; null if the service returns none.
func StatusFromAPI(s clarifai.Status) types.Object {
	if s.Code == 0 {
		return types.ObjectNull(statusType)
	}
	description := s.Description
	if description == "" {
		description = s.Code.Text()
	}
	return types.ObjectValueMust(statusType, map[string]attr.Value{
		"code":        types.Int64Value(int64(s.Code)),
		"name":        types.StringValue(s.Code.Name()),
		"description": Text(description),
		"details":     Text(s.Details),
	})
}

// UnknownStatus returns a status that is not known before apply.
func UnknownStatus() types.Object { return types.ObjectUnknown(statusType) }

// StatusCode returns the code of a status in state; 0 if there is none.
func StatusCode(status types.Object) clarifai.StatusCode {
	if code, ok := status.Attributes()["code"].(types.Int64); ok {
		return clarifai.StatusCode(code.ValueInt64()) //nolint:gosec // it came from a 32-bit code
	}
	return 0
}
