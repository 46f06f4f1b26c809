package emulator

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/emulator/apiserver"
)

func appRoutes(s *Service) []endpoint {
	return []endpoint{
		{Op: "ListApps", Method: get, Path: ofUser + "/apps", Action: read(s, listApps), Needs: aPAT, Also: []string{"/v2/apps"}},
		{Op: "PostApps", Method: post, Path: ofUser + "/apps", Action: write(s, postApps), Needs: aPAT},
		{Op: "PatchApps", Method: patch, Path: ofUser + "/apps", Action: write(s, patchApps), Needs: aPAT},
		{Op: "PatchAppsIds", Method: patch, Path: ofUser + "/apps/ids", Action: write(s, patchAppsIDs), Needs: aPAT},
		{Op: "GetApp", Method: get, Path: inApp, Action: read(s, getApp), Also: []string{"/v2/app"}},
		{Op: "PatchApp", Method: patch, Path: inApp, Action: write(s, patchApp), Needs: aPAT},
		{Op: "DeleteApp", Method: remove, Path: inApp, Action: read(s, deleteApp), Needs: aPAT},
	}
}

func (s *Service) addUser(id string, now time.Time) *user {
	if u := s.users.get(id); u != nil {
		return u
	}
	u := &user{
		info:  clarifai.User{ID: id, FirstName: id, CreatedAt: now.UTC().Truncate(time.Microsecond)},
		moved: map[string]string{},
	}
	s.users.put(id, u)
	return u
}

// addApp creates an app with the defaults of a new one.
func (s *Service) addApp(owner *user, info clarifai.App, now time.Time) *app {
	now = now.UTC().Truncate(time.Microsecond)
	info.UserID = owner.info.ID
	info.CreatedAt = cmp.Or(info.CreatedAt, now)
	info.ModifiedAt = cmp.Or(info.ModifiedAt, now)
	info.Name = cmp.Or(info.Name, info.ID)
	info.DefaultLanguage = cmp.Or(info.DefaultLanguage, "en")
	info.Visibility = visibilityOr(info.Visibility, private)
	if info.DefaultWorkflow == nil && info.DefaultWorkflowID != "" {
		info.DefaultWorkflow = &clarifai.Workflow{ID: info.DefaultWorkflowID}
	}
	info.DefaultWorkflowID = ""
	if info.Metadata == nil {
		info.Metadata = clarifai.Struct("{}")
	}
	a := &app{service: s, user: owner, info: info, urls: map[string]int{}, hosted: map[string]*file{}}
	owner.apps.put(info.ID, a)
	delete(owner.moved, info.ID)
	return a
}

var private = &clarifai.Visibility{Gettable: clarifai.GettablePrivate}

// visibilityOr returns sent, or before if sent is absent.
func visibilityOr(sent, before *clarifai.Visibility) *clarifai.Visibility {
	if sent == nil || sent.Gettable == clarifai.GettableUnknown {
		return before
	}
	return sent
}

func getApp(c *call) (*clarifai.SingleAppResponse, error) {
	info := c.app.info
	return &clarifai.SingleAppResponse{App: &info}, nil
}

func listApps(c *call) (*clarifai.MultiAppResponse, error) {
	p, err := c.Paging()
	if err != nil {
		return nil, err
	}
	if starred, err := c.Query.Flag("starred_only"); err != nil || starred {
		return &clarifai.MultiAppResponse{}, err // the emulator has no stars
	}
	templates, err := c.Query.Flag("template_only")
	if err != nil {
		return nil, err
	}
	levels, err := apiserver.Enums[clarifai.Gettable](c.Query, "visibility.gettable")
	if err != nil {
		return nil, err
	}
	id, name, words := c.Query.Text("id"), c.Query.Text("name"), cmp.Or(c.Query.Text("search"), c.Query.Text("query"))
	var found []clarifai.App
	for a := range c.user.apps.newest() {
		info := a.info
		if templates && (info.IsTemplate == nil || !*info.IsTemplate) ||
			len(levels) > 0 && !slices.Contains(levels, info.Visibility.Gettable) ||
			!strings.Contains(info.ID, id) || !strings.Contains(info.Name, name) ||
			!hasWords(words, info.ID, info.Name, info.Description, info.Notes, info.UserID) {
			continue
		}
		found = append(found, info)
	}
	err = c.sortAs(func(by sorting) {
		sortBy(found, by, func(a clarifai.App) sortKeys {
			return sortKeys{id: a.ID, name: a.Name, created: a.CreatedAt, modified: a.ModifiedAt}
		})
	})
	return &clarifai.MultiAppResponse{Apps: apiserver.PageOf(p, found)}, err
}

func postApps(c *call, in *clarifai.PostAppsRequest) (*clarifai.MultiAppResponse, error) {
	if len(in.Apps) == 0 {
		return nil, reject(clarifai.StatusInvalidRequest, "apps is empty")
	}
	seen := map[string]bool{}
	for i := range in.Apps {
		sent := &in.Apps[i]
		if sent.ID == "" {
			sent.ID = newID()
		}
		if problem := idProblem("app id", sent.ID); problem != "" {
			return nil, reject(clarifai.StatusInvalidRequest, "%s", problem)
		}
		if seen[sent.ID] || c.user.apps.has(sent.ID) {
			return nil, c.duplicate("app", sent.ID)
		}
		seen[sent.ID] = true
		var err error
		if sent.Metadata, err = normal(sent.Metadata); err != nil {
			return nil, err
		}
	}
	out := &clarifai.MultiAppResponse{}
	for _, sent := range in.Apps {
		sent.CreatedAt, sent.ModifiedAt = time.Time{}, time.Time{}
		sent.ExtraInfo, sent.StarCount, sent.IsStarred = nil, 0, false
		info := c.addApp(c.user, sent, c.now).info
		info.CreatedAt, info.ModifiedAt = c.now, c.now
		out.Apps = append(out.Apps, info)
	}
	return out, nil
}

func patchApps(c *call, in *clarifai.PatchAppsRequest) (*clarifai.MultiAppResponse, error) {
	if err := checkAction(in.Action, len(in.Apps), clarifai.ActionOverwrite, clarifai.ActionRemove); err != nil {
		return nil, err
	}
	fields := c.sentFieldsOf("apps", len(in.Apps))
	patched := make([]clarifai.App, len(in.Apps))
	for i, sent := range in.Apps {
		a := c.user.apps.get(sent.ID)
		if a == nil {
			return nil, notFound("app_id", sent.ID)
		}
		var err error
		if patched[i], err = c.patchedApp(a.info, sent, in.Action, in.MetadataAction, fields[i]); err != nil {
			return nil, err
		}
	}
	for _, info := range patched {
		c.user.apps.get(info.ID).info = info
	}
	return &clarifai.MultiAppResponse{Apps: patched}, nil
}

func patchApp(c *call, in *clarifai.PatchAppRequest) (*clarifai.SingleAppResponse, error) {
	if in.App == nil {
		return nil, reject(clarifai.StatusInvalidRequest, "app is missing")
	}
	if err := checkAction(in.Action, 1, clarifai.ActionOverwrite, clarifai.ActionRemove); err != nil {
		return nil, err
	}
	info, err := c.patchedApp(c.app.info, *in.App, in.Action, in.MetadataAction, c.sentFieldsOf("app", 1)[0])
	if err != nil {
		return nil, err
	}
	c.app.info = info
	return &clarifai.SingleAppResponse{App: &info}, nil
}

// patchedApp returns info with a patch applied. The action remove only removes the
// image, and only if its URL is given.
func (c *call) patchedApp(info, sent clarifai.App, action clarifai.PatchAction, metadata *clarifai.MetadataPatchAction,
	fields sentFields) (clarifai.App, error) {
	info.ModifiedAt = c.stamp()
	if action == clarifai.ActionRemove {
		err := removeImage(&info.Image, sent.Image)
		return info, err
	}
	change(&info.Description, sent.Description, fields, "description")
	change(&info.Notes, sent.Notes, fields, "notes")
	change(&info.Name, sent.Name, nil, "name")
	change(&info.DefaultLanguage, sent.DefaultLanguage, nil, "default_language")
	change(&info.SampleMs, sent.SampleMs, fields, "sample_ms")
	change(&info.Image, sent.Image, nil, "image")
	change(&info.DefaultWorkflow, sent.DefaultWorkflow, nil, "default_workflow")
	if sent.DefaultWorkflowID != "" && sent.DefaultWorkflow == nil {
		info.DefaultWorkflow = &clarifai.Workflow{ID: sent.DefaultWorkflowID}
	}
	change(&info.IsTemplate, sent.IsTemplate, nil, "is_template")
	info.Visibility = visibilityOr(sent.Visibility, info.Visibility)
	if sent.Metadata == nil && metadata == nil {
		return info, nil
	}
	var err error
	info.Metadata, err = patchMetadata(info.Metadata, sent.Metadata, metadata)
	return info, err
}

// removeImage removes an image if its URL is the one sent.
func removeImage(image **clarifai.Image, sent *clarifai.Image) error {
	if sent == nil || *image == nil || sent.URL != (*image).URL {
		return reject(clarifai.StatusInvalidRequest, "action remove takes away the image, and needs its present url")
	}
	*image = nil
	return nil
}

// patchAppsIDs renames an app. From then on its old ID redirects to the new one.
func patchAppsIDs(c *call, in *clarifai.PatchAppsIdsRequest) (*clarifai.MultiAppResponse, error) {
	if err := checkAction(in.Action, len(in.IDs), clarifai.ActionOverwrite); err != nil {
		return nil, err
	}
	if len(in.IDs) != 1 {
		return nil, reject(clarifai.StatusInvalidRequest, "exactly one id can be changed at a time")
	}
	from, to := in.IDs[0].ID, in.IDs[0].NewID
	a := c.user.apps.get(from)
	if a == nil {
		return nil, notFound("app_id", from)
	}
	if problem := idProblem("app id", to); problem != "" {
		return nil, reject(clarifai.StatusInvalidRequest, "%s", problem)
	}
	if c.user.apps.has(to) {
		return nil, reject(clarifai.StatusDuplicateID, "app '%s' exists already", to)
	}
	a.info.ID, a.info.ModifiedAt = to, c.stamp()
	c.user.apps.remove(from)
	c.user.apps.put(to, a)
	maps.DeleteFunc(c.user.moved, func(old, _ string) bool { return old == to })
	for old, newest := range c.user.moved {
		if newest == from {
			c.user.moved[old] = to
		}
	}
	c.user.moved[from] = to
	return &clarifai.MultiAppResponse{Apps: []clarifai.App{a.info}}, nil
}

func deleteApp(c *call) (*clarifai.BaseResponse, error) {
	id := c.app.info.ID
	c.user.apps.remove(id)
	maps.DeleteFunc(c.user.moved, func(_, to string) bool { return to == id })
	c.deleteExports()
	return &clarifai.BaseResponse{}, nil
}
