package main

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/go-json-experiment/json"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
)

// A snapshot counts the objects of a service by what identifies them: their ids where the configuration
// chooses these, and otherwise their contents.
type snapshot map[string]int

// takeSnapshot reads the emulator's state and the app duplications, which are not part of it.
func takeSnapshot(ctx context.Context, base, user string, client *clarifai.Client) (snapshot, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, base+"/__emulator/state", nil)
	if err != nil {
		return nil, err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return nil, err
	}
	defer func() { _ = response.Body.Close() }()
	var state struct {
		Apps []appState `json:"apps"`
	}
	if err := json.UnmarshalRead(response.Body, &state); err != nil {
		return nil, fmt.Errorf("the emulator's state: %w", err)
	}
	s := snapshot{}
	for _, app := range state.Apps {
		app.addTo(s)
	}
	duplications, err := client.ListAppDuplications(ctx, user, clarifai.Page{PerPage: clarifai.MaxPerPage})
	if err != nil {
		return nil, err
	}
	for _, d := range duplications {
		s["duplication to "+d.DestinationApp.ID]++
	}
	return s, nil
}

type named struct {
	ID string `json:"id"`
}

type concept struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// appState are the parts of the emulator's state that are compared.
type appState struct {
	ID               string               `json:"id"`
	Concepts         []concept            `json:"concepts"`
	ConceptLanguages map[string][]concept `json:"concept_languages"`
	ConceptRelations []struct {
		Subject   named  `json:"subject_concept"`
		Predicate string `json:"predicate"`
		Object    named  `json:"object_concept"`
	} `json:"concept_relations"`
	Inputs []struct {
		ID   string `json:"id"`
		Data struct {
			Concepts []named `json:"concepts"`
		} `json:"data"`
	} `json:"inputs"`
	Datasets []struct {
		ID          string   `json:"id"`
		Description string   `json:"description"`
		InputIDs    []string `json:"input_ids"`
		Versions    []struct {
			ID          string `json:"id"`
			Description string `json:"description"`
		} `json:"versions"`
	} `json:"datasets"`
	Annotations   []named `json:"annotations"` // beside the labels of inputs
	Searches      []named `json:"searches"`
	Evaluations   []named `json:"evaluations"`
	InputsAddJobs []named `json:"inputs_add_jobs"`
}

func (a *appState) addTo(s snapshot) {
	s["app "+a.ID]++
	add := func(format string, args ...any) { s["app "+a.ID+": "+fmt.Sprintf(format, args...)]++ }
	for _, c := range a.Concepts {
		add("concept %s: %s", c.ID, c.Name)
	}
	for concept, languages := range a.ConceptLanguages {
		for _, l := range languages {
			add("concept %s in %s: %s", concept, l.ID, l.Name)
		}
	}
	for _, r := range a.ConceptRelations {
		add("relation %s %s %s", r.Subject.ID, r.Predicate, r.Object.ID)
	}
	for _, in := range a.Inputs {
		add("input %s", in.ID)
		for _, c := range in.Data.Concepts {
			add("input %s labelled %s", in.ID, c.ID)
		}
	}
	for _, d := range a.Datasets {
		add("dataset %s: %s", d.ID, d.Description)
		for _, id := range d.InputIDs {
			add("dataset %s contains %s", d.ID, id)
		}
		for _, v := range d.Versions {
			if v.Description != "" { // the id of this one is not configured
				add("version of %s: %s", d.ID, v.Description)
				continue
			}
			add("version of %s: %s", d.ID, v.ID)
		}
	}
	for _, annotation := range a.Annotations {
		add("annotation %s", annotation.ID)
	}
	for _, search := range a.Searches {
		add("search %s", search.ID)
	}
	for range a.Evaluations {
		add("evaluation")
	}
	for range a.InputsAddJobs {
		add("job")
	}
}

// compare returns what is missing and what is superfluous, compared with an undisturbed run.
func (s snapshot) compare(want snapshot) (lost, duplicated, orphaned []string) {
	for _, key := range slices.Sorted(maps.Keys(want)) {
		if s[key] < want[key] {
			lost = append(lost, key)
		}
	}
	for _, key := range slices.Sorted(maps.Keys(s)) {
		switch extra := s[key] - want[key]; {
		case extra <= 0:
		case want[key] > 0, strings.Contains(key, "version of "), strings.Contains(key, "duplication to "):
			duplicated = append(duplicated, fmt.Sprintf("%s (%d more)", key, extra))
		default:
			orphaned = append(orphaned, key)
		}
	}
	return lost, duplicated, orphaned
}
