package clarifai

// Visibility says who may see an object. It is settable and patchable in all objects that have it;
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

// Pagination is the paging of requests that carry it in the body: pages count from 1.
type Pagination struct {
	Page    uint32 `json:"page,omitzero"`
	PerPage uint32 `json:"per_page,omitzero"`
}

// PatchAction says how a patch applies the fields it carries. Each noun accepts
// some of the actions; see its Patch method.
type PatchAction string

// Actions of patches.
const (
	ActionMerge     PatchAction = "merge"     // scalars replaced, objects merged, list items matched by id
	ActionOverwrite PatchAction = "overwrite" // the fields sent are replaced by the values sent
	ActionRemove    PatchAction = "remove"    // the IDs, keys or images named are removed
)

// MetadataPatchAction says how app patches apply metadata. Request only.
// (Its official name is PatchAction, which is the name of the plain action here.)
type MetadataPatchAction struct {
	Op                      string `json:"op,omitzero"`                        // overwrite, delete or merge
	MergeConflictResolution string `json:"merge_conflict_resolution,omitzero"` // overwrite_by_id, append, do_nothing …
	Path                    string `json:"path,omitzero"`                      // such as tag[1].data; empty is the root
}

// IDUpdateSource names an object and its new ID. Request only.
type IDUpdateSource struct {
	ID    string `json:"id,omitzero"`
	NewID string `json:"new_id,omitzero"`
}

// BookmarkOrigin is the object of another app that a bookmark refers to. Output only.
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

// BaseResponse is a response that only has a status.
type BaseResponse struct {
	Envelope
}

// MultiStatusCodeResponse is the response of ListStatusCodes.
type MultiStatusCodeResponse struct {
	Envelope
	Statuses []Status `json:"statuses,omitempty"`
}

// SingleStatusCodeResponse is the response of GetStatusCode. Its status is the requested code and
// says nothing about the request.
type SingleStatusCodeResponse struct {
	Envelope
	outcome Status
}

// status prevents that the transport takes the requested code for the outcome of the request.
func (r *SingleStatusCodeResponse) status() *Status {
	r.outcome = Status{ReqID: r.Status.ReqID}
	if r.Status.Code != 0 {
		r.outcome.Code = StatusSuccess
	}
	return &r.outcome
}
