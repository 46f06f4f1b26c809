package provider_test

import (
	"regexp"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/clarifai/terraform-provider-clarifai/internal/provider"
)

func schemas(t *testing.T) *tfprotov6.GetProviderSchemaResponse {
	t.Helper()
	server := providerserver.NewProtocol6(provider.New("test")())()
	resp, err := server.GetProviderSchema(t.Context(), &tfprotov6.GetProviderSchemaRequest{})
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range resp.Diagnostics {
		t.Errorf("%s: %s", d.Summary, d.Detail)
	}
	return resp
}

// Every attribute has a description in full sentences.
func TestEverythingIsDescribed(t *testing.T) {
	t.Parallel()
	resp := schemas(t)
	check := func(kind, name string, s *tfprotov6.Schema) {
		sentence(t, kind+" "+name, s.Block.Description)
		for _, a := range s.Block.Attributes {
			described(t, kind+" "+name, a)
		}
	}
	check("provider", "", resp.Provider)
	for name, s := range resp.ResourceSchemas {
		check("resource", name, s)
	}
	for name, s := range resp.DataSourceSchemas {
		check("data source", name, s)
	}
	for name, s := range resp.EphemeralResourceSchemas {
		check("ephemeral resource", name, s)
	}
	for name, s := range resp.ListResourceSchemas {
		check("list resource", name, s)
	}
	for name, s := range resp.ActionSchemas {
		check("action", name, s.Schema)
	}
	for name, f := range resp.Functions {
		sentence(t, "function "+name, f.Description)
		for _, p := range f.Parameters {
			sentence(t, "function "+name+" "+p.Name, p.Description)
		}
	}
}

func described(t *testing.T, where string, a *tfprotov6.SchemaAttribute) {
	t.Helper()
	where += "." + a.Name
	if a.Name != "timeouts" && !strings.Contains(where, ".timeouts.") {
		sentence(t, where, a.Description)
	}
	if a.NestedType != nil {
		for _, nested := range a.NestedType.Attributes {
			described(t, where, nested)
		}
	}
}

func sentence(t *testing.T, where, text string) {
	t.Helper()
	if text == "" {
		t.Errorf("%s has no description", where)
		return
	}
	if last := text[len(text)-1]; last != '.' && last != '`' && last != ')' && last != '|' {
		t.Errorf("%s: the description does not end as a sentence: %q", where, text)
	}
}

// One concept has one name everywhere.
func TestAttributeNames(t *testing.T) {
	t.Parallel()
	resp := schemas(t)
	waits := map[string]tftypes.Type{"wait_for": tftypes.String, "wait_for_processing": tftypes.Bool}
	limits, seen := regexp.MustCompile(`^max_([a-z]+_)?deletes$`), map[string]int{}
	check := func(of string, s *tfprotov6.Schema) {
		for _, a := range s.Block.Attributes {
			switch {
			case strings.HasPrefix(a.Name, "wait"):
				if want := waits[a.Name]; want == nil || !a.Type.Is(want) {
					t.Errorf("%s.%s: what says how long to wait is wait_for (a string) or wait_for_processing (a bool)", of, a.Name)
				}
				seen[a.Name]++
			case strings.HasPrefix(a.Name, "max_") && strings.Contains(a.Description, "may delete"):
				if !limits.MatchString(a.Name) {
					t.Errorf("%s.%s: what limits deletions is max_deletes or max_..._deletes", of, a.Name)
				}
				seen["max_deletes"]++
			}
		}
	}
	for name, s := range resp.ResourceSchemas {
		check(name, s)
	}
	for name, s := range resp.DataSourceSchemas {
		check("data."+name, s)
	}
	for name, s := range resp.ActionSchemas {
		check("action."+name, s.Schema)
	}
	if seen["wait_for"] < 8 || seen["wait_for_processing"] < 3 || seen["max_deletes"] < 3 {
		t.Errorf("attributes are missing: %v", seen)
	}
}

// Every resource can be imported by identity, and every list resource has a resource.
func TestEveryResourceHasAnIdentity(t *testing.T) {
	t.Parallel()
	resp := schemas(t)
	server := providerserver.NewProtocol6(provider.New("test")())()
	identities, err := server.GetResourceIdentitySchemas(t.Context(), &tfprotov6.GetResourceIdentitySchemasRequest{})
	if err != nil {
		t.Fatal(err)
	}
	for name, s := range resp.ResourceSchemas {
		identity := identities.IdentitySchemas[name]
		if identity == nil {
			t.Errorf("%s has no identity", name)
			continue
		}
		attributes := map[string]bool{}
		for _, a := range s.Block.Attributes {
			attributes[a.Name] = true
		}
		for _, a := range identity.IdentityAttributes {
			if !attributes[a.Name] {
				t.Errorf("%s: identity attribute %s is not an attribute of the resource", name, a.Name)
			}
		}
	}
	for name := range resp.ListResourceSchemas {
		if resp.ResourceSchemas[name] == nil {
			t.Errorf("list resource %s has no resource", name)
		}
	}
}
