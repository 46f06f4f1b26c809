package datasetexport

import (
	"context"
	"sync"

	"github.com/go-json-experiment/json"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/clarifai/terraform-provider-clarifai/internal/framework/claims"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/unmanaged"
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
	return setFiles(ctx, resp.Private, register.paths)
}

func ownFiles(ctx context.Context, private unmanaged.Reader) []string {
	var paths []string
	value, problems := private.GetKey(ctx, fileKey)
	if problems.HasError() || len(value) == 0 || json.Unmarshal(value, &paths) != nil {
		return nil
	}
	return paths
}

func setFiles(ctx context.Context, private unmanaged.Private, paths []string) diag.Diagnostics {
	value, err := json.Marshal(paths)
	if err != nil {
		return nil //nolint:nilerr // a list of strings can always be written
	}
	return private.SetKey(ctx, fileKey, value)
}

// isOwnFile reports whether the file at download_to, if it exists, was written by this resource or by
// one that it replaces.
func isOwnFile(ctx context.Context, private unmanaged.Reader, m *model) bool {
	for _, path := range ownFiles(ctx, private) {
		if path == m.file().ID {
			return true
		}
	}
	return false
}

// recordFile records the path of a file that was downloaded.
func recordFile(ctx context.Context, private unmanaged.Private, m *model) diag.Diagnostics {
	if m.DownloadTo.IsNull() || m.SHA256.IsNull() || m.SHA256.IsUnknown() {
		return nil
	}
	return setFiles(ctx, private, []string{m.file().ID})
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
