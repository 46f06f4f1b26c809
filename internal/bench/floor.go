package main

import (
	"context"
	"encoding/json"
	"fmt"
	"sync"
	"time"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/wait"
)

// Bounds that the provider keeps unless told otherwise. The loops keep them too.
const (
	defaultPace    = 15 // requests a second
	defaultWorkers = 16
)

// processing is how long the emulator processes inputs.
const processing = 2 * time.Second

// newClient calls a service without Terraform.
func newClient(service *emulator.Server, pace string) (*clarifai.Client, error) {
	config := clarifai.Config{BaseURL: service.URL(), PAT: secret, MaxConcurrentRequests: defaultWorkers}
	if pace == paceOn {
		config.RequestsPerSecond = defaultPace
	}
	return clarifai.New(config)
}

var where = clarifai.AppRef{UserID: user, AppID: app}

// inputs are what the manifest lists, as they travel.
func inputs(n int) []clarifai.Input {
	one := clarifai.Float(1)
	all := make([]clarifai.Input, n)
	for i := range all {
		id := inputID(i)
		metadata, _ := json.Marshal(map[string]any{"camera": camera(i), "frame": i}) // it has nothing that could not be encoded
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

// loop is the least that n inputs can cost: the fewest calls that create them, by as
// many workers as the provider has, the same waiting for their processing, and then
// the fewest calls that read them.
type loop struct {
	create, read           time.Duration
	createCalls, readCalls map[string]int
}

func (b *bench) loop(ctx context.Context, n int, pace string) (*loop, error) {
	service, err := b.newService(processing)
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
	found := 0
	for _, err := range client.AllInputs(ctx, where, clarifai.ListInputsQuery{Page: clarifai.Page{PerPage: clarifai.MaxPerPage}}) {
		if err != nil {
			return nil, err
		}
		found++
	}
	if found != n {
		return nil, fmt.Errorf("the loop created %d inputs and found %d", n, found)
	}
	l.read, l.readCalls = time.Since(start), service.Counts()
	return &l, nil
}

// post creates inputs in full calls, by several workers.
func post(ctx context.Context, client *clarifai.Client, all []clarifai.Input) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	chunks := make(chan []clarifai.Input)
	var workers sync.WaitGroup
	for range defaultWorkers {
		workers.Go(func() {
			for chunk := range chunks {
				for _, item := range client.CreateInputs(ctx, where, chunk) {
					if item.Err != nil {
						cancel(item.Err)
					}
				}
			}
		})
	}
	for len(all) > 0 && ctx.Err() == nil {
		n := min(len(all), clarifai.MaxItemsPerCall)
		chunks <- all[:n]
		all = all[n:]
	}
	close(chunks)
	workers.Wait()
	return context.Cause(ctx)
}

// processed waits, as patiently as the provider does, until no input is in progress.
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
