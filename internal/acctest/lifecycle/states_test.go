package lifecycle_test

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/clarifai/terraform-provider-clarifai/internal/acctest"
	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/provider"
)

// statesDir holds a state of each resource. The states of a released version stay as they are: a later version adds a
// directory of its own.
const statesDir = "testdata/states/1"

var writeStates = flag.Bool("write-states", false, "write the states that resources have in this version to "+statesDir)

// savedState is an instance in a state file.
type savedState struct {
	Version    int64          `json:"schema_version"`
	Attributes jsontext.Value `json:"attributes"`
}

// The states that the first version wrote can be read, and nothing in them is lost.
func TestStates_canBeRead(t *testing.T) {
	server := providerserver.NewProtocol6(provider.New("test")())()
	schemas, err := server.GetProviderSchema(t.Context(), &tfprotov6.GetProviderSchemaRequest{})
	if err != nil {
		t.Fatal(err)
	}
	for name, schema := range schemas.ResourceSchemas {
		t.Run(name, func(t *testing.T) {
			content, err := os.ReadFile(filepath.Join(statesDir, name+".json"))
			if err != nil {
				t.Fatal(err)
			}
			var saved savedState
			if err := json.Unmarshal(content, &saved); err != nil {
				t.Fatal(err)
			}
			raw := tfprotov6.RawState{JSON: saved.Attributes}
			upgraded, err := server.UpgradeResourceState(t.Context(),
				&tfprotov6.UpgradeResourceStateRequest{TypeName: name, Version: saved.Version, RawState: &raw})
			if err != nil || len(upgraded.Diagnostics) > 0 {
				t.Fatal(err, upgraded)
			}
			got, err := upgraded.UpgradedState.Unmarshal(schema.ValueType())
			if err != nil {
				t.Fatal(err)
			}
			if saved.Version != schema.Version {
				return // the attributes may have other names now
			}
			want, err := raw.Unmarshal(schema.ValueType())
			if err != nil {
				t.Fatal(err)
			}
			if differences, err := want.Diff(got); err != nil || len(differences) > 0 {
				t.Errorf("the state changes: %v %v", differences, err)
			}
		})
	}
}

// With -write-states, the states are those of the objects that the scenarios create.
func TestAccStates_write(t *testing.T) {
	if !*writeStates {
		t.Skip("-write-states is not set")
	}
	for _, s := range scenarios {
		t.Run(s.resource, func(t *testing.T) {
			env, dir := s.env(t)
			w := workspace{Workspace: env.InProcess(t, s.configuration(env, dir, s.before)), t: t}
			if _, err := w.succeeds("apply", "-auto-approve"); err != nil {
				t.Fatal(err)
			}
			content, err := os.ReadFile(filepath.Join(w.Dir, stateName))
			if err != nil {
				t.Fatal(err)
			}
			var state struct {
				Resources []struct {
					Type      string       `json:"type"`
					Name      string       `json:"name"`
					Instances []savedState `json:"instances"`
				} `json:"resources"`
			}
			local := strings.NewReplacer(dir, "files", env.URL(), "https://api.clarifai.com")
			if err := json.Unmarshal([]byte(local.Replace(string(content))), &state); err != nil {
				t.Fatal(err)
			}
			for _, r := range state.Resources {
				if r.Type != s.resource || r.Name != "test" {
					continue
				}
				saved, err := json.Marshal(r.Instances[0], jsontext.Multiline(true), jsontext.WithIndent("  "))
				if err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(filepath.Join(statesDir, s.resource+".json"), append(saved, '\n'), 0o600); err != nil {
					t.Fatal(err)
				}
			}
		})
	}
}

// A moved block takes objects over from generic REST providers: their ids come from the old state, the rest from the service.
func TestStates_movedFromGenericProviders(t *testing.T) {
	env := acctest.New(t)
	env.AddDataset(env.App.AppID, clarifai.Dataset{ID: "trucks", Description: "Trucks"})
	env.AddConcept(env.App.AppID, clarifai.Concept{ID: "rolls royce", Name: "Rolls-Royce"})
	env.AddInput(env.App.AppID, clarifai.Input{ID: "i", Data: &clarifai.Data{Text: &clarifai.Text{Raw: "A truck."},
		Concepts: []clarifai.Concept{acctest.Label("truck", 1)}}})
	root := "/v2/users/" + env.App.UserID + "/apps/" + env.App.AppID
	for name, test := range map[string]struct{ source, attribute string }{
		"clarifai_app":     {`{"id":"` + env.App.AppID + `","path":"/v2/users/` + env.App.UserID + `/apps"}`, "created_at"},
		"clarifai_dataset": {`{"id":"trucks","path":"` + root + `/datasets"}`, "description"},
		"clarifai_concept": {`{"id":"` + root + `/concepts/rolls%20royce"}`, "name"},
		"clarifai_input":   {`{"id":"i","path":"` + root + `/inputs/"}`, "concepts"},
	} {
		t.Run(name, func(t *testing.T) {
			server, of := env.Configured(t.Context(), t, name)
			moved, err := server.MoveResourceState(t.Context(), &tfprotov6.MoveResourceStateRequest{
				SourceProviderAddress: "registry.terraform.io/mastercard/restapi", SourceTypeName: "restapi_object",
				SourceState: &tfprotov6.RawState{JSON: []byte(test.source)}, TargetTypeName: name,
			})
			if err != nil || len(moved.Diagnostics) > 0 {
				t.Fatal(err, moved)
			}
			read, err := server.ReadResource(t.Context(), &tfprotov6.ReadResourceRequest{
				TypeName: name, CurrentState: moved.TargetState, Private: moved.TargetPrivate,
			})
			if err != nil || len(read.Diagnostics) > 0 {
				t.Fatal(err, read)
			}
			state, err := read.NewState.Unmarshal(of)
			if err != nil {
				t.Fatal(err)
			}
			var attributes map[string]tftypes.Value
			if err := state.As(&attributes); err != nil || attributes[test.attribute].IsNull() || attributes["user_id"].IsNull() {
				t.Errorf("the state is %s, %v", state, err)
			}
		})
	}
}
