package datasetexport

import (
	"context"
	"slices"
	"sync"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/clarifai/terraform-provider-clarifai/internal/framework/claims"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/private"
)

// The provider overwrites only files that it has written. Private state has the path of the file that a
// resource has downloaded. A resource that replaces another one may overwrite that one's file: the plan
// hands the paths over.

// fileKey is where private state has the paths, as a JSON list.
const fileKey = "downloaded_files"

type fileRegister struct {
	mu    sync.Mutex
	paths []string
}

type fileRegisterKey struct{}

// planFile records the file of a resource in state, or gives a resource that is to be created the files
// of those in state.
func (r *exportResource) planFile(
	ctx context.Context, plan, state model, creating bool, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse,
) diag.Diagnostics {
	if r.Provider == nil {
		return nil
	}
	register, _ := r.Provider.Cached(fileRegisterKey{}, func() any { return &fileRegister{} }).(*fileRegister)
	register.mu.Lock()
	defer register.mu.Unlock()
	if !creating {
		register.paths = append(register.paths, ownFiles(ctx, req.Private)...)
		if !state.DownloadTo.IsNull() && !state.SHA256.IsNull() {
			register.paths = append(register.paths, state.file().ID)
		}
		return nil
	}
	if plan.DownloadTo.IsNull() || len(register.paths) == 0 {
		return nil
	}
	return private.Store(ctx, resp.Private, fileKey, register.paths)
}

func ownFiles(ctx context.Context, p private.Reader) []string {
	paths, _ := private.Load[[]string](ctx, p, fileKey)
	return paths
}

// isOwnFile reports whether the file at download_to, if it exists, was written by this resource or by
// one that it replaces.
func isOwnFile(ctx context.Context, p private.Reader, m *model) bool {
	return slices.Contains(ownFiles(ctx, p), m.file().ID)
}

// recordFile records the path of a file that was downloaded.
func recordFile(ctx context.Context, p private.Writer, m *model) diag.Diagnostics {
	if m.DownloadTo.IsNull() || m.SHA256.IsNull() || m.SHA256.IsUnknown() {
		return nil
	}
	return private.Store(ctx, p, fileKey, []string{m.file().ID})
}

// claimFile registers the path to download to.
func (r *exportResource) claimFile(m *model) diag.Diagnostics {
	if m.DownloadTo.IsNull() {
		return nil
	}
	problems := claims.For(r.Provider).Claim(m.owner(), m.file())
	if !problems.HasError() {
		problems.Append(claims.For(r.Provider).Created(claims.Owner{Type: typeName, ID: m.file().ID})...)
	}
	return problems
}
