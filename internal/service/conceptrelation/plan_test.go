package conceptrelation_test

import (
	"context"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/clarifai/terraform-provider-clarifai/internal/provider"
)

// planner plans relations as Terraform core does, without Terraform.
type planner struct {
	t      *testing.T
	server tfprotov6.ProviderServer
	block  tftypes.Object
}

func newPlanner(t *testing.T) *planner {
	t.Helper()
	p := &planner{t: t, server: providerserver.NewProtocol6(provider.New("test")())()}
	schemas, err := p.server.GetProviderSchema(t.Context(), &tfprotov6.GetProviderSchemaRequest{})
	if err != nil {
		t.Fatal(err)
	}
	block, ok := schemas.ResourceSchemas["clarifai_concept_relation"].ValueType().(tftypes.Object)
	if !ok {
		t.Fatal("the schema is not an object")
	}
	p.block = block
	p.configure(schemas)
	return p
}

// configure begins a run.
func (p *planner) configure(schemas *tfprotov6.GetProviderSchemaResponse) {
	p.t.Helper()
	block, ok := schemas.Provider.ValueType().(tftypes.Object)
	if !ok {
		p.t.Fatal("the provider's schema is not an object")
	}
	config := p.value(block, map[string]string{"pat": "x", "user_id": "acme", "app_id": "fleet", "base_url": "http://127.0.0.1:1"})
	resp, err := p.server.ConfigureProvider(context.Background(), &tfprotov6.ConfigureProviderRequest{TerraformVersion: "1.15.0",
		Config: config})
	if err != nil || len(resp.Diagnostics) > 0 {
		p.t.Fatal(err, resp)
	}
}

// value is an object of the type with some texts set and the rest null.
func (p *planner) value(of tftypes.Object, texts map[string]string) *tfprotov6.DynamicValue {
	p.t.Helper()
	members := map[string]tftypes.Value{}
	for name, typ := range of.AttributeTypes {
		members[name] = tftypes.NewValue(typ, nil)
		if text, ok := texts[name]; ok {
			members[name] = tftypes.NewValue(typ, text)
		}
	}
	value, err := tfprotov6.NewDynamicValue(of, tftypes.NewValue(of, members))
	if err != nil {
		p.t.Fatal(err)
	}
	return &value
}

// plan plans one new relation. It returns private state, and whether the plan was rejected as declared twice.
func (p *planner) plan(subject, predicate, object string, private []byte) (planned []byte, twice bool) {
	p.t.Helper()
	config := p.value(p.block, map[string]string{"subject_concept_id": subject, "predicate": predicate, "object_concept_id": object})
	prior, err := tfprotov6.NewDynamicValue(p.block, tftypes.NewValue(p.block, nil))
	if err != nil {
		p.t.Fatal(err)
	}
	resp, err := p.server.PlanResourceChange(p.t.Context(), &tfprotov6.PlanResourceChangeRequest{
		TypeName: "clarifai_concept_relation", PriorState: &prior, ProposedNewState: config, Config: config, PriorPrivate: private,
	})
	if err != nil {
		p.t.Fatal(err)
	}
	for _, d := range resp.Diagnostics {
		if !strings.HasPrefix(d.Summary, "Relation declared twice") {
			p.t.Errorf("%s: %s", d.Summary, d.Detail)
		}
		twice = true
	}
	return resp.PlannedPrivate, twice
}

// A resource that is planned again in the same run, as Terraform does when it
// replaces one, comes with what it was given to keep. Another comes without it,
// or with something else.
func TestPlanKnowsWhoAsks(t *testing.T) {
	t.Parallel()
	p := newPlanner(t)
	first, twice := p.plan("honey", "hyponym", "food", nil)
	if twice {
		t.Fatal("the first declaration was rejected")
	}
	if _, twice = p.plan("honey", "hyponym", "food", first); twice {
		t.Error("the same resource, planned again, was rejected")
	}
	if _, twice = p.plan("food", "hypernym", "honey", first); twice {
		t.Error("the same resource from the other side, was rejected")
	}
	if _, twice = p.plan("food", "hypernym", "honey", nil); !twice {
		t.Error("a second declaration was not noticed")
	}
	other, twice := p.plan("jam", "hyponym", "food", nil)
	if twice {
		t.Error("another relation was rejected")
	}
	if _, twice = p.plan("honey", "hyponym", "food", other); !twice {
		t.Error("another resource that comes to say the same was not noticed")
	}
}

// Each run has its own declarations: apply plans again what plan has planned.
func TestPlanIgnoresTheLastRun(t *testing.T) {
	t.Parallel()
	p := newPlanner(t)
	if _, twice := p.plan("honey", "hyponym", "food", nil); twice {
		t.Fatal("the first declaration was rejected")
	}
	schemas, err := p.server.GetProviderSchema(t.Context(), &tfprotov6.GetProviderSchemaRequest{})
	if err != nil {
		t.Fatal(err)
	}
	p.configure(schemas)
	if _, twice := p.plan("honey", "hyponym", "food", nil); twice {
		t.Error("a plan of another run affected this one")
	}
}
