package clarifai

import (
	_ "embed"
	"maps"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// Status is the status of a request or of one item in it. In the envelope of a response it is the outcome of the request
// and carries the request id; in an item it is the item's own processing state.
type Status struct {
	Code             StatusCode    `json:"code,omitzero"`
	Description      string        `json:"description,omitzero"`
	Details          string        `json:"details,omitzero"`
	StackTrace       []string      `json:"stack_trace,omitempty"`
	PercentCompleted uint32        `json:"percent_completed,omitzero"`
	TimeRemaining    uint32        `json:"time_remaining,omitzero"` // seconds
	ReqID            string        `json:"req_id,omitzero"`
	InternalDetails  string        `json:"internal_details,omitzero"`
	RedirectInfo     *RedirectInfo `json:"redirect_info,omitzero"`
	DeveloperNotes   string        `json:"developer_notes,omitzero"`
}

// RedirectInfo comes with [StatusMoved]: the new address of a renamed resource.
type RedirectInfo struct {
	URL           string `json:"url,omitzero"`
	ResourceType  string `json:"resource_type,omitzero"`
	OldResourceID string `json:"old_resource_id,omitzero"`
	NewResourceID string `json:"new_resource_id,omitzero"`
}

// Envelope is the part that all responses of the service share.
type Envelope struct {
	Status Status `json:"status"`
}

func (e *Envelope) status() *Status { return &e.Status }

// SetStatus stores the status of a response. The emulator calls it.
func (e *Envelope) SetStatus(s Status) { e.Status = s }

// StatusCode is a code of the service's status table.
type StatusCode int32

// Status codes that the code depends on. status_codes.tsv has the whole table with names and
// descriptions; see [StatusCode.Name].
const (
	StatusSuccess            StatusCode = 10000
	StatusMixed              StatusCode = 10010
	StatusFailure            StatusCode = 10020
	StatusTryAgain           StatusCode = 10030
	StatusNotImplemented     StatusCode = 10040
	StatusMoved              StatusCode = 10050
	StatusAccepted           StatusCode = 10070
	StatusHourlyLimit        StatusCode = 11003
	StatusThrottled          StatusCode = 11005
	StatusExceedsLimits      StatusCode = 11006
	StatusInsufficientScopes StatusCode = 11007
	StatusKeyInvalid         StatusCode = 11008
	StatusKeyNotFound        StatusCode = 11009
	StatusBadRequestFormat   StatusCode = 11100
	StatusDoesNotExist       StatusCode = 11101
	StatusInvalidRequest     StatusCode = 11102
	StatusMethodNotAllowed   StatusCode = 11103

	StatusModelDoesNotExist    StatusCode = 21200
	StatusWorkflowDoesNotExist StatusCode = 22102

	StatusModelEvaluated     StatusCode = 21300
	StatusModelEvaluating    StatusCode = 21301
	StatusModelNotEvaluated  StatusCode = 21302
	StatusModelQueuedForEval StatusCode = 21303

	StatusAnnotationSuccess StatusCode = 24150

	StatusDuplicationSuccess    StatusCode = 25200
	StatusDuplicationFailed     StatusCode = 25201
	StatusDuplicationPending    StatusCode = 25202
	StatusDuplicationInProgress StatusCode = 25203

	StatusBulkOperationSuccess    StatusCode = 25400
	StatusBulkOperationFailed     StatusCode = 25401
	StatusBulkOperationPending    StatusCode = 25402
	StatusBulkOperationInProgress StatusCode = 25403

	StatusInputDownloaded   StatusCode = 30000
	StatusInputPending      StatusCode = 30001
	StatusInputFailed       StatusCode = 30002
	StatusInputInProgress   StatusCode = 30003
	StatusInputDuplicate    StatusCode = 30100
	StatusInputUnsupported  StatusCode = 30101
	StatusInputDoesNotExist StatusCode = 30102
	StatusInputInvalidField StatusCode = 30104
	StatusInputTooLarge     StatusCode = 30105
	StatusInputInvalidURL   StatusCode = 30106
	StatusInputPatched      StatusCode = 30200

	StatusServiceUnavailable     StatusCode = 39997
	StatusInvalidArgument        StatusCode = 39999
	StatusSearchInvalid          StatusCode = 40002
	StatusConceptsInvalidRequest StatusCode = 40003
	StatusDuplicateID            StatusCode = 40010
	StatusBackendQueueFull       StatusCode = 40030
	StatusBackendBusy            StatusCode = 40031

	StatusJobQueued    StatusCode = 64000
	StatusJobRunning   StatusCode = 64001
	StatusJobCompleted StatusCode = 64002
	StatusJobFailed    StatusCode = 64003
	StatusJobCancelled StatusCode = 64004
	StatusJobError     StatusCode = 64006
	StatusJobConflict  StatusCode = 64007
	StatusJobPaused    StatusCode = 64008

	StatusDatasetVersionPending    StatusCode = 64005
	StatusDatasetVersionInProgress StatusCode = 64010
	StatusDatasetVersionReady      StatusCode = 64015
	StatusDatasetVersionFailed     StatusCode = 64020
	StatusDatasetVersionError      StatusCode = 64025
	StatusDatasetVersionConflict   StatusCode = 64030
	StatusDatasetInputSuccess      StatusCode = 64100

	StatusExportSuccess    StatusCode = 64200
	StatusExportPending    StatusCode = 64201
	StatusExportFailed     StatusCode = 64202
	StatusExportInProgress StatusCode = 64203
	StatusExportError      StatusCode = 64204

	StatusUploadInProgress StatusCode = 68000
	StatusUploadDone       StatusCode = 68001
	StatusUploadFailed     StatusCode = 68002
	StatusUploadExpired    StatusCode = 68004
	StatusUploadConflict   StatusCode = 68006

	StatusSavedSearchModifyFailed StatusCode = 43005
	StatusMaintenanceWrites       StatusCode = 39998

	StatusInternalError StatusCode = 99009
)

// formerNames are the earlier names of four codes, which older documentation uses.
var formerNames = map[string]StatusCode{
	"INPUT_DOWNLOAD_SUCCESS":     StatusInputDownloaded,
	"INPUT_DOWNLOAD_PENDING":     StatusInputPending,
	"INPUT_DOWNLOAD_FAILED":      StatusInputFailed,
	"INPUT_DOWNLOAD_IN_PROGRESS": StatusInputInProgress,
}

// UnmarshalJSON accepts the number and, as the service's documentation shows
// in some examples, the name.
func (c *StatusCode) UnmarshalJSON(b []byte) error {
	text := unquote(b)
	if n, err := strconv.ParseInt(text, 10, 32); err == nil {
		*c = StatusCode(n)
		return nil
	}
	for code, row := range statusTable() {
		if row.name == text {
			*c = code
			return nil
		}
	}
	if code, ok := formerNames[text]; ok {
		*c = code
		return nil
	}
	if text == "" || text == "null" {
		*c = 0
		return nil
	}
	*c = StatusCode(unknownNames.number(text)) // a name that is newer than the table
	return nil
}

// String returns number and name, such as "11101 CONN_DOES_NOT_EXIST".
func (c StatusCode) String() string {
	if name, ok := unknownNames.name(int32(c)); ok {
		return name
	}
	if _, ok := statusTable()[c]; !ok {
		return strconv.Itoa(int(c))
	}
	return strconv.Itoa(int(c)) + " " + c.Name()
}

// Name returns the code's name in the official table ("INPUT_DOWNLOAD_PENDING"), or
// "status 12345" for a code that is not in the table.
func (c StatusCode) Name() string {
	if row, ok := statusTable()[c]; ok {
		return row.name
	}
	if name, ok := unknownNames.name(int32(c)); ok {
		return name
	}
	return "status " + strconv.Itoa(int(c))
}

// Text returns the description that the service sends with the code or, if that
// is not known, the meaning of the code.
func (c StatusCode) Text() string {
	row := statusTable()[c]
	if row.text != "" {
		return row.text
	}
	return row.meaning
}

// HTTPStatus returns the HTTP status that usually goes with the code.
func (c StatusCode) HTTPStatus() int {
	if row, ok := statusTable()[c]; ok && row.http != 0 {
		return row.http
	}
	return 400
}

// Class says how a client should react to a code.
type Class string

// Classes of status codes.
const (
	ClassDone       Class = "terminal_success"
	ClassInProgress Class = "in_progress"
	ClassFailed     Class = "failure"
	ClassRetryable  Class = "retryable"
	ClassUnknown    Class = "" // a code newer than the table
)

// Class returns the code's class, or [ClassUnknown] if the table lacks the code.
func (c StatusCode) Class() Class { return statusTable()[c].class }

// Retryable reports whether the table classes the code as transient.
func (c StatusCode) Retryable() bool {
	return c != StatusMoved && statusTable()[c].class == ClassRetryable
}

type statusRow struct {
	name, meaning, text string
	class               Class
	http                int
}

//go:embed status_codes.tsv
var statusTSV string

// statusTable is parsed on first use, so that it does not delay the start of the provider.
var statusTable = sync.OnceValue(func() map[StatusCode]statusRow {
	table := make(map[StatusCode]statusRow, 256)
	for line := range strings.Lines(statusTSV) {
		f := strings.Split(strings.TrimRight(line, "\n"), "\t")
		code, err := strconv.Atoi(f[0])
		if err != nil || len(f) < 5 {
			continue // the heading
		}
		row := statusRow{name: f[1], meaning: f[2], class: Class(f[4])}
		if n, err := strconv.Atoi(strings.Fields(f[3] + " x")[0]); err == nil {
			row.http = n
		}
		if len(f) > 5 {
			row.text = f[5]
		}
		table[StatusCode(code)] = row
	}
	return table
})

// StatusCodes returns all codes of the table, in order.
func StatusCodes() []StatusCode {
	return slices.Sorted(maps.Keys(statusTable()))
}
