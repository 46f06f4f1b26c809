package main

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/wait"
)

// Default limits of the provider, which the loops also keep.
const (
	defaultPace    = 15 // requests a second
	defaultWorkers = 16
)

// newClient returns a client of a service, without Terraform.
func newClient(service *emulator.Server, pace string) (*clarifai.Client, error) {
	config := clarifai.Config{BaseURL: service.URL(), PAT: secret, MaxConcurrentRequests: defaultWorkers}
	if pace == paceOn {
		config.RequestsPerSecond = defaultPace
	}
	return clarifai.New(config)
}

var where = clarifai.AppRef{UserID: user, AppID: app}

// inputs are the inputs of the manifest in the API's format.
func inputs(n int) []clarifai.Input {
	one := clarifai.Float(1)
	all := make([]clarifai.Input, n)
	for i := range all {
		id := inputID(i)
		metadata, _ := json.Marshal(map[string]any{"camera": camera(i), "frame": i}) // it always encodes
		all[i] = clarifai.Input{ID: id, Data: &clarifai.Data{
			Image:    &clarifai.Image{URL: inputURL(i)},
			Concepts: []clarifai.Concept{{ID: label(i), Value: &one}},
			Metadata: metadata,
		}}
	}
	return all
}

func inputID(i int) string  { return fmt.Sprintf("input-%06d", i) }
func inputURL(i int) string { return fmt.Sprintf("https://example.com/frames/%06d.jpg", i) }
func label(i int) string    { return []string{"truck", "van", "car", "bus"}[i%4] }
func camera(i int) string   { return []string{"north", "south", "gate"}[i%3] }

// loop is the lowest possible cost of n inputs: the fewest requests that create them, by as many workers as
// the provider has, the same wait for their processing, and then the fewest requests that read them, in parallel.
type loop struct {
	create, read           time.Duration
	createCalls, readCalls map[string]int
}

func (b *bench) loop(ctx context.Context, n int, pace string) (*loop, error) {
	service, err := b.newService(b.processing)
	if err != nil {
		return nil, err
	}
	defer service.Close()
	client, err := newClient(service, pace)
	if err != nil {
		return nil, err
	}
	all := inputs(n)
	var l loop
	start := time.Now()
	if err := post(ctx, client, all); err != nil {
		return nil, err
	}
	if err := processed(ctx, client); err != nil {
		return nil, err
	}
	l.create, l.createCalls = time.Since(start), service.Counts()

	service.ResetCalls()
	start = time.Now()
	found, err := list(ctx, client, n)
	if err != nil {
		return nil, err
	}
	if found != n {
		return nil, fmt.Errorf("the loop created %d inputs and found %d", n, found)
	}
	l.read, l.readCalls = time.Since(start), service.Counts()
	return &l, nil
}

// list reads the pages of n inputs by several workers and returns how many inputs they have.
func list(ctx context.Context, client *clarifai.Client, n int) (int, error) {
	return listPages(ctx, n, func(ctx context.Context, page clarifai.Page) (int, error) {
		inputs, err := client.ListInputs(ctx, where, clarifai.ListInputsQuery{Page: page})
		return len(inputs), err
	})
}

// listAnnotations is list for n annotations of any inputs.
func listAnnotations(ctx context.Context, client *clarifai.Client, n int) (int, error) {
	return listPages(ctx, n, func(ctx context.Context, page clarifai.Page) (int, error) {
		annotations, err := client.ListAnnotations(ctx, where, clarifai.ListAnnotationsQuery{Page: page})
		return len(annotations), err
	})
}

// listPages reads the pages of n items by several workers and returns the sum of what read returns.
func listPages(ctx context.Context, n int, read func(context.Context, clarifai.Page) (int, error)) (int, error) {
	var total atomic.Int64
	err := inParallel(ctx, pages(n), func(ctx context.Context, i int) error {
		found, err := read(ctx, clarifai.Page{Page: uint32(i + 1), PerPage: clarifai.MaxPerPage})
		total.Add(int64(found))
		return err
	})
	return int(total.Load()), err
}

// post creates inputs in full requests, by several workers.
func post(ctx context.Context, client *clarifai.Client, all []clarifai.Input) error {
	chunks := slices.Collect(slices.Chunk(all, clarifai.MaxItemsPerCall))
	return inParallel(ctx, len(chunks), func(ctx context.Context, i int) error {
		for _, item := range client.CreateInputs(ctx, where, chunks[i]) {
			if item.Err != nil {
				return item.Err
			}
		}
		return nil
	})
}

// annotate creates annotations in full requests, by several workers.
func annotate(ctx context.Context, client *clarifai.Client, all []clarifai.Annotation) error {
	chunks := slices.Collect(slices.Chunk(all, clarifai.MaxItemsPerCall))
	return inParallel(ctx, len(chunks), func(ctx context.Context, i int) error {
		_, err := client.PostAnnotations(ctx, where, chunks[i])
		return err
	})
}

// inParallel calls f with 0 to n-1 by several workers. After an error it starts no further calls.
func inParallel(ctx context.Context, n int, f func(ctx context.Context, i int) error) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	numbers := make(chan int)
	var workers sync.WaitGroup
	for range defaultWorkers {
		workers.Go(func() {
			for i := range numbers {
				if err := f(ctx, i); err != nil {
					cancel(err)
				}
			}
		})
	}
	for i := 0; i < n && ctx.Err() == nil; i++ {
		numbers <- i
	}
	close(numbers)
	workers.Wait()
	return context.Cause(ctx)
}

// processed waits until no input is in progress, with the pauses of the provider.
func processed(ctx context.Context, client *clarifai.Client) error {
	start := time.Now()
	for {
		count, err := client.GetInputCount(ctx, where)
		if err != nil {
			return err
		}
		if count.ToProcess+count.Processing == 0 {
			return nil
		}
		if err := client.Clock().Sleep(ctx, wait.Pause(time.Since(start))); err != nil {
			return err
		}
	}
}
