package main

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/base64"
	"fmt"
	"net/http"
	"strings"

	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
)

const (
	get    = http.MethodGet
	post   = http.MethodPost
	patch  = http.MethodPatch
	put    = http.MethodPut
	remove = http.MethodDelete
)

// skipped are the facts that are not probed, with the reason.
var skipped = map[string]string{
	emulator.ThrottledHTTP400:  "a probe would have to exceed the rate limit on purpose",
	emulator.ExportLinksExpire: "a probe would have to wait for an hour or more",
}

// A probe finds out how the service behaves and returns the result: as assumed, alternative or unexpected.
type probe func(ctx context.Context, p *prober) (string, error)

// is returns the result of an observation: the assumption, the alternative, or neither.
func is(assumed, other bool) string {
	switch {
	case assumed && !other:
		return asAssumed
	case other && !assumed:
		return alternative
	}
	return unexpected
}

// once creates an object that several probes use.
func (p *prober) once(what string, create func() (string, error)) (string, error) {
	if id := p.shared[what]; id != "" {
		return id, nil
	}
	id, err := create()
	if err != nil {
		return "", err
	}
	if p.shared == nil {
		p.shared = map[string]string{}
	}
	p.shared[what] = id
	return id, nil
}

func (p *prober) dataset(ctx context.Context) (string, error) {
	return p.once("dataset", func() (string, error) {
		id := p.id()
		p.remember("datasets", "dataset_ids", id)
		_, err := p.must(ctx, post, "datasets", `{"datasets":[{"id":%q,"description":"probe"}]}`, id)
		return id, err
	})
}

// newInput posts an input and does not wait for it. data are the fields of its data.
func (p *prober) newInput(ctx context.Context, data string) (string, reply, error) {
	id := p.id()
	p.remember("inputs", "ids", id)
	r, err := p.must(ctx, post, "inputs", `{"inputs":[{"id":%q,"data":{%s}}]}`, id, data)
	return id, r, err
}

func (p *prober) processed(ctx context.Context, id string) error {
	_, err := p.wait(ctx, "inputs/"+id, func(r reply) bool { return r.number("input.status.code") == 30000 })
	return err
}

func (p *prober) input(ctx context.Context) (string, error) {
	return p.once("input", func() (string, error) {
		id, _, err := p.newInput(ctx, fmt.Sprintf(`"text":{"raw":"abc 😀 def"},"concepts":[{"id":"tfacc-%s-used"}],"metadata":{"run":%q}`, p.run,
			p.run))
		if err != nil {
			return "", err
		}
		return id, p.processed(ctx, id)
	})
}

func (p *prober) image(ctx context.Context) (string, error) {
	return p.once("image", func() (string, error) {
		id, _, err := p.newInput(ctx, `"image":{"url":"https://samples.clarifai.com/metro-north.jpg","allow_duplicate_url":true}`)
		if err != nil {
			return "", err
		}
		return id, p.processed(ctx, id)
	})
}

// concept posts a concept whose ID consists of the run's ID and a suffix. Concepts cannot be deleted.
func (p *prober) concept(ctx context.Context, suffix string) (string, error) {
	return p.once("concept "+suffix, func() (string, error) {
		id := prefix + p.run + suffix
		_, err := p.must(ctx, post, "concepts", `{"concepts":[{"id":%q,"metadata":{"k":1}}]}`, id)
		return id, err
	})
}

// version returns the path of a ready version of the dataset with the input as its only member.
func (p *prober) version(ctx context.Context) (path string, err error) {
	return p.once("version", func() (string, error) {
		path, err := p.newVersion(ctx)
		if err != nil {
			return "", err
		}
		_, err = p.wait(ctx, path, func(r reply) bool { return r.number("dataset_version.status.code") == 64015 })
		return path, err
	})
}

func (p *prober) newVersion(ctx context.Context) (string, error) {
	dataset, err := p.dataset(ctx)
	if err != nil {
		return "", err
	}
	input, err := p.input(ctx)
	if err != nil {
		return "", err
	}
	if _, err := p.must(ctx, post, "datasets/"+dataset+"/inputs", `{"dataset_inputs":[{"input":{"id":%q}}]}`, input); err != nil {
		return "", err
	}
	id, path := p.id(), "datasets/"+dataset+"/versions"
	_, err = p.must(ctx, post, path, `{"dataset_versions":[{"id":%q}]}`, id)
	return path + "/" + id, err
}

const (
	box   = `{"region_info":{"bounding_box":{"top_row":0.1,"left_col":0.1,"bottom_row":0.5,"right_col":0.5}}}`
	other = `{"region_info":{"bounding_box":{"top_row":0.2,"left_col":0.2,"bottom_row":0.6,"right_col":0.6}}}`
)

// annotate posts an annotation of an input. members are the fields of the annotation.
func (p *prober) annotate(ctx context.Context, input, members string) (reply, error) {
	return p.send(ctx, post, "annotations", `{"annotations":[{"input_id":%q,%s}]}`, input, members)
}

// accepted returns a probe of an annotation of the image. assumed says whether the emulator accepts it.
func accepted(assumed bool, members string) probe {
	return func(ctx context.Context, p *prober) (string, error) {
		input, err := p.image(ctx)
		if err != nil {
			return "", err
		}
		r, err := p.annotate(ctx, input, members)
		return is(r.ok() == assumed, r.ok() != assumed), err
	}
}

var probes = map[string]probe{
	emulator.MixedHTTP207: func(ctx context.Context, p *prober) (string, error) {
		input, err := p.input(ctx)
		if err != nil {
			return "", err
		}
		id := p.id()
		p.remember("inputs", "ids", id)
		r, err := p.send(ctx, post, "inputs", `{"inputs":[{"id":%q,"data":{"text":{"raw":"new"}}},{"id":%q,"data":{"text":{"raw":"old"}}}]}`,
			id, input)
		return is(r.is(10010) && r.http == 200, r.is(10010) && r.http == 207), err
	},
	emulator.DuplicateHTTP409: func(ctx context.Context, p *prober) (string, error) {
		dataset, err := p.dataset(ctx)
		if err != nil {
			return "", err
		}
		r, err := p.send(ctx, post, "datasets", `{"datasets":[{"id":%q}]}`, dataset)
		return is(r.is(40010) && r.http == 400, r.is(40010) && r.http == 409), err
	},
	emulator.DuplicateCode40003: func(ctx context.Context, p *prober) (string, error) {
		dataset, err := p.dataset(ctx)
		if err != nil {
			return "", err
		}
		r, err := p.send(ctx, post, "datasets", `{"datasets":[{"id":%q}]}`, dataset)
		return is(r.is(40010), r.is(40003)), err
	},
	emulator.IgnoreUnknownKeys: func(ctx context.Context, p *prober) (string, error) {
		id := p.id()
		p.remember("datasets", "dataset_ids", id)
		r, err := p.send(ctx, post, "datasets", `{"datasets":[{"id":%q,"no_such_key":1}]}`, id)
		return is(!r.ok(), r.ok()), err
	},
	emulator.ClampPerPage: func(ctx context.Context, p *prober) (string, error) {
		r, err := p.send(ctx, get, "inputs?per_page=1001", "")
		return is(!r.ok(), r.ok()), err
	},
	emulator.CallCodeOfItems: func(ctx context.Context, p *prober) (string, error) {
		r, err := p.send(ctx, post, "inputs", `{"inputs":[{"id":%q,"data":{"text":{"raw":"x"}}}]}`, prefix+strings.Repeat("x", 60))
		return is(r.is(10020), !r.ok() && !r.is(10020)), err
	},
	emulator.ZerosInPatch: func(ctx context.Context, p *prober) (string, error) {
		dataset, err := p.dataset(ctx)
		if err != nil {
			return "", err
		}
		if _, err := p.must(ctx, patch, "datasets", `{"datasets":[{"id":%q,"description":""}],"action":"overwrite"}`, dataset); err != nil {
			return "", err
		}
		r, err := p.must(ctx, get, "datasets/"+dataset, "")
		kept := r.text("dataset.description") != ""
		return is(kept, !kept), err
	},
	emulator.ConceptDuplicate40010: func(ctx context.Context, p *prober) (string, error) {
		concept, err := p.concept(ctx, "-z")
		if err != nil {
			return "", err
		}
		r, err := p.send(ctx, post, "concepts", `{"concepts":[{"id":%q}]}`, concept)
		return is(r.is(40003), r.is(40010)), err
	},
	emulator.InputDuplicate30104: func(ctx context.Context, p *prober) (string, error) {
		input, err := p.input(ctx)
		if err != nil {
			return "", err
		}
		r, err := p.send(ctx, post, "inputs", `{"inputs":[{"id":%q,"data":{"text":{"raw":"again"}}}]}`, input)
		code := r.number("inputs.0.status.code")
		return is(code == 30100, code == 30104), err
	},
	emulator.DeleteUnknownSucceeds: func(ctx context.Context, p *prober) (string, error) {
		r, err := p.send(ctx, remove, "datasets", `{"dataset_ids":[%q]}`, p.id())
		return is(!r.ok(), r.ok()), err
	},
	emulator.DeleteNonMemberFails: func(ctx context.Context, p *prober) (string, error) {
		dataset, err := p.dataset(ctx)
		if err != nil {
			return "", err
		}
		input, err := p.image(ctx)
		if err != nil {
			return "", err
		}
		r, err := p.send(ctx, remove, "datasets/"+dataset+"/inputs", `{"input_ids":[%q]}`, input)
		return is(r.ok(), !r.ok()), err
	},
	emulator.DeleteInputsAllOrNone: func(ctx context.Context, p *prober) (string, error) {
		input, _, err := p.newInput(ctx, `"text":{"raw":"to be deleted"}`)
		if err != nil {
			return "", err
		}
		r, err := p.send(ctx, remove, "inputs", `{"ids":[%q,%q]}`, input, p.id())
		return is(r.ok(), !r.ok()), err
	},
	emulator.AddMemberAgainFails: func(ctx context.Context, p *prober) (string, error) {
		dataset, err := p.dataset(ctx)
		if err != nil {
			return "", err
		}
		input, _, err := p.newInput(ctx, `"text":{"raw":"a member"}`)
		if err != nil {
			return "", err
		}
		path := "datasets/" + dataset + "/inputs"
		if _, err := p.must(ctx, post, path, `{"dataset_inputs":[{"input":{"id":%q}}]}`, input); err != nil {
			return "", err
		}
		r, err := p.send(ctx, post, path, `{"dataset_inputs":[{"input":{"id":%q}}]}`, input)
		return is(r.ok(), !r.ok()), err
	},
	emulator.DeletedInputsListed: func(ctx context.Context, p *prober) (string, error) {
		input, _, err := p.newInput(ctx, `"text":{"raw":"to be listed"}`)
		if err != nil {
			return "", err
		}
		if _, err := p.must(ctx, remove, "inputs", `{"ids":[%q]}`, input); err != nil {
			return "", err
		}
		r, err := p.must(ctx, get, "inputs?per_page=1000", "")
		listed := r.indexOf("inputs", input) >= 0
		return is(!listed, listed), err
	},
	emulator.ListsOldestFirst: func(ctx context.Context, p *prober) (string, error) {
		first, err := p.input(ctx)
		if err != nil {
			return "", err
		}
		second, _, err := p.newInput(ctx, `"text":{"raw":"the newer one"}`)
		if err != nil {
			return "", err
		}
		r, err := p.must(ctx, get, "inputs?per_page=1000", "")
		old, newer := r.indexOf("inputs", first), r.indexOf("inputs", second)
		found := old >= 0 && newer >= 0
		return is(found && newer < old, found && old < newer), err
	},
	emulator.ConceptsByAge: func(ctx context.Context, p *prober) (string, error) {
		older, err := p.concept(ctx, "-z")
		if err != nil {
			return "", err
		}
		newer, err := p.concept(ctx, "-a")
		if err != nil {
			return "", err
		}
		r, err := p.must(ctx, get, "concepts?per_page=1000", "")
		a, z := r.indexOf("concepts", newer), r.indexOf("concepts", older)
		found := a >= 0 && z >= 0
		return is(found && a < z, found && z < a), err
	},
	emulator.AnnotationsOldestFirst: func(ctx context.Context, p *prober) (string, error) {
		input, err := p.image(ctx)
		if err != nil {
			return "", err
		}
		ids := []string{p.id(), p.id()}
		for _, id := range ids {
			if _, err := p.annotate(ctx, input, fmt.Sprintf(`"id":%q,"data":{"regions":[%s]}`, id, box)); err != nil {
				return "", err
			}
		}
		r, err := p.must(ctx, get, "annotations?per_page=1000&input_ids="+input, "")
		first, second := r.indexOf("annotations", ids[0]), r.indexOf("annotations", ids[1])
		found := first >= 0 && second >= 0
		return is(found && second < first, found && first < second), err
	},
	emulator.SearchAppConceptsOnly: func(ctx context.Context, p *prober) (string, error) {
		r, err := p.must(ctx, post, "concepts/searches", `{"concept_query":{"name":"people"}}`)
		public := false
		for i := range r.list("concepts") {
			public = public || r.text(fmt.Sprintf("concepts.%d.app_id", i)) == "main"
		}
		return is(public, !public), err
	},
	emulator.CountLabelledOnly: func(ctx context.Context, p *prober) (string, error) {
		unused, err := p.concept(ctx, "-z")
		if err != nil {
			return "", err
		}
		r, err := p.must(ctx, get, "concepts/status?per_page=1000", "")
		listed := r.indexOf("concept_counts", unused) >= 0
		return is(listed, !listed), err
	},
	emulator.RelationsDirected: func(ctx context.Context, p *prober) (string, error) {
		a, err := p.concept(ctx, "-a")
		if err != nil {
			return "", err
		}
		z, err := p.concept(ctx, "-z")
		if err != nil {
			return "", err
		}
		relate := `{"concept_relations":[{"object_concept":{"id":%q},"predicate":%q}]}`
		if _, err := p.must(ctx, post, "concepts/"+a+"/relations", relate, z, "hyponym"); err != nil {
			return "", err
		}
		r, err := p.send(ctx, post, "concepts/"+z+"/relations", relate, a, "hypernym")
		return is(!r.ok(), r.ok()), err
	},
	emulator.AnyConceptID: func(ctx context.Context, p *prober) (string, error) {
		r, err := p.send(ctx, post, "concepts", `{"concepts":[{"id":%q}]}`, prefix+p.run+" with spaces")
		return is(!r.ok(), r.ok()), err
	},
	emulator.OlderConcepts: func(ctx context.Context, p *prober) (string, error) {
		concept, err := p.concept(ctx, "-z")
		if err != nil {
			return "", err
		}
		r, err := p.must(ctx, get, "concepts/"+concept, "")
		kept := r.at("concept.metadata.k") != nil
		return is(kept, !kept), err
	},
	emulator.NoConceptMapping: func(ctx context.Context, p *prober) (string, error) {
		concept, err := p.concept(ctx, "-z")
		if err != nil {
			return "", err
		}
		r, err := p.send(ctx, post, "concepts/mappings/jobs", `{"concept_mapping_jobs":[{"concept_ids":[%q]}]}`, concept)
		return is(r.ok(), r.http == 404 || r.http == 405 || r.http == 501), err
	},
	emulator.NoAppDuplication: func(ctx context.Context, p *prober) (string, error) {
		copied := p.id()
		r, err := p.send(ctx, post, "duplications",
			`{"app_duplications":[{"destination_app":{"id":%q},"filter":{"copy_concepts":true}}]}`, copied)
		if r.ok() {
			p.remember("/apps", "", copied)
		}
		return is(r.ok(), r.http == 404 || r.http == 501 || r.is(10040)), err
	},
	emulator.RenamedAppNotFound: func(ctx context.Context, p *prober) (string, error) {
		before, after := p.id(), p.id()
		if _, err := p.must(ctx, post, "/apps", `{"apps":[{"id":%q}]}`, before); err != nil {
			return "", err
		}
		p.remember("/apps", "", before)
		if _, err := p.must(ctx, patch, "/apps/ids", `{"ids":[{"id":%q,"new_id":%q}],"action":"overwrite"}`, before, after); err != nil {
			return "", err
		}
		p.created[len(p.created)-1].id = after
		r, err := p.send(ctx, get, "/apps/"+before, "")
		return is(r.http == 307, r.http == 404), err
	},
	emulator.FilterKindsAnd: func(ctx context.Context, p *prober) (string, error) {
		input, err := p.input(ctx)
		if err != nil {
			return "", err
		}
		r, err := p.must(ctx, post, "inputs/searches",
			`{"searches":[{"query":{"filters":[{"annotation":{"data":{"concepts":[{"id":"tfacc-nowhere"}],"metadata":{"run":%q}}}}]}}]}`, p.run)
		found := false
		for i := range r.list("hits") {
			found = found || r.text(fmt.Sprintf("hits.%d.input.id", i)) == input
		}
		return is(found, !found), err
	},
	emulator.SavedSearchApart: func(ctx context.Context, p *prober) (string, error) {
		search, err := p.savedSearch(ctx)
		if err != nil {
			return "", err
		}
		r, err := p.send(ctx, get, "searches/"+search, "")
		return is(r.ok(), !r.ok()), err
	},
	emulator.SaveRunsSearch: func(ctx context.Context, p *prober) (string, error) {
		if _, err := p.input(ctx); err != nil {
			return "", err
		}
		id := p.id()
		p.remember("searches", "", id)
		r, err := p.must(ctx, post, "inputs/searches",
			`{"searches":[{"id":%q,"save":true,"query":{"filters":[{"input":{"data":{"text":{}}}}]}}]}`, id)
		ran := len(r.list("hits")) > 0
		return is(!ran, ran), err
	},
	emulator.VersionTextsFixed: func(ctx context.Context, p *prober) (string, error) {
		path, err := p.version(ctx)
		if err != nil {
			return "", err
		}
		list, id := path[:strings.LastIndex(path, "/")], path[strings.LastIndex(path, "/")+1:]
		r, err := p.send(ctx, patch, list, `{"dataset_versions":[{"id":%q,"description":"patched"}],"action":"overwrite"}`, id)
		return is(r.ok(), !r.ok()), err
	},
	emulator.MetricsKeyTotal: func(ctx context.Context, p *prober) (string, error) {
		path, err := p.version(ctx)
		if err != nil {
			return "", err
		}
		r, err := p.wait(ctx, path, func(r reply) bool {
			metrics, _ := r.at("dataset_version.metrics").(map[string]any)
			return len(metrics) > 0
		})
		return is(r.at("dataset_version.metrics.all") != nil, r.at("dataset_version.metrics.total") != nil), err
	},
	emulator.MetricsWhenReady: func(ctx context.Context, p *prober) (string, error) {
		path, err := p.newVersion(ctx)
		if err != nil {
			return "", err
		}
		r, err := p.wait(ctx, path, func(r reply) bool { return r.number("dataset_version.status.code") == 64015 })
		counted := r.at("dataset_version.metrics") != nil
		return is(!counted, counted), err
	},
	emulator.EarlyExportQueued: func(ctx context.Context, p *prober) (string, error) {
		path, err := p.newVersion(ctx)
		if err != nil {
			return "", err
		}
		r, err := p.send(ctx, put, path+"/exports", `{"exports":[{"format":"CLARIFAI_DATA_JSON"}]}`)
		return is(!r.ok(), r.ok()), err
	},
	emulator.UploadListLater: func(ctx context.Context, p *prober) (string, error) {
		r, _, err := p.startUpload(ctx)
		listed := len(r.list("inputs_add_jobs.0.uploads")) > 0
		return is(listed, !listed), err
	},
	emulator.UploadNeedsClosing: func(ctx context.Context, p *prober) (string, error) {
		_, upload, err := p.finishUpload(ctx)
		if err != nil {
			return "", err
		}
		r, err := p.must(ctx, get, "uploads/"+upload, "")
		code := r.number("upload.status.code")
		return is(code == 68001, code == 68000), err
	},
	emulator.CancelFinishedFails: func(ctx context.Context, p *prober) (string, error) {
		job, upload, err := p.finishUpload(ctx)
		if err != nil {
			return "", err
		}
		r, err := p.must(ctx, get, "uploads/"+upload, "")
		if err == nil && r.number("upload.status.code") == 68000 { // it waits for a request that closes it
			_, err = p.must(ctx, put, "uploads/"+upload+"/content_parts", `{"content_parts":[]}`)
		}
		if err != nil {
			return "", err
		}
		_, err = p.wait(ctx, "inputs/jobs/add/"+job, func(r reply) bool { return r.number("inputs_add_job.status.code") == 64002 })
		if err != nil {
			return "", err
		}
		r, err = p.send(ctx, patch, "inputs/jobs/add/"+job, `{}`)
		return is(r.ok(), !r.ok()), err
	},
	emulator.TextShown: func(ctx context.Context, p *prober) (string, error) {
		input, err := p.input(ctx)
		if err != nil {
			return "", err
		}
		r, err := p.must(ctx, get, "inputs/"+input, "")
		shown := r.text("input.data.text.raw") != ""
		return is(!shown, shown), err
	},
	emulator.AnnotateUnprocessed: func(ctx context.Context, p *prober) (string, error) {
		input, _, err := p.newInput(ctx, `"text":{"raw":"not yet processed"}`)
		if err != nil {
			return "", err
		}
		r, err := p.annotate(ctx, input, `"data":{"concepts":[{"id":"tfacc-early"}]}`)
		return is(!r.ok(), r.ok()), err
	},
	emulator.SeveralRegions: accepted(false, `"data":{"regions":[`+box+`,`+other+`]}`),
	emulator.CoordinatesUnchecked: accepted(false,
		`"data":{"regions":[{"region_info":{"bounding_box":{"top_row":1.5,"left_col":0.1,"bottom_row":1.9,"right_col":0.5}}}]}`),
	emulator.RegionIDsReplaced: func(ctx context.Context, p *prober) (string, error) {
		input, err := p.image(ctx)
		if err != nil {
			return "", err
		}
		region := p.id()
		r, err := p.annotate(ctx, input, fmt.Sprintf(`"data":{"regions":[{"id":%q,%s]}`, region, box[1:]))
		got := r.text("annotations.0.data.regions.0.id")
		return is(r.ok() && got == region, r.ok() && got != region), err
	},
	emulator.InputRegionsDropped: func(ctx context.Context, p *prober) (string, error) {
		input, _, err := p.newInput(ctx, `"image":{"url":"https://samples.clarifai.com/metro-north.jpg","allow_duplicate_url":true},
			"regions":[`+box+`]`)
		if err != nil {
			return "", err
		}
		if err := p.processed(ctx, input); err != nil {
			return "", err
		}
		r, err := p.must(ctx, get, "annotations?input_ids="+input, "")
		kept := false
		for i := range r.list("annotations") {
			kept = kept || len(r.list(fmt.Sprintf("annotations.%d.data.regions", i))) > 0
		}
		return is(kept, !kept), err
	},
	emulator.AnnotationsAwaitReview: func(ctx context.Context, p *prober) (string, error) {
		input, err := p.image(ctx)
		if err != nil {
			return "", err
		}
		r, err := p.annotate(ctx, input, `"data":{"regions":[`+box+`]}`)
		code := r.number("annotations.0.status.code")
		return is(code == 24150, code == 24157), err
	},
	emulator.AnnotationDuplicate24155: func(ctx context.Context, p *prober) (string, error) {
		input, err := p.image(ctx)
		if err != nil {
			return "", err
		}
		again := fmt.Sprintf(`"id":%q,"data":{"regions":[%s]}`, p.id(), box)
		if _, err := p.annotate(ctx, input, again); err != nil {
			return "", err
		}
		r, err := p.annotate(ctx, input, again)
		code := r.number("annotations.0.status.code")
		return is(code == 40010, code == 24155), err
	},
	emulator.DeleteAnnotationsMissing: func(ctx context.Context, p *prober) (string, error) {
		input, err := p.image(ctx)
		if err != nil {
			return "", err
		}
		r, err := p.send(ctx, remove, "annotations", `{"input_ids":[%q],"ids":[%q]}`, input, p.id())
		return is(r.ok(), !r.ok()), err
	},
	emulator.DeleteInputLevelFails: func(ctx context.Context, p *prober) (string, error) {
		input, err := p.input(ctx)
		if err != nil {
			return "", err
		}
		list, err := p.must(ctx, get, "annotations?input_ids="+input, "")
		if err != nil {
			return "", err
		}
		for i := range list.list("annotations") {
			at := fmt.Sprintf("annotations.%d.", i)
			if list.at(at+"input_level") == true {
				r, err := p.send(ctx, remove, "annotations", `{"input_ids":[%q],"ids":[%q]}`, input, list.text(at+"id"))
				return is(r.ok(), !r.ok()), err
			}
		}
		return unexpected, nil
	},
	emulator.SpanEndInclusive:   span(`"char_start":1,"char_end":2,"raw_text":"b"`, `"char_start":1,"char_end":1,"raw_text":"b"`),
	emulator.SpanUTF16:          span(`"char_start":6,"char_end":9,"raw_text":"def"`, `"char_start":7,"char_end":10,"raw_text":"def"`),
	emulator.MergeRegionAppends: mergeRegion,
}

// span returns a probe of the text "abc 😀 def" that finds out which of two spans is accepted. A
// service that accepts both does not check spans.
func span(assumed, other string) probe {
	return func(ctx context.Context, p *prober) (string, error) {
		input, err := p.input(ctx)
		if err != nil {
			return "", err
		}
		var ok [2]bool
		for i, members := range []string{assumed, other} {
			r, err := p.annotate(ctx, input, `"data":{"regions":[{"region_info":{"span":{`+members+`}}}]}`)
			if err != nil {
				return "", err
			}
			ok[i] = r.ok()
		}
		return is(ok[0], ok[1]), nil
	}
}

func mergeRegion(ctx context.Context, p *prober) (string, error) {
	input, err := p.image(ctx)
	if err != nil {
		return "", err
	}
	id := p.id()
	if _, err := p.annotate(ctx, input, fmt.Sprintf(`"id":%q,"data":{"regions":[%s]}`, id, box)); err != nil {
		return "", err
	}
	r, err := p.send(ctx, patch, "annotations", `{"annotations":[{"id":%q,"input_id":%q,"data":{"regions":[%s]}}],"action":"merge"}`, id,
		input, other)
	n := len(r.list("annotations.0.data.regions"))
	return is(n == 1, n == 2), err
}

func (p *prober) savedSearch(ctx context.Context) (string, error) {
	return p.once("search", func() (string, error) {
		id := p.id()
		p.remember("searches", "", id)
		_, err := p.must(ctx, post, "inputs/searches",
			`{"searches":[{"id":%q,"name":"probe","save":true,"query":{"filters":[{"input":{"data":{"text":{}}}}]}}]}`, id)
		return id, err
	})
}

// startUpload starts an archive upload and returns its response and content.
func (p *prober) startUpload(ctx context.Context) (reply, []byte, error) {
	name := p.id()
	var archive bytes.Buffer
	z := zip.NewWriter(&archive)
	w, err := z.Create(name + ".txt")
	if err != nil {
		return reply{}, nil, err
	}
	if _, err := w.Write([]byte("a text in an archive")); err != nil {
		return reply{}, nil, err
	}
	if err := z.Close(); err != nil {
		return reply{}, nil, err
	}
	p.remember("inputs", "ids", name)
	r, err := p.must(ctx, post, "inputs/uploads",
		`{"inputs_uploads":[{"inputs_add_job_id":%q,"upload":{"content_name":"probe.zip","content_length":"%d"}}]}`, p.id(), archive.Len())
	return r, archive.Bytes(), err
}

// finishUpload uploads an archive and returns the ids of its job and its upload.
func (p *prober) finishUpload(ctx context.Context) (job, upload string, err error) {
	started, content, err := p.startUpload(ctx)
	if err != nil {
		return "", "", err
	}
	job = started.text("inputs_add_jobs.0.id")
	if upload = started.text("inputs_add_jobs.0.uploads.0.id"); upload == "" {
		r, err := p.wait(ctx, "inputs/jobs/add/"+job, func(r reply) bool { return len(r.list("inputs_add_job.uploads")) > 0 })
		if err != nil {
			return "", "", err
		}
		upload = r.text("inputs_add_job.uploads.0.id")
	}
	_, err = p.must(ctx, put, "uploads/"+upload+"/content_parts",
		`{"content_parts":[{"range_start":"0","part_number":1,"data":%q}]}`, base64.StdEncoding.EncodeToString(content))
	return job, upload, err
}
