package emulator_test

import (
	"bytes"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
)

// concepts creates concepts whose names are their IDs.
func (s *session) concepts(ids ...string) {
	s.t.Helper()
	for _, id := range ids {
		s.post(fleet+"/concepts", fmt.Sprintf(`{"concepts":[{"id":%q}]}`, id)).is(200, 10000)
	}
}

func TestConceptLanguages(t *testing.T) {
	t.Parallel()
	s := start(t, inFleet)
	s.concepts("truck")
	path := fleet + "/concepts/truck/languages"

	// One translation exists from creation.
	s.get(path).is(200, 10000).count("concept_languages", 1).
		has("concept_languages.0", map[string]any{"id": "en", "name": "truck"})
	s.get(path+"/en").is(200, 10000).has("concept_language.name", "truck")
	s.get(path+"/ja").is(404, 11101)

	s.post(path, `{"concept_languages":[{"id":"ja","name":"トラック","definition":"貨物自動車"},{"id":"zh-TW","name":"卡車"}]}`).is(200, 10000).
		has("concept_languages.0", map[string]any{"id": "ja", "name": "トラック", "definition": "貨物自動車"}).
		has("concept_languages.1", map[string]any{"id": "zh-TW", "name": "卡車"})
	if got := s.get(path).ids("concept_languages", "id"); fmt.Sprint(got) != "[en ja zh-TW]" {
		t.Errorf("languages are %v", got)
	}
	s.get(path+"?page=2&per_page=2").is(200, 10000).count("concept_languages", 1)
	s.get(path+"?page=1000").is(200, 10000).has("concept_languages", []any{})

	for body, details := range map[string]string{
		`{"concept_languages":[{"id":"fr","name":"camion"},{"id":"ja","name":"x"}]}`:    "duplicate",
		`{"concept_languages":[{"id":"en","name":"lorry"}]}`:                            "duplicate",
		`{"concept_languages":[{"id":"fr","name":"camion"},{"id":"fr","name":"x"}]}`:    "duplicate",
		`{"concept_languages":[{"id":"fr","name":"camion"},{"id":"tlh","name":"lup"}]}`: "not supported",
		`{"concept_languages":[{"id":"fr"}]}`:                                           "needs an id",
		`{"concept_languages":[{"name":"camion"}]}`:                                     "needs an id",
		`{"concept_languages":[]}`:                                                      "empty",
	} {
		s.post(path, body).is(400, 40003).contains(details).has("concept_languages", []any{})
	}
	s.get(path+"/fr").is(404, 11101) // all or nothing
	s.post(fleet+"/concepts/nope/languages", `{"concept_languages":[{"id":"fr","name":"x"}]}`).is(404, 11101)
	s.get(fleet+"/concepts/nope/languages").is(404, 11101)
	s.do(http.MethodDelete, path, `{"ids":["ja"]}`).is(405, 11103) // translations cannot be deleted
}

func TestPatchConceptLanguages(t *testing.T) {
	t.Parallel()
	s := start(t, inFleet)
	s.concepts("truck")
	path := fleet + "/concepts/truck/languages"
	s.post(path, `{"concept_languages":[{"id":"ja","name":"トラック","definition":"貨物自動車"}]}`).is(200, 10000)
	patch := func(body string) *reply { return s.do(http.MethodPatch, path, body) }

	patch(`{"concept_languages":[{"id":"ja","name":"貨物自動車","definition":""}],"action":"overwrite"}`).is(200, 10000).
		has("concept_languages.0", map[string]any{"id": "ja", "name": "貨物自動車", "definition": "貨物自動車"})
	patch(`{"concept_languages":[{"id":"ja","name":"x"},{"id":"fr","name":"x"}],"action":"overwrite"}`).is(404, 11101)
	patch(`{"concept_languages":[{"id":"ja","name":"x"}],"action":"merge"}`).is(400, 11102)
	patch(`{"concept_languages":[],"action":"overwrite"}`).is(400, 11102)
	s.get(path+"/ja").has("concept_language.name", "貨物自動車") // all or nothing

	// The translation in the default language and the concept are the same object.
	patch(`{"concept_languages":[{"id":"en","name":"lorry","definition":"carries loads"}],"action":"overwrite"}`).is(200, 10000)
	s.get(fleet+"/concepts/truck").has("concept.name", "lorry").has("concept.definition", "carries loads")
	s.do(http.MethodPatch, fleet+"/concepts", `{"concepts":[{"id":"truck","name":"Truck"}],"action":"overwrite"}`).is(200, 10000)
	s.get(path+"/en").has("concept_language.name", "Truck").has("concept_language.definition", "carries loads")
}

func TestConceptLanguages_otherDefaultLanguage(t *testing.T) {
	t.Parallel()
	s := start(t, func(o *emulator.Options) { inFleet(o); o.MoreLanguages = []string{"tlh"} })
	s.post("/v2/users/me/apps", `{"apps":[{"id":"flotte","default_language":"de"}]}`).is(200, 10000)
	path := "/v2/users/me/apps/flotte/concepts"
	s.post(path, `{"concepts":[{"id":"lkw","name":"Lastwagen"}]}`).is(200, 10000).has("concepts.0.language", "de")
	s.get(path+"/lkw/languages").has("concept_languages", []any{map[string]any{"id": "de", "name": "Lastwagen"}})
	s.post(path+"/lkw/languages", `{"concept_languages":[{"id":"en","name":"truck"},{"id":"tlh","name":"lup"}]}`).is(200, 10000)
	s.get(path+"/lkw").has("concept.name", "Lastwagen")
}

func TestConceptSearches_byLanguage(t *testing.T) {
	t.Parallel()
	s := start(t, inFleet)
	s.concepts("truck", "van", "bus")
	s.post(fleet+"/concepts/truck/languages", `{"concept_languages":[{"id":"fr","name":"camion"},{"id":"es","name":"camión"}]}`)
	s.post(fleet+"/concepts/van/languages", `{"concept_languages":[{"id":"fr","name":"camionnette"}]}`)
	search := func(query string) *reply {
		return s.post(fleet+"/concepts/searches", `{"concept_query":`+query+`}`).is(200, 10000)
	}
	search(`{"name":"cam*","language":"fr"}`).has("concepts.0.name", "camion").has("concepts.0.language", "fr").
		has("concepts.0.value", 1).has("concepts.1.id", "van")
	search(`{"name":"*ion","language":"fr"}`).count("concepts", 1)
	search(`{"name":"cam*"}`).count("concepts", 0) // English by default
	search(`{"language":"es"}`).has("concepts.0.name", "camión").count("concepts", 1)
}

func TestModelConcepts(t *testing.T) {
	t.Parallel()
	s := start(t, inFleet)
	s.concepts("truck", "van")
	s.get(fleet+"/models/general/concepts?search=tru").is(200, 10000).count("concepts", 1).has("concepts.0.id", "truck")
	s.get(fleet+"/models/missing-model/concepts").is(404, 21200).has("concepts", []any{})
	s.post(fleet+"/concepts/searches", `{"concept_query":{"name":"v*","model":{"id":"general"},"ignore_app_concepts":true}}`).is(200, 10000).
		count("concepts", 1)
}

func TestOlderConcepts_haveNoMetadata(t *testing.T) {
	t.Parallel()
	const body = `{"concepts":[{"id":"truck","metadata":{"wheels":6}}]}`
	s := start(t, inFleet)
	s.post(fleet+"/concepts", body).is(200, 10000).has("concepts.0.metadata", map[string]any{"wheels": 6.0})
	s = start(t, func(o *emulator.Options) { inFleet(o); o.OlderConcepts = true })
	s.post(fleet+"/concepts", body).is(200, 10000).lacks("concepts.0.metadata")
	s.do(http.MethodPatch, fleet+"/concepts", `{"concepts":[{"id":"truck","name":"x","metadata":{"wheels":6}}],"action":"overwrite"}`).
		is(200, 10000).
		lacks("concepts.0.metadata").has("concepts.0.name", "x")
}

// A relation is stored once and returned from both sides with the same ID.
func TestConceptRelations(t *testing.T) {
	t.Parallel()
	s := start(t, inFleet)
	s.concepts("honey", "food", "pup", "puppy")
	of := func(concept string) string { return fleet + "/concepts/" + concept + "/relations" }
	all := fleet + "/concepts/relations"

	r := s.post(of("honey"), `{"concept_relations":[{"object_concept":{"id":"food"},"predicate":"hyponym"}]}`).is(200, 10000).
		has("concept_relations.0.subject_concept.id", "honey").has("concept_relations.0.object_concept.name", "food").
		has("concept_relations.0.predicate", "hyponym").has("concept_relations.0.visibility.gettable", 10).
		lacks("concept_relations.0.knowledge_graph_id")
	id, _ := r.at("concept_relations.0.id").(string)
	if len(id) != 32 {
		t.Errorf("the id is %q", id)
	}
	s.get(of("food")).is(200, 10000).count("concept_relations", 1).
		has("concept_relations.0.id", id).has("concept_relations.0.subject_concept.id", "food").
		has("concept_relations.0.predicate", "hypernym").has("concept_relations.0.object_concept.id", "honey")
	s.get(of("honey")).has("concept_relations.0.predicate", "hyponym").has("concept_relations.0.id", id)
	s.post(of("puppy"), `{"concept_relations":[{"object_concept":{"id":"pup"},"predicate":"synonym"}]}`).is(200, 10000)
	s.get(of("pup")).has("concept_relations.0.predicate", "synonym").has("concept_relations.0.object_concept.id", "puppy")

	// The filter applies to the relation as seen from the concept.
	for query, want := range map[string]string{
		of("honey") + "?predicate=hyponym":         "[food]",
		of("honey") + "?predicate=hypernym":        "[]",
		of("food") + "?predicate=hypernym":         "[honey]",
		of("food") + "?predicate=hyponym":          "[]",
		of("pup") + "?predicate=synonym":           "[puppy]",
		all + "?concept_id=food":                   "[honey]",
		all + "?concept_id=food&predicate=hyponym": "[]",
		all:                         "[food pup]",
		all + "?page=2&per_page=1":  "[pup]",
		all + "?page=9":             "[]",
		all + "?predicate=synonym":  "[pup]",
		all + "?predicate=hyponym":  "[food]",
		all + "?predicate=hypernym": "[honey]", // stored hyponyms, with subject and object swapped
	} {
		if got := s.get(query).is(200, 10000).ids("concept_relations", "object_concept.id"); fmt.Sprint(got) != want {
			t.Errorf("%s: %v, want %s", query, got, want)
		}
	}
	s.get(all+"?predicate=sibling").is(400, 40003)
	s.get(all+"?concept_id=nope").is(404, 11101)
	s.get(of("nope")).is(404, 11101).has("concept_relations", []any{})
}

func TestConceptRelations_duplicates(t *testing.T) {
	t.Parallel()
	s := start(t, inFleet)
	s.concepts("honey", "food", "pup", "puppy", "jam")
	s.post(fleet+"/concepts/knowledge_graphs", `{"knowledge_graphs":[{"id":"kitchen","name":"Kitchen"}]}`).is(200, 10000)
	post := func(subject, predicate, object, graph string) *reply {
		return s.post(fleet+"/concepts/"+subject+"/relations",
			fmt.Sprintf(`{"concept_relations":[{"object_concept":{"id":%q},"predicate":%q,"knowledge_graph_id":%q}]}`, object, predicate, graph))
	}
	post("honey", "hyponym", "food", "").is(200, 10000)
	post("pup", "synonym", "puppy", "").is(200, 10000)
	post("honey", "hyponym", "food", "").is(400, 40003).contains("duplicate")
	post("food", "hypernym", "honey", "").is(400, 40003).contains("duplicate")
	post("puppy", "synonym", "pup", "").is(400, 40003).contains("duplicate")
	post("food", "hypernym", "honey", "kitchen").is(200, 10000) // another graph is another relation
	s.get(fleet+"/concepts/relations?knowledge_graph_id=kitchen").is(200, 10000).count("concept_relations", 1).
		has("concept_relations.0.knowledge_graph_id", "kitchen").has("concept_relations.0.predicate", "hypernym")

	post("honey", "eats", "food", "").is(400, 40003)
	post("honey", "synonym", "honey", "").is(400, 40003)
	post("honey", "synonym", "nope", "").is(404, 11101)
	post("nope", "synonym", "honey", "").is(404, 11101)
	post("honey", "synonym", "jam", "nope").is(404, 11101)
	s.post(fleet+"/concepts/honey/relations", `{"concept_relations":[]}`).is(400, 40003)
	s.post(fleet+"/concepts/honey/relations", `{"concept_relations":[{"predicate":"synonym"}]}`).is(400, 40003)

	// All or nothing, also if one request names the same relation twice.
	s.post(fleet+"/concepts/jam/relations", `{"concept_relations":[{"object_concept":{"id":"food"},"predicate":"hyponym"},
		{"object_concept":{"id":"food"},"predicate":"hyponym"}]}`).is(400, 40003)
	s.get(fleet+"/concepts/jam/relations").is(200, 10000).has("concept_relations", []any{})
}

func TestDeleteConceptRelations(t *testing.T) {
	t.Parallel()
	s := start(t, inFleet)
	s.concepts("honey", "food", "jam")
	made := s.post(fleet+"/concepts/food/relations", `{"concept_relations":[
		{"object_concept":{"id":"honey"},"predicate":"hypernym"},{"object_concept":{"id":"jam"},"predicate":"hypernym"}]}`).is(200, 10000)
	ids := made.ids("concept_relations", "id")
	remove := func(concept string, ids ...string) *reply {
		return s.do(http.MethodDelete, fleet+"/concepts/"+concept+"/relations", `{"ids":["`+strings.Join(ids, `","`)+`"]}`)
	}
	s.do(http.MethodDelete, fleet+"/concepts/food/relations", `{}`).is(400, 40003)
	remove("jam", ids[0]).is(404, 11101) // not one of jam's
	remove("food", ids[0], "nope").is(404, 11101)
	s.get(fleet+"/concepts/relations").count("concept_relations", 2)
	remove("honey", ids[0]).is(200, 10000) // from either concept
	remove("food", ids[1], ids[1]).is(200, 10000)
	s.get(fleet+"/concepts/relations").is(200, 10000).has("concept_relations", []any{})
	remove("food", ids[0]).is(404, 11101)
	s.post(fleet+"/concepts/honey/relations", `{"concept_relations":[{"object_concept":{"id":"food"},"predicate":"hyponym"}]}`).is(200, 10000)
}

func TestKnowledgeGraphs(t *testing.T) {
	t.Parallel()
	s := start(t, inFleet)
	path := fleet + "/concepts/knowledge_graphs"
	s.get(path).is(200, 10000).has("knowledge_graphs", []any{})
	s.post(path, `{"knowledge_graphs":[{"id":"g","name":"Graph","description":"d"}]}`).is(200, 10000).
		has("knowledge_graphs.0.description", "d")
	s.post(path, `{"knowledge_graphs":[{"id":"h"},{"id":"g"}]}`).is(400, 40010)
	s.post(path, `{"knowledge_graphs":[{"id":"no good"}]}`).is(400, 40003)
	s.post(path, `{}`).is(400, 40003)
	s.get(path).is(200, 10000).count("knowledge_graphs", 1).has("knowledge_graphs.0.id", "g")
	s.get(path+"/g").is(404, 11101)
}

func TestConceptMappingJobs(t *testing.T) {
	t.Parallel()
	s := start(t, inFleet)
	s.concepts("truck", "van")
	path := fleet + "/concepts/mappings/jobs"
	r := s.post(path, `{"concept_mapping_jobs":[{"knowledge_graph_id":"","concept_ids":["truck","van"]},{"concept_ids":["van"]}]}`).
		is(200, 10000)
	if ids, _ := r.at("ids").([]any); len(ids) != 2 {
		t.Errorf("ids are %v", ids)
	}
	s.post(path, `{"concept_mapping_jobs":[{"concept_ids":["nope"]}]}`).is(404, 11101).lacks("ids")
	s.post(path, `{"concept_mapping_jobs":[{"concept_ids":["truck"],"knowledge_graph_id":"nope"}]}`).is(404, 11101)
	s.post(path, `{"concept_mapping_jobs":[{}]}`).is(400, 40003)
	s.post(path, `{"concept_mapping_jobs":[]}`).is(400, 40003)

	s = start(t, func(o *emulator.Options) { inFleet(o); o.Withdrawn = []string{"PostConceptMappingJobs"} })
	s.concepts("truck")
	s.post(path, `{"concept_mapping_jobs":[{"concept_ids":["truck"]}]}`).is(404, 11101).contains("Check the url")
}

func TestAppDuplication_copiesTaxonomy(t *testing.T) {
	t.Parallel()
	s := start(t, inFleet)
	s.concepts("honey", "food")
	s.post(fleet+"/concepts/honey/languages", `{"concept_languages":[{"id":"fr","name":"miel"}]}`).is(200, 10000)
	s.post(fleet+"/concepts/knowledge_graphs", `{"knowledge_graphs":[{"id":"kitchen"}]}`).is(200, 10000)
	s.post(fleet+"/concepts/honey/relations", `{"concept_relations":[{"object_concept":{"id":"food"},"predicate":"hyponym",
		"knowledge_graph_id":"kitchen"}]}`).is(200, 10000)
	s.post(fleet+"/duplications", `{"app_duplications":[{"destination_app":{"id":"copy"},"filter":{"copy_concepts":true}}]}`).is(200, 10000)
	const copied = "/v2/users/acme/apps/copy"
	s.get(copied+"/concepts/honey/languages/fr").is(200, 10000).has("concept_language.name", "miel")
	s.get(copied+"/concepts/food/relations").is(200, 10000).has("concept_relations.0.object_concept.id", "honey").
		has("concept_relations.0.object_concept.app_id", "copy").has("concept_relations.0.knowledge_graph_id", "kitchen")

	// A service that loads the snapshot has the same relations.
	document, err := json.Marshal(s.Snapshot())
	if err != nil {
		t.Fatal(err)
	}
	s = start(t, func(o *emulator.Options) { o.Seed = bytes.NewReader(document) })
	s.get(fleet+"/concepts/honey/languages/fr").is(200, 10000).has("concept_language.name", "miel")
	s.get(fleet+"/concepts/relations").is(200, 10000).has("concept_relations.0.knowledge_graph_id", "kitchen").
		has("concept_relations.0.subject_concept.id", "honey")
}

func TestInspect_taxonomy(t *testing.T) {
	t.Parallel()
	s := start(t, inFleet)
	s.concepts("honey", "food")
	id := s.AddConceptRelation("fleet", "honey", "hyponym", "food", "")
	s.get(fleet+"/concepts/food/relations").has("concept_relations.0.id", id)
	if got := s.ConceptRelations("fleet"); len(got) != 1 || got[0].ID != id {
		t.Errorf("relations are %+v", got)
	}
	if !s.DeleteConceptRelation("fleet", id) || s.DeleteConceptRelation("fleet", id) {
		t.Error("the relation should be there once")
	}
	s.PutConceptLanguage("fleet", "honey", clarifai.ConceptLanguage{ID: "fr", Name: "miel"})
	if got := s.ConceptLanguages("fleet", "honey"); !slices.Equal(got,
		[]clarifai.ConceptLanguage{{ID: "en", Name: "honey"}, {ID: "fr", Name: "miel"}}) {
		t.Errorf("languages are %+v", got)
	}
	if !s.DeleteConceptLanguage("fleet", "honey", "fr") || s.DeleteConceptLanguage("fleet", "honey", "fr") {
		t.Error("the language should be there once")
	}
}
