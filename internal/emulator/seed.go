package emulator

import (
	"io"

	"github.com/go-json-experiment/json"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
)

// A Document is what a service holds, as a seed file gives it and as
// GET /__emulator/state shows it. Keys are those of the API; ids are chosen
// freely, times and other outputs may be left out.
type Document struct {
	Apps []SeedApp `json:"apps"`
}

// SeedApp is an app and what is in it. user_id may name its owner; without it
// the app belongs to the user the service was started with.
type SeedApp struct {
	clarifai.App
}

// Load adds what a document describes.
func (s *Service) Load(r io.Reader) error {
	var document Document
	if err := json.UnmarshalRead(r, &document, strict); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.clock.Now().UTC()
	for _, seed := range document.Apps {
		owner := s.users.get(s.options.User)
		if seed.UserID != "" {
			owner = s.addUser(seed.UserID, now)
		}
		s.addApp(owner, seed.App, now)
	}
	return nil
}

// Snapshot shows what the service holds.
func (s *Service) Snapshot() Document {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.settle(s.clock.Now())
	var document Document
	for u := range s.users.oldest() {
		for a := range u.apps.oldest() {
			document.Apps = append(document.Apps, SeedApp{App: a.info})
		}
	}
	return document
}
