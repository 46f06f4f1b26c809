// Package functions holds the provider's functions that belong to no noun.
package functions

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"
	"unicode"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// kinds are what lies in an app: how an address writes it, and one of it.
var kinds = map[string]string{
	"annotations":               "annotation",
	"concepts":                  "concept",
	"datasets":                  "dataset",
	"evaluations":               "evaluation",
	"inputs":                    "input",
	"installed_module_versions": "installed_module_version",
	"knowledge_graphs":          "knowledge_graph",
	"models":                    "model",
	"modules":                   "module",
	"searches":                  "search",
	"workflows":                 "workflow",
}

// pages are addresses of the site that stand where a user's would.
var pages = []string{"explore", "login", "settings", "signup"}

// NewParseURL makes the function parse_url.
func NewParseURL() function.Function { return parseURL{} }

type parseURL struct{}

func (parseURL) Metadata(_ context.Context, _ function.MetadataRequest, resp *function.MetadataResponse) {
	resp.Name = "parse_url"
}

func (parseURL) Definition(_ context.Context, _ function.DefinitionRequest, resp *function.DefinitionResponse) {
	resp.Definition = function.Definition{
		Summary: "Takes a Clarifai address apart",
		MarkdownDescription: "Takes the address of a user, an app, or of something in an app apart, for example to write the ids of an object " +
			"that is open in the browser. " +
			"Addresses of the site (`https://clarifai.com/acme/fleet/datasets/trucks`) and of the API " +
			"(`https://api.clarifai.com/v2/users/acme/apps/fleet/datasets/trucks`, on any host) are understood; " +
			"query and fragment are ignored. Nothing is fetched.\n\n" +
			"The result is an object:\n\n" +
			"* `kind`: what the address is of: `user`, `app`, or `" + strings.Join(slices.Sorted(maps.Values(kinds)), "`, `") + "`;\n" +
			"* `user_id`;\n" +
			"* `app_id`: null for a user;\n" +
			"* `id`: id of what the address is of, which is the app's or user's own for these; null for a page that lists all of a kind;\n" +
			"* `version_id`: id of the version, where the address names one, else null;\n" +
			"* `rest`: what follows in the path, such as `annotations/a1` below an input, else an empty text;\n" +
			"* `import_id`: what this provider's resources take to import the object, such as `acme/fleet/trucks`; null for users, for lists and " +
			"where there is a `rest`.",
		Parameters: []function.Parameter{function.StringParameter{
			Name:                "url",
			MarkdownDescription: "The address, beginning with `https://` or `http://`.",
		}},
		Return: function.ObjectReturn{AttributeTypes: map[string]attr.Type{
			"kind": types.StringType, "user_id": types.StringType, "app_id": types.StringType, "id": types.StringType,
			"version_id": types.StringType, "rest": types.StringType, "import_id": types.StringType,
		}},
	}
}

func (parseURL) Run(ctx context.Context, req function.RunRequest, resp *function.RunResponse) {
	var address string
	if resp.Error = req.Arguments.Get(ctx, &address); resp.Error != nil {
		return
	}
	parsed, err := parse(address)
	if err != nil {
		resp.Error = function.NewArgumentFuncError(0, err.Error()) // the CLI ends it with a dot
		return
	}
	resp.Error = resp.Result.Set(ctx, parsed)
}

// parsed is what an address says.
type parsed struct {
	Kind      string  `tfsdk:"kind"`
	UserID    string  `tfsdk:"user_id"`
	AppID     *string `tfsdk:"app_id"`
	ID        *string `tfsdk:"id"`
	VersionID *string `tfsdk:"version_id"`
	Rest      string  `tfsdk:"rest"`
	ImportID  *string `tfsdk:"import_id"`
}

// parse takes an address apart. Errors do not repeat it: query and user
// information may hold what is nobody's business.
func parse(address string) (*parsed, error) {
	u, err := url.Parse(strings.TrimSpace(address))
	if err != nil || u.Host == "" || (u.Scheme != "https" && u.Scheme != "http") {
		return nil, errors.New("it is not an address that begins with https:// or http://")
	}
	parts, err := segments(u)
	if err != nil {
		return nil, err
	}
	var ofUser []string
	ofAPI := len(parts) > 0 && parts[0] == "v2"
	switch {
	case ofAPI:
		if len(parts) < 3 || parts[1] != "users" {
			return nil, errors.New("an address of the API must name the user: https://HOST/v2/users/USER")
		}
		ofUser = parts[2:]
	case u.Hostname() != "clarifai.com" && !strings.HasSuffix(u.Hostname(), ".clarifai.com"):
		return nil, fmt.Errorf("%s is not a host of Clarifai; on other hosts, addresses of the API (/v2/users/USER/...) are understood",
			u.Hostname())
	case len(parts) == 0 || slices.Contains(pages, parts[0]):
		return nil, errors.New("it is a page of the site, not the address of a user, an app or something in an app")
	default:
		ofUser = parts
	}
	p := &parsed{Kind: "user", UserID: ofUser[0], ID: &ofUser[0]}
	inUser := ofUser[1:]
	if len(inUser) == 0 {
		return p, nil
	}
	if ofAPI {
		if inUser[0] != "apps" || len(inUser) < 2 {
			p.Rest = strings.Join(inUser, "/")
			return p, nil
		}
		inUser = inUser[1:]
	}
	p.Kind, p.AppID, p.ID = "app", &inUser[0], &inUser[0]
	return p, p.object(inUser[1:])
}

// object reads what follows the app in an address.
func (p *parsed) object(parts []string) error {
	own := []string{p.UserID, *p.AppID}
	if len(parts) > 0 {
		kind := kinds[parts[0]]
		if kind == "" {
			return fmt.Errorf("%q is no kind of thing in an app; known are %s", parts[0], strings.Join(slices.Sorted(maps.Keys(kinds)), ", "))
		}
		p.Kind, p.ID = kind, nil
		if len(parts) == 1 {
			return nil
		}
		p.ID = &parts[1]
		own = append(own, parts[1])
		parts = parts[2:]
		if len(parts) > 1 && parts[0] == "versions" {
			p.VersionID = &parts[1]
			own = append(own, parts[1])
			parts = parts[2:]
		}
	}
	p.Rest = strings.Join(parts, "/")
	if p.Rest == "" {
		id := strings.Join(own, "/")
		p.ImportID = &id
	}
	return nil
}

// segments are the parts of a path, without the escapes that addresses need.
func segments(u *url.URL) ([]string, error) {
	path := strings.Trim(u.EscapedPath(), "/")
	if path == "" {
		return nil, nil
	}
	parts := strings.Split(path, "/")
	for i, part := range parts {
		plain, err := url.PathUnescape(part)
		if err != nil || plain == "" || strings.ContainsFunc(plain,
			func(r rune) bool { return r == '/' || unicode.IsSpace(r) || unicode.IsControl(r) }) {
			return nil, fmt.Errorf("part %d of the path cannot be an id: it is empty or holds a slash, white space or control characters", i+1)
		}
		parts[i] = plain
	}
	return parts, nil
}
