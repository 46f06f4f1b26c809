package concept

import (
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
)

// The response to a PATCH has another creation time, and may have a normalized name. The plan promised
// the values in state, so these stay.
func TestSetUnknown(t *testing.T) {
	t.Parallel()
	m := model{
		ID: types.StringValue("truck"), Name: types.StringValue("Lorry"), Visibility: types.StringUnknown(),
		Language: types.StringValue("en"), CreatedAt: types.StringValue("2022-02-03T12:17:06.775078Z"),
	}
	m.setUnknown(&clarifai.Concept{
		ID: "truck", Name: "lorry", Language: "de", Visibility: &clarifai.Visibility{Gettable: clarifai.GettableOrg},
		CreatedAt: time.Date(2022, 2, 3, 14, 10, 14, 497920914, time.UTC),
	})
	if m.Name.ValueString() != "Lorry" || m.Language.ValueString() != "en" || m.CreatedAt.ValueString() != "2022-02-03T12:17:06.775078Z" {
		t.Errorf("known values changed: %+v", m)
	}
	if m.Visibility.ValueString() != "ORG" {
		t.Errorf("visibility %s, want ORG", m.Visibility)
	}
}

func TestBelongsTo(t *testing.T) {
	t.Parallel()
	app := clarifai.AppRef{UserID: "acme", AppID: "fleet"}
	for _, test := range []struct {
		app  clarifai.AppRef
		hit  clarifai.Concept
		want bool
	}{
		{app, clarifai.Concept{ID: "a"}, true},
		{app, clarifai.Concept{ID: "a", UserID: "acme", AppID: "fleet"}, true},
		{app, clarifai.Concept{ID: "a", UserID: "clarifai", AppID: "main"}, false},
		{app, clarifai.Concept{ID: "a", UserID: "other", AppID: "fleet"}, false},
		{clarifai.AppRef{UserID: "me", AppID: "fleet"}, clarifai.Concept{ID: "a", UserID: "acme", AppID: "fleet"}, true},
	} {
		if got := belongsTo(test.app, test.hit); got != test.want {
			t.Errorf("%+v in %+v: %t, want %t", test.hit, test.app, got, test.want)
		}
	}
}
