package configure

import (
	"context"
	"errors"
	"net/http"
	"sync"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
)

// access is the check of the token and the app that runs once for each configured provider.
type access struct {
	once sync.Once

	mu      sync.Mutex
	planned map[clarifai.AppRef]bool // apps that this run creates
}

// PlansApp records that a resource of this run creates an app, so that it is no error if it does not exist.
func (p *Provider) PlansApp(app clarifai.AppRef) {
	p.access.mu.Lock()
	defer p.access.mu.Unlock()
	if p.access.planned == nil {
		p.access.planned = map[clarifai.AppRef]bool{}
	}
	p.access.planned[app] = true
}

func (p *Provider) plansApp(app clarifai.AppRef) bool {
	p.access.mu.Lock()
	defer p.access.mu.Unlock()
	return p.access.planned[app]
}

// CheckAccess reads the app with the first call of a run, and returns an error if the token is not accepted or
// the app does not exist. All other calls do nothing, and so do errors that do not prove anything: an
// unreachable or throttling service, or a token without the scope for reading apps.
func (p *Provider) CheckAccess(ctx context.Context, app clarifai.AppRef) (err error) {
	if p.API == nil || p.SkipAccessCheck {
		return nil
	}
	p.access.once.Do(func() {
		if _, err = p.API.GetApp(ctx, app); err == nil {
			return
		}
		var response *clarifai.Error
		switch {
		case clarifai.IsNotFound(err):
			if p.plansApp(app) {
				err = nil
			}
		case !errors.As(err, &response) || response.HTTPStatus != http.StatusUnauthorized:
			err = nil
		}
	})
	return err
}
