package clarifai

import (
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"
	"github.com/google/go-cmp/cmp"
)

// exampleTypes maps each example to its type. Errors without a noun are decoded as BaseResponse.
var exampleTypes = map[string]any{
	"cancel_inputs_add_job.request":                 CancelInputsAddJobRequest{},
	"cancel_inputs_add_job.response":                SingleInputsAddJobResponse{},
	"cancel_inputs_extraction_jobs.request":         CancelInputsExtractionJobsRequest{},
	"cancel_inputs_extraction_jobs.response":        MultiInputsExtractionJobResponse{},
	"delete_annotations.request":                    DeleteAnnotationsRequest{},
	"delete_annotations.response":                   BaseResponse{},
	"delete_concept_relations.request":              DeleteConceptRelationsRequest{},
	"delete_concept_relations.response":             BaseResponse{},
	"delete_dataset_inputs.request":                 DeleteDatasetInputsRequest{},
	"delete_dataset_inputs.response":                BaseResponse{},
	"delete_dataset_versions.request":               DeleteDatasetVersionsRequest{},
	"delete_dataset_versions.response":              BaseResponse{},
	"delete_datasets.request":                       DeleteDatasetsRequest{},
	"delete_datasets.response":                      BaseResponse{},
	"delete_input.response":                         BaseResponse{},
	"delete_inputs.request":                         DeleteInputsRequest{},
	"delete_inputs.response":                        BaseResponse{},
	"delete_search.response":                        BaseResponse{},
	"error_bad_json.response":                       BaseResponse{},
	"error_duplicate_dataset.response":              MultiDatasetResponse{},
	"error_insufficient_scopes.response":            BaseResponse{},
	"error_internal.response":                       BaseResponse{},
	"error_invalid_key.response":                    MultiDatasetResponse{},
	"error_maintenance.response":                    BaseResponse{},
	"error_method_not_allowed.response":             BaseResponse{},
	"error_moved.response":                          BaseResponse{},
	"error_no_key_prefix.response":                  BaseResponse{},
	"error_not_found.response":                      SingleDatasetResponse{},
	"error_throttled.response":                      BaseResponse{},
	"error_unknown_key.response":                    BaseResponse{},
	"get_app_duplication.response":                  SingleAppDuplicationResponse{},
	"get_concept.response":                          SingleConceptResponse{},
	"get_concept_counts.response":                   MultiConceptCountResponse{},
	"get_concept_language.response":                 SingleConceptLanguageResponse{},
	"get_dataset.response":                          SingleDatasetResponse{},
	"get_dataset_input.response":                    SingleDatasetInputResponse{},
	"get_dataset_version.response":                  SingleDatasetVersionResponse{},
	"get_evaluation.response":                       SingleEvalMetricsResponse{},
	"get_input.response":                            SingleInputResponse{},
	"get_input_count.response":                      SingleInputCountResponse{},
	"get_input_deleted.response":                    SingleInputResponse{},
	"get_input_failed.response":                     SingleInputResponse{},
	"get_inputs_add_job.response":                   SingleInputsAddJobResponse{},
	"get_inputs_extraction_job.response":            SingleInputsExtractionJobResponse{},
	"get_search.response":                           SingleSearchResponse{},
	"get_user.response":                             SingleUserResponse{},
	"list_concept_languages.response":               MultiConceptLanguageResponse{},
	"list_concept_relations.response":               MultiConceptRelationResponse{},
	"list_concept_relations_all.response":           MultiConceptRelationResponse{},
	"list_concepts.response":                        MultiConceptResponse{},
	"list_dataset_inputs.response":                  MultiDatasetInputResponse{},
	"list_dataset_version_metrics_groups.response":  MultiDatasetVersionMetricsGroupResponse{},
	"list_dataset_versions.response":                MultiDatasetVersionResponse{},
	"list_datasets.response":                        MultiDatasetResponse{},
	"list_datasets_past_end.response":               MultiDatasetResponse{},
	"list_evaluations.response":                     MultiEvalMetricsResponse{},
	"list_evaluations_empty.response":               MultiEvalMetricsResponse{},
	"list_inputs.response":                          MultiInputResponse{},
	"list_inputs_add_jobs.response":                 MultiInputsAddJobResponse{},
	"list_inputs_extraction_jobs.response":          MultiInputsExtractionJobResponse{},
	"patch_concept_languages.request":               PatchConceptLanguagesRequest{},
	"patch_concept_languages.response":              MultiConceptLanguageResponse{},
	"patch_concepts.request":                        PatchConceptsRequest{},
	"patch_concepts.response":                       MultiConceptResponse{},
	"patch_dataset_versions.request":                PatchDatasetVersionsRequest{},
	"patch_dataset_versions.response":               MultiDatasetVersionResponse{},
	"patch_datasets.request":                        PatchDatasetsRequest{},
	"patch_datasets.response":                       MultiDatasetResponse{},
	"patch_inputs.request":                          PatchInputsRequest{},
	"patch_inputs.response":                         MultiInputResponse{},
	"patch_inputs_searches.request":                 PatchInputsSearchesRequest{},
	"patch_inputs_searches.response":                MultiSearchResponse{},
	"post_annotation_filters.request":               PostAnnotationFiltersRequest{},
	"post_annotation_filters.response":              MultiAnnotationFilterResponse{},
	"post_app_duplications.request":                 PostAppDuplicationsRequest{},
	"post_app_duplications.response":                MultiAppDuplicationsResponse{},
	"post_apps.request":                             PostAppsRequest{},
	"post_apps.response":                            MultiAppResponse{},
	"post_concept_languages.request":                PostConceptLanguagesRequest{},
	"post_concept_languages.response":               MultiConceptLanguageResponse{},
	"post_concept_mapping_jobs.request":             PostConceptMappingJobsRequest{},
	"post_concept_mapping_jobs.response":            MultiConceptMappingJobResponse{},
	"post_concept_relations.request":                PostConceptRelationsRequest{},
	"post_concept_relations.response":               MultiConceptRelationResponse{},
	"post_concepts.request":                         PostConceptsRequest{},
	"post_concepts.response":                        MultiConceptResponse{},
	"post_concepts_duplicate.request":               PostConceptsRequest{},
	"post_concepts_duplicate.response":              MultiConceptResponse{},
	"post_concepts_searches.request":                PostConceptsSearchesRequest{},
	"post_concepts_searches.response":               MultiConceptResponse{},
	"post_dataset_inputs.request":                   PostDatasetInputsRequest{},
	"post_dataset_inputs.response":                  MultiDatasetInputResponse{},
	"post_dataset_inputs_mixed.request":             PostDatasetInputsRequest{},
	"post_dataset_inputs_mixed.response":            MultiDatasetInputResponse{},
	"post_dataset_inputs_search.request":            PostDatasetInputsRequest{},
	"post_dataset_inputs_search.response":           MultiDatasetInputResponse{},
	"post_dataset_versions.request":                 PostDatasetVersionsRequest{},
	"post_dataset_versions.response":                MultiDatasetVersionResponse{},
	"post_datasets.request":                         PostDatasetsRequest{},
	"post_datasets.response":                        MultiDatasetResponse{},
	"post_evaluations.request":                      PostEvaluationsRequest{},
	"post_evaluations.response":                     MultiEvalMetricsResponse{},
	"post_inputs.request":                           PostInputsRequest{},
	"post_inputs.response":                          MultiInputResponse{},
	"post_inputs_data_sources.request":              PostInputsDataSourcesRequest{},
	"post_inputs_data_sources.response":             MultiInputsAddJobResponse{},
	"post_inputs_duplicate.request":                 PostInputsRequest{},
	"post_inputs_duplicate.response":                MultiInputResponse{},
	"post_inputs_searches.request":                  PostInputsSearchesRequest{},
	"post_inputs_searches.response":                 MultiSearchResponse{},
	"post_inputs_searches_count.request":            PostInputsSearchesRequest{},
	"post_inputs_searches_count.response":           MultiSearchResponse{},
	"post_inputs_searches_save.request":             PostInputsSearchesRequest{},
	"post_inputs_searches_save.response":            MultiSearchResponse{},
	"post_inputs_uploads.request":                   PostInputsUploadsRequest{},
	"post_inputs_uploads.response":                  MultiInputsAddJobResponse{},
	"post_inputs_with_job.request":                  PostInputsRequest{},
	"post_inputs_with_job.response":                 MultiInputResponse{},
	"put_dataset_version_exports.request":           PutDatasetVersionExportsRequest{},
	"put_dataset_version_exports.response":          MultiDatasetVersionExportResponse{},
	"put_dataset_version_exports_repeated.request":  PutDatasetVersionExportsRequest{},
	"put_dataset_version_exports_repeated.response": MultiDatasetVersionExportResponse{},
	"put_upload_content_parts.request":              PutUploadContentPartsRequest{},
	"put_upload_content_parts.response":             SingleUploadResponse{},
	"stream_inputs.response":                        MultiInputResponse{},
}

// otherExamples are examples that are not messages of the API, with the reason.
var otherExamples = map[string]string{
	"error_gateway.response": "a response of the gateway in front of the service, which has no envelope",
}

// leftOut are fields of examples that this package omits, with the reason.
var leftOut = map[string]map[string]string{
	"post_concept_mapping_jobs.request": {"knowledge_graph_id": "it is empty in the example, and the service treats that as absent"},
}

// shownInRequests are fields that messages always carry, also in requests, where the service treats the empty value as absent.
var shownInRequests = map[string]any{"app_id": "", "use_cases": []any{}, "check_consents": []any{}}

// enumsByName are enums that examples write by name. This package writes numbers, as the service does in its responses.
var enumsByName = map[string]map[string]float64{
	"input_id_conflict_resolution": {"SKIP": 1, "SUFFIX": 2},
	"format":                       {"CLARIFAI_DATA_PROTOBUF": 1, "CLARIFAI_DATA_JSON": 3},
}

func TestExamplesRoundTrip(t *testing.T) {
	for name, raw := range examples(t) {
		t.Run(name, func(t *testing.T) {
			if reason, ok := otherExamples[name]; ok {
				var out BaseResponse
				if err := Decode(raw, &out); err != nil || out.Status.Code != 0 {
					t.Errorf("%s: got code %d, error %v", reason, out.Status.Code, err)
				}
				return
			}
			kind, ok := exampleTypes[name]
			if !ok {
				t.Fatal("no type is given for this example")
			}
			value := reflect.New(reflect.TypeOf(kind)).Interface()
			if err := json.Unmarshal(raw, value, decodeOptions, json.RejectUnknownMembers(true)); err != nil {
				t.Fatal(err)
			}
			again, err := Encode(value)
			if err != nil {
				t.Fatal(err)
			}
			want := mapTree("", tree(t, raw), leftOut[name], enumToNumber)
			written := tree(t, again)
			if strings.HasSuffix(name, ".request") {
				written = withoutEmpty(written)
			}
			if diff := cmp.Diff(want, written); diff != "" {
				t.Errorf("written again it differs (-example +written):\n%s", diff)
			}

			camel, err := json.Marshal(camelKeys(tree(t, raw)))
			if err != nil {
				t.Fatal(err)
			}
			fromCamel := reflect.New(reflect.TypeOf(kind)).Interface()
			if err := json.Unmarshal(camel, fromCamel, decodeOptions, json.RejectUnknownMembers(true)); err != nil {
				t.Fatalf("in camelCase: %v", err)
			}
			afterCamel, err := Encode(fromCamel)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tree(t, again), tree(t, afterCamel)); diff != "" {
				t.Errorf("read in camelCase it differs (-snake +camel):\n%s", diff)
			}
		})
	}
}

// The test above detects an example that its type cannot hold.
func TestExamplesRoundTrip_detectsLoss(t *testing.T) {
	var out SingleDatasetResponse
	err := json.Unmarshal([]byte(`{"status":{"code":10000},"dataset":{"id":"a","colour":"red"}}`), &out,
		decodeOptions, json.RejectUnknownMembers(true))
	if err == nil {
		t.Error("an unknown member passed")
	}
	if err := Decode([]byte(`{"status":{"code":10000},"dataset":{"id":"a","colour":"red"}}`), &out); err != nil || out.Dataset.ID != "a" {
		t.Errorf("Decode must pass over unknown members, since the service may be newer: %v", err)
	}
}

func TestExamplesAreAllThere(t *testing.T) {
	found := examples(t)
	for name := range exampleTypes {
		if _, ok := found[name]; !ok {
			t.Errorf("%s has a type and no file", name)
		}
	}
}

func examples(t *testing.T) map[string][]byte {
	t.Helper()
	files, err := filepath.Glob("testdata/examples/*.json")
	if err != nil || len(files) == 0 {
		t.Fatalf("no examples: %v", err)
	}
	found := map[string][]byte{}
	for _, file := range files {
		raw, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		found[strings.TrimSuffix(filepath.Base(file), ".json")] = raw
	}
	return found
}

func tree(t *testing.T, raw []byte) any {
	t.Helper()
	var v any
	if err := json.Unmarshal(raw, &v); err != nil {
		t.Fatal(err)
	}
	return v
}

func mapTree(key string, v any, without map[string]string, leaf func(key string, v any) any) any {
	switch v := v.(type) {
	case map[string]any:
		out := map[string]any{}
		for k, member := range v {
			if without[k] == "" {
				out[k] = mapTree(k, member, without, leaf)
			}
		}
		return out
	case []any:
		out := make([]any, len(v))
		for i := range v {
			out[i] = mapTree(key, v[i], without, leaf)
		}
		return out
	}
	return leaf(key, v)
}

// withoutEmpty removes empty values that messages always carry.
func withoutEmpty(v any) any {
	switch v := v.(type) {
	case map[string]any:
		out := map[string]any{}
		for k, member := range v {
			if empty, ok := shownInRequests[k]; !ok || !reflect.DeepEqual(member, empty) {
				out[k] = withoutEmpty(member)
			}
		}
		return out
	case []any:
		out := make([]any, len(v))
		for i := range v {
			out[i] = withoutEmpty(v[i])
		}
		return out
	}
	return v
}

func enumToNumber(key string, v any) any {
	name, ok := v.(string)
	if !ok {
		return v
	}
	if n, ok := enumsByName[key][name]; ok {
		return n
	}
	return v
}

// freeStructs are arbitrary JSON objects of users, whose keys stay as they are.
var freeStructs = map[string]bool{
	"metadata": true, "params": true, "user_metrics": true, "annotation_info": true, "consensus_info": true, "user_detail": true,
}

// camelKeys writes the keys of a message in camelCase, as the Swagger documentation does.
func camelKeys(v any) any {
	switch v := v.(type) {
	case map[string]any:
		out := map[string]any{}
		for key, member := range v {
			if !freeStructs[key] {
				member = camelKeys(member)
			}
			out[camel(key)] = member
		}
		return out
	case []any:
		out := make([]any, len(v))
		for i := range v {
			out[i] = camelKeys(v[i])
		}
		return out
	}
	return v
}

func camel(key string) string {
	words := strings.Split(key, "_")
	for i, word := range words[1:] {
		if word != "" {
			words[i+1] = strings.ToUpper(word[:1]) + word[1:]
		}
	}
	return strings.Join(words, "")
}
