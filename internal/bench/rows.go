package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
)

// bulkRun identifies a run of one clarifai_inputs.
type bulkRun struct {
	n    int
	pace string
}

type bulkResult struct {
	create, plan cost
	loop         *loop
}

const bulkConfig = `
resource "clarifai_inputs" "all" {
  id       = "bench"
  manifest = "${path.module}/inputs.jsonl"
}
`

// inBulk creates inputs from a manifest and plans again, once for all rows that use it.
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
	service, err := b.newService(b.processing)
	if err != nil {
		return nil, err
	}
	defer service.Close()
	w, err := b.manifest(service, pace, n)
	if err != nil {
		return nil, err
	}
	if r.create, err = w.apply(ctx); err != nil {
		return nil, err
	}
	if r.plan, err = w.plan(ctx); err != nil {
		return nil, err
	}
	if found := len(service.Inputs(app)); found != n {
		return nil, fmt.Errorf("the configuration has %d inputs and the app %d", n, found)
	}
	b.bulk[key] = r
	return r, nil
}

// idleApply returns the cost of the CLI that applies a configuration with the provider that does nothing.
func (b *bench) idleApply(ctx context.Context, config string) (cost, error) {
	service, err := b.newService(0)
	if err != nil {
		return cost{}, err
	}
	defer service.Close()
	w, err := b.idle(service, config)
	if err != nil {
		return cost{}, err
	}
	return w.apply(ctx)
}

// writeManifest writes n rows. The first one has a label of its own.
func writeManifest(path string, n int, first string) error {
	file, err := os.Create(path)
	if err != nil {
		return err
	}
	w := bufio.NewWriter(file)
	rows := json.NewEncoder(w)
	for i := range n {
		name := label(i)
		if i == 0 {
			name = first
		}
		row := map[string]any{
			"id": inputID(i), "url": inputURL(i),
			"concepts": map[string]any{name: 1},
			"metadata": map[string]any{"camera": camera(i), "frame": i},
		}
		if err := rows.Encode(row); err != nil {
			return errors.Join(err, file.Close())
		}
	}
	return errors.Join(w.Flush(), file.Close())
}

// posts returns the fewest requests that create n inputs or annotations.
func posts(n int) int { return (n + clarifai.MaxItemsPerCall - 1) / clarifai.MaxItemsPerCall }

// pages returns the fewest requests that list n inputs or annotations.
func pages(n int) int { return (n + clarifai.MaxPerPage - 1) / clarifai.MaxPerPage }

// bulkCreate is row 1: create inputs with one clarifai_inputs.
func (b *bench) bulkCreate(ctx context.Context) error {
	terraform, err := b.idleApply(ctx, bulkConfig)
	if err != nil {
		return err
	}
	for _, pace := range []string{paceOff, paceOn} {
		r, err := b.inBulk(ctx, b.inputs, pace)
		if err != nil {
			return err
		}
		work := fmt.Sprintf("create %s inputs, one clarifai_inputs, pacing %s", thousands(b.inputs), pace)
		b.table.floor("1", work, fmt.Sprintf("loop of %d workers", defaultWorkers), r.loop.create, r.loop.createCalls)
		b.table.line("1", work, r.create, r.loop.create)
		b.table.goal("1", work, "posts", float64(r.create.calls["PostInputs"]), float64(posts(b.inputs)), count)
		if pace == paceOff {
			b.table.goal("1", work, "wall against the loop", ratio(r.create.wall, r.loop.create), 1.2, times)
		} else {
			b.table.goal("1", work, "wall beyond the loop", (r.create.wall - r.loop.create).Seconds(), 0.7, seconds)
		}
		b.table.note("1", work, "first request to last against the loop", times(ratio(r.create.working, r.loop.create)))
		b.table.note("1", work, "wall against the loop plus the CLI with an idle provider",
			times(ratio(r.create.wall, r.loop.create+terraform.wall)))
	}
	return nil
}

// bulkPlan is row 2: a plan without changes of the inputs of row 1.
func (b *bench) bulkPlan(ctx context.Context) error {
	for _, pace := range []string{paceOff, paceOn} {
		r, err := b.inBulk(ctx, b.inputs, pace)
		if err != nil {
			return err
		}
		work := fmt.Sprintf("plan %s inputs without changes, pacing %s", thousands(b.inputs), pace)
		b.table.floor("2", work, "list pages in parallel", r.loop.read, r.loop.readCalls)
		b.table.line("2", work, r.plan, r.loop.read)
		b.table.goal("2", work, "requests", float64(r.plan.total()), float64(pages(b.inputs)+1), count)
		b.table.goal("2", work, "provider CPU", r.plan.provider.CPU.Seconds(), 0.4, seconds)
	}
	return nil
}

// bulkMany is row 3: very many inputs from a manifest.
func (b *bench) bulkMany(ctx context.Context) error {
	r, err := b.inBulk(ctx, b.many, paceOff)
	if err != nil {
		return err
	}
	work := fmt.Sprintf("create %s inputs, one clarifai_inputs, pacing off", thousands(b.many))
	b.table.floor("3", work, fmt.Sprintf("loop of %d workers", defaultWorkers), r.loop.create, r.loop.createCalls)
	b.table.line("3", work, r.create, r.loop.create)
	b.table.goal("3", work, "posts", float64(r.create.calls["PostInputs"]), float64(posts(b.many)), count)
	b.table.goal("3", work, "state", float64(r.create.state), 12e3, memory)
	b.table.goal("3", work, "provider memory", float64(r.create.provider.Peak), 150e6, memory)
	plan := fmt.Sprintf("plan %s inputs without changes, pacing off", thousands(b.many))
	b.table.floor("3", plan, "list pages in parallel", r.loop.read, r.loop.readCalls)
	b.table.line("3", plan, r.plan, r.loop.read)
	b.table.goal("3", plan, "requests", float64(r.plan.total()), float64(pages(b.many)+pages(b.many)/10), count)
	b.table.goal("3", plan, "wall", r.plan.wall.Seconds(), 2.2*float64(b.many)/100_000+1, seconds)
	b.table.goal("3", plan, "provider memory", float64(r.plan.provider.Peak), 150e6, memory)
	return b.slowPlan(ctx, b.many)
}

// slowLatency is nearer to a page of 1,000 inputs of the real service than the emulator's.
const slowLatency = 300 * time.Millisecond

// slowPlan plans inputs without changes on a slow service, with the default pacing.
func (b *bench) slowPlan(ctx context.Context, n int) error {
	service, err := newServiceWith(slowLatency, 0)
	if err != nil {
		return err
	}
	defer service.Close()
	w, err := b.manifest(service, paceOn, n)
	if err != nil {
		return err
	}
	if _, err := w.apply(ctx); err != nil {
		return err
	}
	plan, err := w.plan(ctx)
	if err != nil {
		return err
	}
	work := fmt.Sprintf("plan %s inputs without changes, %s per request, pacing %s", thousands(n), slowLatency, paceOn)
	b.table.line("3", work, plan, 0)
	// Pages are requested at 15 per second.
	b.table.goal("3", work, "wall", plan.wall.Seconds(), float64(pages(n))/defaultPace+1.3, seconds)
	return nil
}

// manifest returns a workspace with one clarifai_inputs and a manifest of n inputs.
func (b *bench) manifest(service *emulator.Server, pace string, n int) (*workspace, error) {
	w, err := b.ours(service, pace, bulkConfig)
	if err != nil {
		return nil, err
	}
	return w, writeManifest(filepath.Join(w.dir, "inputs.jsonl"), n, label(0))
}

// oneChange is row 8: one label changed in very many inputs.
func (b *bench) oneChange(ctx context.Context) error {
	service, err := b.newService(0)
	if err != nil {
		return err
	}
	defer service.Close()
	w, err := b.manifest(service, paceOn, b.many)
	if err != nil {
		return err
	}
	if _, err := w.apply(ctx); err != nil {
		return err
	}
	if err := writeManifest(filepath.Join(w.dir, "inputs.jsonl"), b.many, "changed"); err != nil {
		return err
	}
	change, err := w.apply(ctx)
	if err != nil {
		return err
	}
	work := fmt.Sprintf("one label changed in %s inputs, pacing %s", thousands(b.many), paceOn)
	b.table.line("8", work, change, 0)
	b.table.goal("8", work, "requests", float64(change.total()), float64(pages(b.many)+10), count)
	return nil
}

// aMillion is row million: memory of a million inputs. The emulator needs 4 GB for it.
func (b *bench) aMillion(ctx context.Context) error {
	service, err := newServiceWith(0, 0)
	if err != nil {
		return err
	}
	defer service.Close()
	w, err := b.manifest(service, paceOff, b.million)
	if err != nil {
		return err
	}
	create, plan, err := applyAndPlan(ctx, w)
	if err != nil {
		return err
	}
	work := fmt.Sprintf("create %s inputs without latency, pacing off", thousands(b.million))
	b.table.line("million", work, create, 0)
	b.table.goal("million", work, "provider memory", float64(create.provider.Peak), 950e6, memory)
	work = fmt.Sprintf("plan %s inputs without changes", thousands(b.million))
	b.table.line("million", work, plan, 0)
	b.table.goal("million", work, "provider memory", float64(plan.provider.Peak), 950e6, memory)
	return nil
}

// Arguments of clarifai_input in row 4.
const (
	byDefault = ""
	waits     = "  wait_for_processing = true\n"
	waitsNot  = "  wait_for_processing = false\n"
)

func singlesConfig(n int, arguments string) string {
	return fmt.Sprintf(`
locals {
  labels  = ["truck", "van", "car", "bus"]
  cameras = ["north", "south", "gate"]
  inputs  = { for i in range(%d) : format("input-%%06d", i) => i }
}

resource "clarifai_dataset" "all" {
  id = "all"
}

resource "clarifai_input" "all" {
  for_each    = local.inputs
  id          = each.key
  image       = { url = format("https://example.com/frames/%%06d.jpg", each.value) }
  concepts    = { (local.labels[each.value %% 4]) = 1 }
  metadata    = jsonencode({ camera = local.cameras[each.value %% 3], frame = each.value })
  dataset_ids = [clarifai_dataset.all.id]
%s}

resource "clarifai_dataset_version" "all" {
  dataset_id = clarifai_dataset.all.id
  id         = "v1"
  depends_on = [clarifai_input.all]
}
`, n, arguments)
}

// singles is row 4: inputs one by one, by for_each over a map, and a version of them. The emulator takes as long to
// process inputs as in the other rows.
func (b *bench) singles(ctx context.Context) error {
	service, err := b.newService(b.processing)
	if err != nil {
		return err
	}
	defer service.Close()
	config := singlesConfig(b.instances, byDefault)
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
	b.table.line("4", fmt.Sprintf("floor: create %s clarifai_input and a version with a provider that does nothing", n), floor, 0)
	b.table.line("4", "floor: refresh of the same", floorPlan, 0)
	for i, pace := range []string{paceOff, paceOn} {
		b.say("clarifai_input by for_each, pacing %s", pace)
		for j, arguments := range []string{byDefault, waits, waitsNot} {
			if b.fewer && (i+j)%2 == 0 {
				continue
			}
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
	service, err := b.newService(b.processing)
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
	switch arguments {
	case waits:
		how += ", each waits for processing"
	case waitsNot:
		how += ", none waits for processing"
	}
	work := fmt.Sprintf("create %s clarifai_input by for_each and a version, %s", thousands(b.instances), how)
	b.table.line("4", work, create, floor.wall)
	if pace == paceOn && arguments == byDefault {
		b.table.goal("4", work, "wall against the floor", ratio(create.wall, floor.wall), 1.25, times)
		b.table.goal("4", work, "create requests", float64(create.calls["PostInputs"]), float64(b.instances)/4, count)
	}
	b.table.note("4", work, "state, and the floor's", memory(float64(create.state))+", "+memory(float64(floor.state)))
	work = fmt.Sprintf("refresh %s clarifai_input, %s", thousands(b.instances), how)
	b.table.line("4", work, refresh, floorPlan.wall)
	b.table.goal("4", work, "requests", float64(refresh.total()), 10, count)
	return nil
}

func applyAndPlan(ctx context.Context, w *workspace) (create, refresh cost, err error) {
	if create, err = w.apply(ctx); err != nil {
		return create, refresh, err
	}
	refresh, err = w.plan(ctx)
	return create, refresh, err
}

// restapi does the work of row 4 with the generic REST provider (v3), which can create, read and delete an
// input at its address. It does not wait for processing, and creates no version.
func (b *bench) restapi(ctx context.Context, pace string, floor, floorPlan cost) error {
	service, err := b.newService(b.processing)
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

  # Otherwise what the service adds to an input is a change in every plan.
  ignore_all_server_changes = true

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
		return fmt.Errorf("the configuration has %d inputs and the app %d", b.instances, found)
	}
	b.table.line("4", fmt.Sprintf("peer: create %s restapi_object, pacing %s", thousands(b.instances), pace), create, floor.wall)
	b.table.line("4", fmt.Sprintf("peer: refresh %s restapi_object, pacing %s", thousands(b.instances), pace), refresh, floorPlan.wall)
	return nil
}

// relations is row 5: create and refresh concept relations.
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
	w, err := b.ours(service, paceOn, fmt.Sprintf(`
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
	work := fmt.Sprintf("create %s concept relations of one parent, pacing %s", n, paceOn)
	b.table.line("5", work, create, 0)
	b.table.goal("5", work, "posts", float64(create.calls["PostConceptRelations"]), float64(b.options.relations)/4, count)
	b.table.goal("5", work, "wall", create.wall.Seconds(), 20*float64(b.options.relations)/1000+1, seconds)
	work = fmt.Sprintf("refresh %s concept relations", n)
	b.table.line("5", work, refresh, 0)
	b.table.goal("5", work, "requests", float64(refresh.total()), 2, count)
	return nil
}

// versions is row 6: wait for dataset versions.
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
		b.table.goal("6", work, "delay until the last one is seen ready, of the build time", late.Seconds()/r.build.Seconds(), 0.10, percent)
	}
	work := fmt.Sprintf("polls of %d versions against %d in the same time", b.options.versions, few)
	b.table.goal("6", work, "polls", float64(runs[1].polls)/float64(runs[0].polls), 2, times)
	work = fmt.Sprintf("polls of %d versions in twice the time", b.options.versions)
	b.table.goal("6", work, "polls", float64(runs[2].polls)/float64(runs[1].polls), 2, times)
	return nil
}

// waiting creates versions, all at once, and returns the longest time between a version being ready and the
// provider reading so.
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
		return c, 0, fmt.Errorf("the provider has read %d of %d versions as ready", len(seen.late), n)
	}
	var late time.Duration
	for _, d := range seen.late {
		late = max(late, d)
	}
	return c, late, nil
}

// sightings records when versions were first read as ready.
type sightings struct {
	build time.Duration

	mu   sync.Mutex
	late map[string]time.Duration // by version, the time since it was ready
}

func (s *sightings) look(call emulator.Call) {
	var versions []clarifai.DatasetVersion
	switch call.Op {
	case "ListDatasetVersions":
		var response clarifai.MultiDatasetVersionResponse
		if clarifai.Decode(call.Response, &response) == nil {
			versions = response.DatasetVersions
		}
	case "GetDatasetVersion":
		var response clarifai.SingleDatasetVersionResponse
		if clarifai.Decode(call.Response, &response) == nil && response.DatasetVersion != nil {
			versions = []clarifai.DatasetVersion{*response.DatasetVersion}
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

// small is row 7: a plan of one object against a plan of one object of hashicorp/random.
func (b *bench) small(ctx context.Context) error {
	service, err := b.newService(0)
	if err != nil {
		return err
	}
	defer service.Close()
	w, err := b.ours(service, paceOn, "resource \"clarifai_dataset\" \"one\" {\n  id = \"one\"\n}\n")
	if err != nil {
		return err
	}
	own, err := b.medianPlan(ctx, w)
	if err != nil {
		return err
	}
	const work = "plan of one clarifai_dataset"
	b.table.goal("7", work, "requests", float64(own.total()), 1, count)
	if b.peers.random == "" {
		b.table.line("7", work, own, 0)
		return nil
	}
	w, err = b.newWorkspace(service, "hashicorp/random", "resource \"random_id\" \"one\" {\n  byte_length = 8\n}\n", b.peers.random)
	if err != nil {
		return err
	}
	random, err := b.medianPlan(ctx, w)
	if err != nil {
		return fmt.Errorf("peer random: %w", err)
	}
	b.table.line("7", "peer: plan of one random_id", random, 0)
	b.table.line("7", work, own, random.wall)
	b.table.goal("7", work, "wall against random_id", ratio(own.wall, random.wall), 1.2, times)
	b.table.note("7", work, "memory against random_id", times(float64(own.provider.Peak)/float64(random.provider.Peak)))
	return nil
}

// medianPlan applies, plans several times, and returns the plan with the median time.
func (b *bench) medianPlan(ctx context.Context, w *workspace) (cost, error) {
	if _, err := w.apply(ctx); err != nil {
		return cost{}, err
	}
	plans := make([]cost, 0, b.options.starts)
	for range b.options.starts {
		c, err := w.plan(ctx)
		if err != nil {
			return c, err
		}
		plans = append(plans, c)
	}
	slices.SortFunc(plans, func(a, b cost) int { return int(a.wall - b.wall) })
	return plans[len(plans)/2], nil
}
