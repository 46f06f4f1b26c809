package emulator

import (
	"fmt"
	"slices"
	"strings"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
)

// A Dialect is a switch for one open fact: something that is not known outside Clarifai.
// Without it the service behaves as Default says, which follows
// the best evidence; with it, as Alternative says.
type Dialect struct {
	Name        string
	Default     string
	Alternative string
	Evidence    string // what is known
	// Reaches are the resources whose requests are affected.
	Reaches []string
}

// Names of dialects, as -dialect and [Options.Dialects] accept them.
const (
	MixedHTTP207             = "mixed-http-207"
	DuplicateHTTP409         = "duplicate-http-409"
	ThrottledHTTP400         = "throttled-http-400"
	IgnoreUnknownKeys        = "ignore-unknown-keys"
	ClampPerPage             = "clamp-per-page"
	CallCodeOfItems          = "call-code-of-items"
	ZerosInPatch             = "zeros-in-patch"
	DuplicateCode40003       = "duplicate-code-40003"
	ConceptDuplicate40010    = "concept-duplicate-40010"
	InputDuplicate30104      = "input-duplicate-30104"
	DeleteUnknownSucceeds    = "delete-unknown-succeeds"
	DeleteNonMemberFails     = "delete-non-member-fails"
	DeleteInputsAllOrNone    = "delete-inputs-all-or-none"
	AddMemberAgainFails      = "add-member-again-fails"
	DeletedInputsListed      = "deleted-inputs-listed"
	ListsOldestFirst         = "lists-oldest-first"
	ConceptsByAge            = "concepts-by-age"
	AnnotationsOldestFirst   = "annotations-oldest-first"
	SearchAppConceptsOnly    = "search-app-concepts-only"
	CountLabelledOnly        = "count-labelled-only"
	RelationsDirected        = "relations-directed"
	AnyConceptID             = "any-concept-id"
	OlderConcepts            = "older-concepts"
	NoConceptMapping         = "no-concept-mapping"
	NoAppDuplication         = "no-app-duplication"
	RenamedAppNotFound       = "renamed-app-not-found"
	FilterKindsAnd           = "filter-kinds-and"
	SavedSearchApart         = "saved-search-apart"
	SaveRunsSearch           = "save-runs-search"
	VersionTextsFixed        = "version-texts-fixed"
	MetricsKeyTotal          = "metrics-key-total"
	MetricsWhenReady         = "metrics-when-ready"
	EarlyExportQueued        = "early-export-queued"
	ExportLinksExpire        = "export-links-expire"
	UploadNeedsClosing       = "upload-needs-closing"
	UploadListLater          = "upload-list-later"
	CancelFinishedFails      = "cancel-finished-fails"
	TextShown                = "text-shown"
	AnnotateUnprocessed      = "annotate-unprocessed"
	SeveralRegions           = "several-regions"
	CoordinatesUnchecked     = "coordinates-unchecked"
	RegionIDsReplaced        = "region-ids-replaced"
	InputRegionsDropped      = "input-regions-dropped"
	AnnotationsAwaitReview   = "annotations-await-review"
	AnnotationDuplicate24155 = "annotation-duplicate-24155"
	DeleteAnnotationsMissing = "delete-annotations-missing"
	DeleteInputLevelFails    = "delete-input-level-fails"
	SpanEndInclusive         = "span-end-inclusive"
	SpanUTF16                = "span-utf16"
	MergeRegionAppends       = "merge-region-appends"
)

// Dialects returns all open facts, in the order in which they are listed.
func Dialects() []Dialect {
	const (
		app, dataset, version, export = "clarifai_app", "clarifai_dataset", "clarifai_dataset_version", "clarifai_dataset_version_export"
		input, inputs, member         = "clarifai_input", "clarifai_inputs", "clarifai_dataset_input"
		concept, language, relation   = "clarifai_concept", "clarifai_concept_language", "clarifai_concept_relation"
		search, upload, imported      = "clarifai_saved_search", "clarifai_inputs_upload", "clarifai_inputs_import"
		deletion                      = "clarifai_annotation_deletion"
	)
	return []Dialect{
		{MixedHTTP207, "a response with code 10010 has HTTP status 200", "HTTP status 207",
			"old official clients expect a 2xx; the number is not recorded", []string{inputs}},
		{DuplicateHTTP409, "code 40010 has HTTP status 400", "HTTP status 409",
			"the text of 40010 is recorded, its HTTP status is not", []string{dataset, app}},
		{ThrottledHTTP400, "code 11005 has HTTP status 429", "HTTP status 400",
			"the text of 11005 is documented, its HTTP status is not", []string{dataset}},
		{IgnoreUnknownKeys, "keys of a request that no message has are rejected with 11102", "they are ignored",
			"proto-JSON rejects them by default; documentation up to 2023 sends some", []string{dataset}},
		{ClampPerPage, "per_page above 1000 is rejected", "it counts as 1000",
			"1000 is documented and used in live tests; no source goes above", []string{inputs}},
		{CallCodeOfItems, "a request whose items all fail has code 10020", "it has the code of the items if they agree",
			"10020 is recorded for PostInputs, 30002 for PostModelOutputs, 39999 is quoted for ids that are too long", []string{inputs, member}},
		{ZerosInPatch, "empty texts, zero and false in a PATCH leave the old value", "they set it",
			"scalars of proto3 messages have no presence; no source shows a text being cleared", []string{dataset, concept, version, app, search}},
		{DuplicateCode40003, "a dataset, version, app or search whose id exists is rejected with 40010",
			"with 40003 and \"duplicate\" in details",
			"40003 is recorded for concepts; the text of 40010 is documented", []string{dataset, version, search}},
		{ConceptDuplicate40010, "a concept, language or relation that exists is rejected with 40003", "with 40010",
			"40003 with \"duplicate\" in details is asserted by live tests for concepts only", []string{concept, language, relation}},
		{InputDuplicate30104, "an input whose id exists is rejected with 30100", "with 30104",
			"30104 was recorded in 2016; the text \"Input has a duplicate ID.\" is asserted by the official SDK", []string{input, inputs}},
		{DeleteUnknownSucceeds, "deleting datasets, versions, relations or searches that do not exist fails with 11101", "it succeeds",
			"no source", []string{dataset, version, relation, search}},
		{DeleteNonMemberFails, "removing an input that is not in the dataset succeeds", "it fails with 11101",
			"no source; the official SDK removes without looking", []string{member, "clarifai_dataset_inputs"}},
		{DeleteInputsAllOrNone, "deleting inputs of which one does not exist deletes the others", "it fails with 11101 and deletes none",
			"the official SDK deletes ids that may not exist and ignores the response", []string{inputs}},
		{AddMemberAgainFails, "adding an input that is already in the dataset succeeds", "its item fails with 40010",
			"no source", []string{member, "clarifai_dataset_inputs"}},
		{DeletedInputsListed, "inputs that are being deleted are no longer listed", "they are listed until they are deleted",
			"official SDK tests count inputs right after deleting them", []string{input, inputs}},
		{ListsOldestFirst, "inputs, dataset inputs, versions, searches and jobs are listed newest first", "oldest first",
			"newest first is recorded for extraction jobs and apps only", []string{inputs, "clarifai_dataset_inputs", imported}},
		{ConceptsByAge, "concepts are listed by id", "oldest first",
			"no source", []string{concept}},
		{AnnotationsOldestFirst, "annotations are listed newest first", "oldest first",
			"a live test of the official SDK takes the first as the newest; documentation of 2022 says oldest to newest",
			[]string{"clarifai_annotation"}},
		{SearchAppConceptsOnly, "searching concepts without a model also finds those of clarifai/main", "it finds only those of the app",
			"live tests find public concepts; a comment in the definitions says only app concepts", []string{concept}},
		{CountLabelledOnly, "concept counts list every concept", "only those that label an input",
			"no source", []string{concept}},
		{RelationsDirected, "the inverse of a relation that exists is a duplicate", "it is stored as another relation",
			"one row that is seen from both sides is asserted by a live test; posting the inverse is not", []string{relation, "clarifai_taxonomy"}},
		{AnyConceptID, "ids of new concepts have letters, digits, - and _", "any characters",
			"ids with spaces and other scripts were created until 2019; since 2021 the length is checked", []string{concept}},
		{OlderConcepts, "concepts have metadata and an image", "both are ignored",
			"the fields are newer than the documented 50 endpoints", []string{concept}},
		{NoConceptMapping, "concept mapping jobs are accepted", "their path is unknown",
			"documented; absent from the public definitions since June 2024", []string{"clarifai_concept_mapping_job"}},
		{NoAppDuplication, "apps can be duplicated", "duplications are rejected with 10040",
			"\"no longer supported\" in the definitions since April 2026", []string{"clarifai_app_duplication"}},
		{RenamedAppNotFound, "requests under the old id of a renamed app are redirected (307, 10050)", "the app does not exist",
			"10050 is in the definitions; no recorded response", []string{app}},
		{FilterKindsAnd, "all conditions of one filter are alternatives", "conditions of different kinds must all hold",
			"alternatives are asserted by live tests for concepts, and for input type and status", []string{search, version}},
		{SavedSearchApart, "saved searches can be read below /searches", "they cannot",
			"no source reads one that was saved through /inputs/searches", []string{search}},
		{SaveRunsSearch, "a search that is saved is not run", "it is also run",
			"a comment in the definitions says it is not run", []string{search}},
		{VersionTextsFixed, "the description and metadata of a version can be patched", "patching them is rejected with 64030",
			"the definitions allow overwrite; the documentation only patches a field that no longer exists", []string{version}},
		{MetricsKeyTotal, "the metrics of a version have the key \"all\"", "the key \"total\"",
			"the definitions have a map without naming its keys", []string{version}},
		{MetricsWhenReady, "a version's metrics are counted some time after it is ready", "together with it",
			"the official SDK waits for them after the version is ready", []string{version}},
		{EarlyExportQueued, "exporting a version that is not ready is rejected with 64030", "the export waits for the version",
			"no source", []string{export}},
		{ExportLinksExpire, "links to export archives stay valid", "they expire after an hour",
			"no source", []string{export}},
		{UploadNeedsClosing, "an upload is complete when all its bytes have arrived", "when a request without parts follows",
			"no source uploads an archive to its end", []string{upload}},
		{UploadListLater, "the response to an archive upload lists its upload", "only a later read of the job lists it",
			"no recorded response", []string{upload}},
		{CancelFinishedFails, "cancelling a finished job changes nothing", "it fails with 64007",
			"no source", []string{imported}},
		{TextShown, "text that was sent raw is read back as a hosted file", "as raw text too",
			"recorded for images only", []string{input, member}},
		{AnnotateUnprocessed, "annotations of an input that is not processed are rejected with 24155", "they are accepted",
			"the documentation says to wait; the code is not recorded", []string{"clarifai_annotation"}},
		{SeveralRegions, "an annotation with several regions or frames is rejected with 24155", "it is accepted",
			"the documentation says one; the definitions have a list", []string{"clarifai_annotation"}},
		{CoordinatesUnchecked, "coordinates outside 0 to 1 and inverted boxes are rejected with 24155", "they are accepted",
			"official clients clip and drop such boxes before sending", []string{"clarifai_annotation"}},
		{RegionIDsReplaced, "region ids that the client chooses are kept", "they are replaced by generated ones",
			"the client may send them; whether they are kept is not recorded", []string{"clarifai_annotation"}},
		{InputRegionsDropped, "regions sent with a new input belong to its input-level annotation", "they are dropped",
			"only clients of 2018 sent them", []string{input}},
		{AnnotationsAwaitReview, "posted annotations have status 24150", "24157, awaiting review",
			"documented for collaborators who do not own the app", []string{"clarifai_annotation"}},
		{AnnotationDuplicate24155, "an annotation whose id exists is rejected with 40010", "with 24155",
			"no source", []string{"clarifai_annotation"}},
		{DeleteAnnotationsMissing, "deleting annotations that do not exist succeeds", "it fails with 11101",
			"release notes of 6.x removed the error", []string{deletion, "clarifai_annotation"}},
		{DeleteInputLevelFails, "deleting an input-level annotation by its id changes nothing", "it fails with 24155",
			"documented that it cannot be deleted; the response is not", []string{deletion}},
		{SpanEndInclusive, "char_end of a span is exclusive", "inclusive",
			"no source", []string{"clarifai_annotation"}},
		{SpanUTF16, "spans count code points", "UTF-16 code units",
			"models count code points; no source for requests", []string{"clarifai_annotation"}},
		{MergeRegionAppends, "merging a region without an id replaces the annotation's only region", "it is appended",
			"a live test moves a box so; the documented rule for lists would append", []string{"clarifai_annotation"}},
	}
}

// checkDialects rejects unknown names of dialects.
func checkDialects(names []string) error {
	all := Dialects()
	for _, name := range names {
		if !slices.ContainsFunc(all, func(d Dialect) bool { return d.Name == name }) {
			return fmt.Errorf("unknown dialect %q: see -dialect help", name)
		}
	}
	return nil
}

// dialect reports whether a dialect is switched on.
func (s *Service) dialect(name string) bool {
	on := s.dialects[name]
	if on {
		s.decided.Store(name, true)
	}
	return on
}

// Decided reports whether a dialect that is switched on has decided about a response, so that a test of the dialect tests
// something. It cannot tell for dialects that are part of the HTTP server.
func (s *Service) Decided(name string) bool {
	_, ok := s.decided.Load(name)
	return ok
}

// httpStatuses returns the HTTP statuses that dialects change.
func (s *Service) httpStatuses() map[clarifai.StatusCode]int {
	statuses := map[clarifai.StatusCode]int{}
	for name, change := range map[string]struct {
		code clarifai.StatusCode
		http int
	}{
		MixedHTTP207:     {clarifai.StatusMixed, 207},
		DuplicateHTTP409: {clarifai.StatusDuplicateID, 409},
		ThrottledHTTP400: {clarifai.StatusThrottled, 400},
	} {
		if s.dialects[name] {
			statuses[change.code] = change.http
		}
	}
	return statuses
}

// DialectTable returns the documentation's table of dialects, in Markdown.
func DialectTable() string {
	var table strings.Builder
	table.WriteString("| `-dialect` | the emulator assumes | the alternative | evidence |\n|---|---|---|---|\n")
	for _, d := range Dialects() {
		fmt.Fprintf(&table, "| `%s` | %s | %s | %s |\n", d.Name, d.Default, d.Alternative, d.Evidence)
	}
	return table.String()
}

// dialectHelp lists the dialects, one per line.
func dialectHelp() string {
	var help strings.Builder
	for _, d := range Dialects() {
		fmt.Fprintf(&help, "%s\tdefault: %s\talternative: %s\tevidence: %s\n", d.Name, d.Default, d.Alternative, d.Evidence)
	}
	return help.String()
}
