package ingestion

import (
	"context"
	"net/url"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	actionschema "github.com/hashicorp/terraform-plugin-framework/action/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-framework/types/basetypes"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/jobs"
)

const (
	credentialsName = "credentials_wo"
	appPATName      = "app_pat_wo"
	appPATText      = "Personal access token with which Clarifai adds the inputs to the app. Clarifai deprecates it: without it, the " +
		"service creates a token itself. It is sent when the job starts and is stored neither in the plan nor in state nor in logs. Ephemeral " +
		"values are supported."
)

// appPATAttribute is the write-only token of a resource.
func appPATAttribute() schema.StringAttribute {
	return schema.StringAttribute{MarkdownDescription: appPATText, Optional: true, WriteOnly: true, Validators: nonEmpty}
}

// appPATVersionAttribute is the version of the token.
func appPATVersionAttribute() schema.Int64Attribute {
	return schema.Int64Attribute{
		MarkdownDescription: "Version of `app_pat_wo`, whose changes Terraform cannot see. Increasing it starts a new job with the " +
			"current token. Do not change it when the token is only renewed: a completed job does not need it. The first version after " +
			"an import into state is adopted without a new job.",
		Optional:      true,
		Validators:    []validator.Int64{int64validator.AtLeast(0)},
		PlanModifiers: []planmodifier.Int64{jobs.ReplaceUnlessImported{}},
	}
}

// versionPart is the part of a job's fingerprint for the version of its token; none if it has no version.
func versionPart(version types.Int64) []string {
	if version.IsNull() {
		return nil
	}
	return []string{"app_pat " + version.String()}
}

// credentials grant access to a bucket. They are write-only: read from the configuration, sent, and
// stored nowhere.
type credentials struct {
	S3    types.Object `tfsdk:"s3"`
	GCP   types.Object `tfsdk:"gcp"`
	Azure types.Object `tfsdk:"azure"`
}

type s3Credentials struct {
	Region types.String `tfsdk:"region"`
	ID     types.String `tfsdk:"id"`
	Secret types.String `tfsdk:"secret"`
	Token  types.String `tfsdk:"token"`
}

type gcpCredentials struct {
	ServiceAccountJSON types.String `tfsdk:"service_account_json"`
}

type azureCredentials struct {
	AccountName types.String `tfsdk:"account_name"`
	AccountKey  types.String `tfsdk:"account_key"`
}

// credentialsToAPI returns the credentials to send; nil if none are configured.
func credentialsToAPI(ctx context.Context, o types.Object) (*clarifai.DataSourceCredentials, diag.Diagnostics) {
	if o.IsNull() || o.IsUnknown() {
		return nil, nil
	}
	var c credentials
	var s3 s3Credentials
	var gcp gcpCredentials
	var azure azureCredentials
	diags := o.As(ctx, &c, basetypes.ObjectAsOptions{})
	out := &clarifai.DataSourceCredentials{}
	switch {
	case diags.HasError():
	case !c.S3.IsNull():
		diags.Append(c.S3.As(ctx, &s3, basetypes.ObjectAsOptions{})...)
		out.S3Creds = &clarifai.AWSCreds{
			Region: s3.Region.ValueString(), ID: s3.ID.ValueString(), Secret: s3.Secret.ValueString(), Token: s3.Token.ValueString(),
		}
	case !c.GCP.IsNull():
		diags.Append(c.GCP.As(ctx, &gcp, basetypes.ObjectAsOptions{})...)
		out.GCPCreds = []byte(gcp.ServiceAccountJSON.ValueString())
	case !c.Azure.IsNull():
		diags.Append(c.Azure.As(ctx, &azure, basetypes.ObjectAsOptions{})...)
		out.AzureBlobCreds = &clarifai.AzureBlobCreds{AccountName: azure.AccountName.ValueString(),
			AccountKey: azure.AccountKey.ValueString()}
	}
	return out, diags
}

// validateCredentials checks that there is one kind of credentials and that it fits the URL.
func validateCredentials(ctx context.Context, o types.Object, address types.String) diag.Diagnostics {
	if o.IsNull() || o.IsUnknown() {
		return nil
	}
	var c credentials
	diags := o.As(ctx, &c, basetypes.ObjectAsOptions{UnhandledUnknownAsEmpty: true})
	at := path.Root(credentialsName)
	kinds := map[string]types.Object{"s3": c.S3, "gcp": c.GCP, "azure": c.Azure}
	var given []string
	for kind, object := range kinds {
		switch {
		case object.IsUnknown():
			return diags
		case !object.IsNull():
			given = append(given, kind)
		}
	}
	if len(given) != 1 {
		diags.AddAttributeError(at, "Invalid credentials", "Set exactly one of s3, gcp and azure.")
		return diags
	}
	if want := bucketKind(address); want != "" && want != given[0] {
		diags.AddAttributeError(at.AtName(given[0]), "Credentials do not match the URL",
			"The URL "+address.ValueString()+" needs credentials of kind "+want+", not "+given[0]+".")
	}
	return diags
}

// bucketKind is the kind of credentials that a URL needs; "" if unknown.
func bucketKind(address types.String) string {
	u, err := url.Parse(address.ValueString())
	if err != nil {
		return ""
	}
	host := strings.ToLower(u.Hostname())
	switch {
	case u.Scheme == "s3", u.Scheme == "https" && strings.HasSuffix(host, ".amazonaws.com"):
		return "s3"
	case u.Scheme == "gs", u.Scheme == "https" && strings.HasSuffix(host, "storage.googleapis.com"):
		return "gcp"
	case u.Scheme == "https" && strings.HasSuffix(host, ".blob.core.windows.net"):
		return "azure"
	}
	return ""
}

// serviceAccountValidator accepts JSON objects. Its message never contains the value, which is secret.
type serviceAccountValidator struct{}

func (serviceAccountValidator) Description(context.Context) string {
	return "must be the content of a service account's JSON key file"
}

func (v serviceAccountValidator) MarkdownDescription(ctx context.Context) string {
	return v.Description(ctx)
}

func (v serviceAccountValidator) ValidateString(ctx context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	if req.ConfigValue.IsNull() || req.ConfigValue.IsUnknown() {
		return
	}
	var object map[string]any
	if json.Unmarshal([]byte(req.ConfigValue.ValueString()), &object) != nil {
		resp.Diagnostics.AddAttributeError(req.Path, "Invalid service account",
			"The value "+v.Description(ctx)+": a JSON object. Use file(\"account.json\"), not the path, and do not encode it.")
	}
}

const (
	credentialsText = "Credentials that Clarifai uses to read the bucket; exactly one of `s3`, `gcp` and `azure`. " +
		"Not needed for public buckets. They are sent when the job starts and are stored neither in the plan nor in state nor in logs. " +
		"Ephemeral values are supported."
	s3Text     = "Keys for Amazon S3."
	regionText = "Region of the bucket, such as `eu-west-1`."
	keyIDText  = "Access key id."
	secretText = "Secret access key."
	tokenText  = "Session token, for temporary keys."
	gcpText    = "A service account for Google Cloud Storage."
	jsonText   = "Content of the service account's JSON key file."
	azureText  = "Keys for Azure Blob Storage."
	nameText   = "Name of the storage account."
	accessText = "Key of the storage account."
)

var (
	nonEmpty = []validator.String{stringvalidator.LengthAtLeast(1)}
	account  = []validator.String{serviceAccountValidator{}}
)

func credentialsAttribute() schema.SingleNestedAttribute {
	secret := func(text string, required bool, validators []validator.String) schema.StringAttribute {
		return schema.StringAttribute{
			MarkdownDescription: text, Required: required, Optional: !required, WriteOnly: true, Validators: validators,
		}
	}
	kind := func(text string, attributes map[string]schema.Attribute) schema.SingleNestedAttribute {
		return schema.SingleNestedAttribute{MarkdownDescription: text, Optional: true, WriteOnly: true, Attributes: attributes}
	}
	return kind(credentialsText, map[string]schema.Attribute{
		"s3": kind(s3Text, map[string]schema.Attribute{
			"region": secret(regionText, true, nonEmpty),
			"id":     secret(keyIDText, true, nonEmpty),
			"secret": secret(secretText, true, nonEmpty),
			"token":  secret(tokenText, false, nonEmpty),
		}),
		"gcp": kind(gcpText, map[string]schema.Attribute{"service_account_json": secret(jsonText, true, account)}),
		"azure": kind(azureText, map[string]schema.Attribute{
			"account_name": secret(nameText, true, nonEmpty),
			"account_key":  secret(accessText, true, nonEmpty),
		}),
	})
}

func credentialsArgument() actionschema.SingleNestedAttribute {
	secret := func(text string, required bool, validators []validator.String) actionschema.StringAttribute {
		return actionschema.StringAttribute{
			MarkdownDescription: text, Required: required, Optional: !required, WriteOnly: true, Validators: validators,
		}
	}
	kind := func(text string, attributes map[string]actionschema.Attribute) actionschema.SingleNestedAttribute {
		return actionschema.SingleNestedAttribute{MarkdownDescription: text, Optional: true, WriteOnly: true, Attributes: attributes}
	}
	return kind(credentialsText, map[string]actionschema.Attribute{
		"s3": kind(s3Text, map[string]actionschema.Attribute{
			"region": secret(regionText, true, nonEmpty),
			"id":     secret(keyIDText, true, nonEmpty),
			"secret": secret(secretText, true, nonEmpty),
			"token":  secret(tokenText, false, nonEmpty),
		}),
		"gcp": kind(gcpText, map[string]actionschema.Attribute{"service_account_json": secret(jsonText, true, account)}),
		"azure": kind(azureText, map[string]actionschema.Attribute{
			"account_name": secret(nameText, true, nonEmpty),
			"account_key":  secret(accessText, true, nonEmpty),
		}),
	})
}
