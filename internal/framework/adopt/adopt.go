// Package adopt creates each object once. A lost response, an interrupt and a
// response that cannot be decoded leave it open whether Clarifai has created the
// object; this package then reads it back and adopts it, creates it, or reports
// it as one that already exists.
package adopt

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/claims"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/configure"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/diags"
)

const (
	// ReadBackTimeout limits reading back, which an interrupt does not end.
	ReadBackTimeout = 30 * time.Second

	minPause = time.Second // before the provider creates an object that does not exist again
	maxPause = 15 * time.Second
	// Allowed difference of creation times: the clocks of the service's machines may differ,
	// and the Date header has whole seconds.
	skew = 5 * time.Minute
)

// Spec says how to create an object.
type Spec[T any] struct {
	ResourceType string // "clarifai_dataset"
	Noun         string // "dataset"
	ID           string // as messages show it
	ImportID     string // "" if it cannot be imported

	Create func(context.Context) (T, error)
	Read   func(context.Context) (T, error)
	// Equal compares an existing object with the configuration: whether it has
	// everything that Create sends.
	Equal func(T) bool
	// CreatedAt and New tell whether an equal object can be the one whose creation
	// had an unknown outcome: by its creation time, or, for nouns without one, by
	// what the caller knows. If both are nil, Equal alone tells.
	CreatedAt func(T) time.Time
	New       func(T) bool

	// Explain, if set, returns the diagnostic for an error that is not about an
	// existing object, instead of "Unable to create ...".
	Explain func(error) diag.Diagnostic
}

// CreateOnce creates the object, or returns diagnostics that say why not. An object
// that already exists is an error with its import block, unless the provider's
// adopt_identical is set and the object equals the configuration.
func CreateOnce[T any](ctx context.Context, p *configure.Provider, spec Spec[T]) (T, diag.Diagnostics) {
	object, adopted, err := TryOnce(ctx, p, spec)
	var problems diag.Diagnostics
	owner := claims.Owner{Type: spec.ResourceType, ID: spec.ImportID}
	switch {
	case clarifai.IsDuplicate(err) && spec.ImportID != "" && claims.For(p).WasCreated(owner):
		problems.Append(claims.For(p).Created(owner)...) // created by another resource of this run: nothing to import
	case clarifai.IsDuplicate(err):
		problems.Append(AlreadyExists(p, spec.ResourceType, spec.Noun, spec.ID, spec.ImportID, err))
	case err != nil && spec.Explain != nil:
		problems.Append(spec.Explain(err))
	case err != nil:
		problems.Append(diags.Error(fmt.Sprintf("Unable to create %s %q", spec.Noun, spec.ID), err))
	default:
		if adopted {
			problems.Append(Adopted(spec.Noun, spec.ID))
		}
		if spec.ImportID != "" {
			problems.Append(claims.For(p).Created(owner)...)
		}
	}
	return object, problems
}

// TryOnce is CreateOnce for callers that handle an existing object themselves. adopted
// reports an existing object that equals the configuration.
func TryOnce[T any](ctx context.Context, p *configure.Provider, spec Spec[T]) (object T, adopted bool, err error) {
	client, problems := p.Client()
	if problems.HasError() {
		return object, false, errors.New(problems[0].Detail())
	}
	clock := client.Clock()
	start := clock.Now()
	for retry := false; ; retry = true {
		object, err = spec.Create(ctx)
		duplicate := clarifai.IsDuplicate(err)
		if err == nil || !clarifai.IsOutcomeUnknown(err) && !duplicate {
			return object, false, err
		}
		if duplicate && !retry && !p.AdoptIdentical {
			return object, false, err
		}
		found, readErr := ReadBack(ctx, spec.Read)
		if clarifai.IsNotFound(readErr) && (!duplicate || retry) {
			// A list can lag, or omit an object: it is asked twice before the object is created again.
			waited := clock.Now().Sub(start)
			pause := min(maxPause, max(minPause, waited/2))
			if ctx.Err() != nil || waited+pause > p.RetryTimeout || clock.Sleep(ctx, pause) != nil {
				return object, false, err
			}
			found, readErr = ReadBack(ctx, spec.Read)
		}
		switch {
		case readErr == nil && spec.Equal(found):
			// A duplicate in response to the first request existed before it.
			ours := (!duplicate || retry) && createdSince(client, spec, found, start)
			if ours || p.AdoptIdentical {
				return found, !ours, nil
			}
			return object, false, duplicateError(err)
		case readErr == nil:
			return object, false, duplicateError(err)
		case !clarifai.IsNotFound(readErr):
			return object, false, fmt.Errorf("%w; reading back whether it was created failed too: %w", err, readErr)
		case duplicate && !retry:
			return object, false, err // the ID exists, but Read does not find the object
		}
	}
}

// ReadBack reads with a context of its own, because an interrupt during a request must not
// lose the object that the request has created.
func ReadBack[T any](ctx context.Context, read func(context.Context) (T, error)) (T, error) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), ReadBackTimeout)
	defer cancel()
	return read(ctx)
}

// createdSince reports whether an object can have been created after start.
func createdSince[T any](client *clarifai.Client, spec Spec[T], object T, start time.Time) bool {
	if spec.New != nil && !spec.New(object) {
		return false
	}
	return spec.CreatedAt == nil || CreatedSince(client, spec.CreatedAt(object), start)
}

// CreatedSince reports whether an object that the service created at createdAt
// was created after start, a time by this machine's clock. The two are compared
// by the service's clock, as its latest response said. A zero createdAt counts as
// after.
func CreatedSince(client *clarifai.Client, createdAt, start time.Time) bool {
	ahead := client.ServiceTime().Sub(client.Clock().Now())
	return createdAt.IsZero() || createdAt.After(start.Add(ahead).Add(-skew))
}

func duplicateError(cause error) error {
	if clarifai.IsDuplicate(cause) {
		return cause
	}
	return &clarifai.Error{
		Op:     "Create",
		Status: clarifai.Status{Code: clarifai.StatusDuplicateID, Description: clarifai.StatusDuplicateID.Text()},
		Err:    cause,
	}
}

// Adopted returns the warning for an existing object that adopt_identical adopted.
func Adopted(noun, id string) diag.Diagnostic {
	return diag.NewWarningDiagnostic(fmt.Sprintf("Adopted existing %s %q", noun, id),
		"It already existed and equals the configuration, and the provider's adopt_identical is set. This resource manages it from now on. "+
			"It was probably created by a run that ended before it could save its state.")
}

// imports are the import blocks for the existing objects of a run.
type imports struct {
	mu     sync.Mutex
	blocks []string
}

type importsKey struct{}

// add appends a block and returns all blocks so far.
func (i *imports) add(block string) []string {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.blocks = append(i.blocks, block)
	return append([]string(nil), i.blocks...)
}

// AlreadyExists returns the error for an object that the resource has not created.
// It shows the import blocks of all existing objects that this run has met, so
// that the last such error of a run has them all.
func AlreadyExists(p *configure.Provider, resourceType, noun, id, importID string, err error) diag.Diagnostic {
	one := diags.AlreadyExists(resourceType, noun, id, importID, err)
	if p == nil || importID == "" {
		return one
	}
	block := fmt.Sprintf("import {\n  to = %s.NAME\n  id = %q\n}", resourceType, importID)
	collected, _ := p.Cached(importsKey{}, func() any { return &imports{} }).(*imports)
	blocks := collected.add(block)
	if len(blocks) == 1 {
		return one
	}
	return diag.WithPath(path.Root("id"), diag.NewErrorDiagnostic(one.Summary(), one.Detail()+
		fmt.Sprintf("\n\nThis run has met %d existing objects so far. Their import blocks, to be completed with the names of "+
			"the resources:\n\n%s",
			len(blocks), strings.Join(blocks, "\n"))))
}
