package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"time"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
)

// bulkRun names a run of one clarifai_inputs.
type bulkRun struct {
	n    int
	pace string
}

type bulkResult struct {
	create, plan cost
	loop         *loop
	terraform    cost // the CLI with the provider that does nothing
}

const bulkConfig = `
resource "clarifai_inputs" "all" {
  id       = "bench"
  manifest = "${path.module}/inputs.jsonl"
}
`

// inBulk creates inputs from a manifest and plans again, once for all rows that look at it.
func (b *bench) inBulk(ctx context.Context, n int, pace string) (*bulkResult, error) {
	key := bulkRun{n, pace}
	if r, ok := b.bulk[key]; ok {
		return r, nil
	}
	b.say("%d inputs, pacing %s", n, pace)
	r := &bulkResult{}
	var err error
	if r.loop, err = b.loop(ctx, n, pace); err != nil {
		return nil, fmt.Errorf("the loop: %w", err)
	}
	service, err := b.newService(processing)
	if err != nil {
		return nil, err
	}
	defer service.Close()
	nothing, err := b.idle(service, bulkConfig)
	if err != nil {
		return nil, err
	}
	if r.terraform, err = nothing.apply(ctx); err != nil {
		return nil, err
	}
	w, err := b.ours(service, pace, bulkConfig)
	if err != nil {
		return nil, err
	}
	if err := writeManifest(filepath.Join(w.dir, "inputs.jsonl"), n); err != nil {
		return nil, err
	}
	if r.create, err = w.apply(ctx); err != nil {
		return nil, err
	}
	if r.plan, err = w.plan(ctx); err != nil {
		return nil, err
	}
	if found := len(service.Inputs(app)); found != n {
		return nil, fmt.Errorf("%d inputs were wanted and %d are there", n, found)
	}
	b.bulk[key] = r
	return r, nil
}

func writeManifest(path string, n int) error {
	file, err := os.Create(path)
	if err != nil {
		return err
	}
	w := bufio.NewWriter(file)
	rows := json.NewEncoder(w)
	for i := range n {
		row := map[string]any{
			"id": inputID(i), "url": inputURL(i),
			"concepts": map[string]any{label(i): 1},
			"metadata": map[string]any{"camera": camera(i), "frame": i},
		}
		if err := rows.Encode(row); err != nil {
			return errors.Join(err, file.Close())
		}
	}
	return errors.Join(w.Flush(), file.Close())
}

// posts are the fewest calls that create n inputs.
func posts(n int) int { return (n + clarifai.MaxItemsPerCall - 1) / clarifai.MaxItemsPerCall }

// pages are the fewest calls that list n inputs.
func pages(n int) int { return (n + clarifai.MaxPerPage - 1) / clarifai.MaxPerPage }

// Row 1: create inputs with one clarifai_inputs.
func (b *bench) bulkCreate(ctx context.Context) error {
	for _, pace := range []string{paceOff, paceOn} {
		r, err := b.inBulk(ctx, b.inputs, pace)
		if err != nil {
			return err
		}
		work := fmt.Sprintf("create %s inputs, one clarifai_inputs, pacing %s", thousands(b.inputs), pace)
		b.table.floor("1", work, fmt.Sprintf("loop of %d workers", defaultWorkers), r.loop.create, r.loop.createCalls)
		b.table.line("1", work, r.create, r.loop.create)
		b.table.goal("1", work, "posts", float64(r.create.calls["PostInputs"]), float64(posts(b.inputs)), count)
		b.table.goal("1", work, "wall against the loop", ratio(r.create.wall, r.loop.create), 1.3, times)
		b.table.note("1", work, "first call to last against the loop", times(ratio(r.create.working, r.loop.create)))
		b.table.note("1", work, "wall against the loop and the CLI with an idle provider, one after the other",
			times(ratio(r.create.wall, r.loop.create+r.terraform.wall)))
	}
	return nil
}

// Row 2: a plan without changes of the inputs of row 1.
func (b *bench) bulkPlan(ctx context.Context) error {
	for _, pace := range []string{paceOff, paceOn} {
		r, err := b.inBulk(ctx, b.inputs, pace)
		if err != nil {
			return err
		}
		work := fmt.Sprintf("plan %s inputs without changes, pacing %s", thousands(b.inputs), pace)
		b.table.floor("2", work, "loop over list pages", r.loop.read, r.loop.readCalls)
		b.table.line("2", work, r.plan, r.loop.read)
		b.table.goal("2", work, "calls", float64(r.plan.total()), float64(pages(b.inputs)+2), count)
		b.table.goal("2", work, "provider CPU", r.plan.provider.CPU.Seconds(), 2, seconds)
	}
	return nil
}

// Row 3: very many inputs from a manifest.
func (b *bench) bulkMany(ctx context.Context) error {
	r, err := b.inBulk(ctx, b.many, paceOff)
	if err != nil {
		return err
	}
	work := fmt.Sprintf("create %s inputs, one clarifai_inputs, pacing off", thousands(b.many))
	b.table.floor("3", work, fmt.Sprintf("loop of %d workers", defaultWorkers), r.loop.create, r.loop.createCalls)
	b.table.line("3", work, r.create, r.loop.create)
	b.table.goal("3", work, "posts", float64(r.create.calls["PostInputs"]), float64(posts(b.many)), count)
	b.table.goal("3", work, "state", float64(r.create.state), 100e3, memory)
	b.table.goal("3", work, "provider memory", float64(r.create.provider.Peak), 200e6, memory)
	plan := fmt.Sprintf("plan %s inputs without changes, pacing off", thousands(b.many))
	b.table.floor("3", plan, "loop over list pages", r.loop.read, r.loop.readCalls)
	b.table.line("3", plan, r.plan, r.loop.read)
	b.table.goal("3", plan, "calls", float64(r.plan.total()), float64(pages(b.many)+pages(b.many)/10), count)
	b.table.goal("3", plan, "provider memory", float64(r.plan.provider.Peak), 200e6, memory)
	return nil
}

// Arguments of clarifai_input in row 4.
const (
	waits    = ""
	waitsNot = "  wait_for_processing = false\n"
)

func singlesConfig(n int, arguments string) string {
	return fmt.Sprintf(`
locals {
  labels  = ["truck", "van", "car", "bus"]
  cameras = ["north", "south", "gate"]
  inputs  = { for i in range(%d) : format("input-%%06d", i) => i }
}

resource "clarifai_input" "all" {
  for_each = local.inputs
  id       = each.key
  image    = { url = format("https://example.com/frames/%%06d.jpg", each.value) }
  concepts = { (local.labels[each.value %% 4]) = 1 }
  metadata = jsonencode({ camera = local.cameras[each.value %% 3], frame = each.value })
%s}
`, n, arguments)
}

// Row 4: inputs one by one, by for_each over a map.
func (b *bench) singles(ctx context.Context) error {
	service, err := b.newService(0)
	if err != nil {
		return err
	}
	defer service.Close()
	config := singlesConfig(b.instances, waits)
	n := thousands(b.instances)
	b.say("the CLI with a provider that does nothing")
	nothing, err := b.idle(service, config)
	if err != nil {
		return err
	}
	floor, floorPlan, err := applyAndPlan(ctx, nothing)
	if err != nil {
		return err
	}
	b.table.line("4", fmt.Sprintf("floor: %s clarifai_input of a provider that does nothing, create", n), floor, 0)
	b.table.line("4", "floor: the same, refresh", floorPlan, 0)
	for _, pace := range []string{paceOff, paceOn} {
		b.say("clarifai_input by for_each, pacing %s", pace)
		for _, arguments := range []string{waits, waitsNot} {
			if err := b.singlesAt(ctx, pace, arguments, floor, floorPlan); err != nil {
				return err
			}
		}
		if b.peers.restapi != "" {
			b.say("restapi_object by for_each, pacing %s", pace)
			if err := b.restapi(ctx, pace, floor, floorPlan); err != nil {
				return fmt.Errorf("peer restapi: %w", err)
			}
		}
	}
	return nil
}

func (b *bench) singlesAt(ctx context.Context, pace, arguments string, floor, floorPlan cost) error {
	service, err := b.newService(0)
	if err != nil {
		return err
	}
	defer service.Close()
	w, err := b.ours(service, pace, singlesConfig(b.instances, arguments))
	if err != nil {
		return err
	}
	create, refresh, err := applyAndPlan(ctx, w)
	if err != nil {
		return err
	}
	how := "pacing " + pace
	if arguments == waitsNot {
		how += ", without waiting for processing"
	}
	work := fmt.Sprintf("create %s clarifai_input by for_each, %s", thousands(b.instances), how)
	b.table.line("4", work, create, floor.wall)
	if pace == paceOn {
		b.table.goal("4", work, "wall against the floor", ratio(create.wall, floor.wall), 1.25, times)
		b.table.goal("4", work, "create calls", float64(create.calls["PostInputs"]), float64(b.instances)/4, count)
	}
	b.table.note("4", work, "state, and that of the floor", memory(float64(create.state))+", "+memory(float64(floor.state)))
	work = fmt.Sprintf("refresh %s clarifai_input, %s", thousands(b.instances), how)
	b.table.line("4", work, refresh, floorPlan.wall)
	b.table.goal("4", work, "calls", float64(refresh.total()), 10, count)
	return nil
}

func applyAndPlan(ctx context.Context, w *workspace) (create, refresh cost, err error) {
	if create, err = w.apply(ctx); err != nil {
		return create, refresh, err
	}
	refresh, err = w.plan(ctx)
	return create, refresh, err
}

// restapi has the generic REST provider do the work of row 4. A generic provider can
// create, read and delete an input at its address; it does not wait for processing.
func (b *bench) restapi(ctx context.Context, pace string, floor, floorPlan cost) error {
	service, err := b.newService(0)
	if err != nil {
		return err
	}
	defer service.Close()
	limit := ""
	if pace == paceOn {
		limit = fmt.Sprintf("  rate_limit = %d\n", defaultPace)
	}
	path := fmt.Sprintf("/v2/users/%s/apps/%s/inputs", user, app)
	config := fmt.Sprintf(`
provider "restapi" {
  uri                  = %q
  write_returns_object = true
  headers              = { Authorization = "Key %s" }
%s}

locals {
  labels  = ["truck", "van", "car", "bus"]
  cameras = ["north", "south", "gate"]
  inputs  = { for i in range(%d) : format("input-%%06d", i) => i }
}

resource "restapi_object" "all" {
  for_each  = local.inputs
  path      = %q
  object_id = each.key
  data = jsonencode({ inputs = [{
    id = each.key
    data = {
      image    = { url = format("https://example.com/frames/%%06d.jpg", each.value) }
      concepts = [{ id = local.labels[each.value %% 4], value = 1 }]
      metadata = { camera = local.cameras[each.value %% 3], frame = each.value }
    }
  }] })
}
`, service.URL(), secret, limit, b.instances, path)
	w, err := b.newWorkspace(service, "mastercard/restapi", config, b.peers.restapi)
	if err != nil {
		return err
	}
	create, refresh, err := applyAndPlan(ctx, w)
	if err != nil {
		return err
	}
	if found := len(service.Inputs(app)); found != b.instances {
		return fmt.Errorf("%d inputs were wanted and %d are there", b.instances, found)
	}
	b.table.line("4", fmt.Sprintf("peer: create %s restapi_object, pacing %s", thousands(b.instances), pace), create, floor.wall)
	b.table.line("4", fmt.Sprintf("peer: refresh %s restapi_object, pacing %s", thousands(b.instances), pace), refresh, floorPlan.wall)
	return nil
}

// Row 5: refresh concept relations.
func (b *bench) relations(ctx context.Context) error {
	service, err := b.newService(0)
	if err != nil {
		return err
	}
	defer service.Close()
	service.AddConcept(app, clarifai.Concept{ID: "vehicle", Name: "vehicle"})
	for i := range b.options.relations {
		id := "kind-" + strconv.Itoa(i)
		service.AddConcept(app, clarifai.Concept{ID: id, Name: id})
	}
	w, err := b.ours(service, paceOff, fmt.Sprintf(`
resource "clarifai_concept_relation" "all" {
  for_each           = { for i in range(%d) : "kind-${i}" => i }
  subject_concept_id = each.key
  predicate          = "hyponym"
  object_concept_id  = "vehicle"
}
`, b.options.relations))
	if err != nil {
		return err
	}
	create, refresh, err := applyAndPlan(ctx, w)
	if err != nil {
		return err
	}
	n := thousands(b.options.relations)
	b.table.line("5", fmt.Sprintf("create %s concept relations, pacing off", n), create, 0)
	work := fmt.Sprintf("refresh %s concept relations, pacing off", n)
	b.table.line("5", work, refresh, 0)
	b.table.goal("5", work, "calls", float64(refresh.total()), 8, count)
	return nil
}

// Row 6: wait for dataset versions.
func (b *bench) versions(ctx context.Context) error {
	few := max(1, b.options.versions/10)
	type run struct {
		n     int
		build time.Duration
		polls int
	}
	runs := []run{{n: few, build: b.build}, {n: b.options.versions, build: b.build}, {n: b.options.versions, build: 2 * b.build}}
	for i := range runs {
		r := &runs[i]
		b.say("%d versions that take %s", r.n, r.build)
		c, late, err := b.waiting(ctx, r.n, r.build)
		if err != nil {
			return err
		}
		r.polls = c.calls["ListDatasetVersions"] + c.calls["GetDatasetVersion"]
		work := fmt.Sprintf("create %d dataset versions that take %s, pacing off", r.n, r.build)
		b.table.line("6", work, c, r.build)
		b.table.goal("6", work, "latest seen after ready, of the time it took", late.Seconds()/r.build.Seconds(), 0.10, percent)
	}
	work := fmt.Sprintf("polls of %d versions against those of %d in the same time", b.options.versions, few)
	b.table.goal("6", work, "polls", float64(runs[1].polls)/float64(runs[0].polls), 2, times)
	work = fmt.Sprintf("polls of %d versions in twice the time", b.options.versions)
	b.table.goal("6", work, "polls", float64(runs[2].polls)/float64(runs[1].polls), 2, times)
	return nil
}

// waiting creates versions, all at once, and says how long after it was ready the
// last of them was seen to be.
func (b *bench) waiting(ctx context.Context, n int, build time.Duration) (cost, time.Duration, error) {
	service, err := b.newService(build)
	if err != nil {
		return cost{}, 0, err
	}
	defer service.Close()
	for _, in := range inputs(10) {
		service.AddInput(app, in)
	}
	service.AddDataset(app, clarifai.Dataset{ID: "frames"}, service.Inputs(app)...)
	seen := &sightings{build: build, late: map[string]time.Duration{}}
	service.Observe(seen.look)
	w, err := b.ours(service, paceOff, fmt.Sprintf(`
resource "clarifai_dataset_version" "all" {
  for_each   = { for i in range(%d) : "v${i}" => i }
  dataset_id = "frames"
  id         = each.key
}
`, n))
	if err != nil {
		return cost{}, 0, err
	}
	c, err := w.apply(ctx, "-parallelism="+strconv.Itoa(n))
	if err != nil {
		return c, 0, err
	}
	seen.mu.Lock()
	defer seen.mu.Unlock()
	if len(seen.late) != n {
		return c, 0, fmt.Errorf("%d of %d versions were seen ready", len(seen.late), n)
	}
	var late time.Duration
	for _, d := range seen.late {
		late = max(late, d)
	}
	return c, late, nil
}

// sightings are when versions were first seen to be ready.
type sightings struct {
	build time.Duration

	mu   sync.Mutex
	late map[string]time.Duration // by version, after it was ready
}

func (s *sightings) look(call emulator.Call) {
	var versions []clarifai.DatasetVersion
	switch call.Op {
	case "ListDatasetVersions":
		var answer clarifai.MultiDatasetVersionResponse
		if clarifai.Decode(call.Response, &answer) == nil {
			versions = answer.DatasetVersions
		}
	case "GetDatasetVersion":
		var answer clarifai.SingleDatasetVersionResponse
		if clarifai.Decode(call.Response, &answer) == nil && answer.DatasetVersion != nil {
			versions = []clarifai.DatasetVersion{*answer.DatasetVersion}
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, v := range versions {
		if _, known := s.late[v.ID]; !known && v.Status.Code.Class() == clarifai.ClassDone {
			s.late[v.ID] = time.Since(v.CreatedAt.Add(s.build))
		}
	}
}
