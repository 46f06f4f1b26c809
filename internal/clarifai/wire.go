package clarifai

// Visibility says who may see an object. Settable and patchable wherever it occurs;
// new objects are private.
type Visibility struct {
	Gettable Gettable `json:"gettable,omitzero"`
}

// Gettable is a level of [Visibility].
type Gettable int32

// Levels of visibility. Public takes effect only inside a public app of a public user.
const (
	GettableUnknown Gettable = 0 // not a value to send
	GettablePrivate Gettable = 10
	GettableOrg     Gettable = 30
	GettablePublic  Gettable = 50
)

var gettableNames = enumNames{"UNKNOWN_VISIBILITY": 0, "PRIVATE": 10, "ORG": 30, "PUBLIC": 50}

// UnmarshalJSON accepts a number or a name.
func (g *Gettable) UnmarshalJSON(b []byte) error {
	return gettableNames.unmarshal(b, "Gettable", (*int32)(g))
}

// MarshalJSON writes the number, or the name if this package does not know its number.
func (g Gettable) MarshalJSON() ([]byte, error) { return gettableNames.marshal(int32(g)) }

func (g *Gettable) enum() (enumNames, *int32) { return gettableNames, (*int32)(g) }

// String is the official name.
func (g Gettable) String() string { return gettableNames.name(int32(g)) }

// Pagination is the paging of calls that carry it in the body: pages count from 1.
type Pagination struct {
	Page    uint32 `json:"page,omitzero"`
	PerPage uint32 `json:"per_page,omitzero"`
}

// PatchAction says what a patch does with the fields it carries. Which actions a noun
// knows differs; see the method.
type PatchAction string

// Actions of patches.
const (
	ActionMerge     PatchAction = "merge"     // scalars replaced, objects merged, list items matched by id
	ActionOverwrite PatchAction = "overwrite" // the fields sent become what is sent
	ActionRemove    PatchAction = "remove"    // the ids, keys or images named are removed
)

// MetadataPatchAction tells app patches how to treat metadata. Request only.
// (The official name is PatchAction, which here is the plain action.)
type MetadataPatchAction struct {
	Op                      string `json:"op,omitzero"`                        // overwrite, delete or merge
	MergeConflictResolution string `json:"merge_conflict_resolution,omitzero"` // overwrite_by_id, append, do_nothing …
	Path                    string `json:"path,omitzero"`                      // such as tag[1].data; empty is the root
}

// IDUpdateSource names an object and the id it is to have. Request only.
type IDUpdateSource struct {
	ID    string `json:"id,omitzero"`
	NewID string `json:"new_id,omitzero"`
}

// BookmarkOrigin is the object of another app that a bookmark stands for. Output only.
type BookmarkOrigin struct {
	ID           string       `json:"id,omitzero"`
	AppID        string       `json:"app_id,omitzero"`
	UserID       string       `json:"user_id,omitzero"`
	ResourceType BookmarkType `json:"resource_type,omitzero"`
}

// BookmarkType is the kind of object behind a bookmark.
type BookmarkType int32

var bookmarkTypeNames = enumNames{"unknown": 0, "model": 1, "workflow": 2, "dataset": 3, "module": 4}

// UnmarshalJSON accepts a number or a name.
func (t *BookmarkType) UnmarshalJSON(b []byte) error {
	return bookmarkTypeNames.unmarshal(b, "BookmarkType", (*int32)(t))
}

// MarshalJSON writes the number, or the name if this package does not know its number.
func (t BookmarkType) MarshalJSON() ([]byte, error) { return bookmarkTypeNames.marshal(int32(t)) }

func (t *BookmarkType) enum() (enumNames, *int32) { return bookmarkTypeNames, (*int32)(t) }

// String is the official name.
func (t BookmarkType) String() string { return bookmarkTypeNames.name(int32(t)) }

// BaseResponse is a response without payload.
type BaseResponse struct {
	Envelope
}

// MultiStatusCodeResponse answers ListStatusCodes.
type MultiStatusCodeResponse struct {
	Envelope
	Statuses []Status `json:"statuses,omitempty"`
}

// SingleStatusCodeResponse answers GetStatusCode. Its status is the code asked for, and
// says nothing about the call.
type SingleStatusCodeResponse struct {
	Envelope
	outcome Status
}

// status keeps the transport from taking the code asked for as the call's outcome.
func (r *SingleStatusCodeResponse) status() *Status {
	r.outcome = Status{ReqID: r.Status.ReqID}
	if r.Status.Code != 0 {
		r.outcome.Code = StatusSuccess
	}
	return &r.outcome
}
