package emulator

import "github.com/clarifai/terraform-provider-clarifai/internal/clarifai"

// Codes that the service sends and that no client treats specially.
const (
	statusAnnotationInvalid        clarifai.StatusCode = 24155
	statusAnnotationAwaitingReview clarifai.StatusCode = 24157
	statusBulkOperationInvalid     clarifai.StatusCode = 25404
	statusBulkOperationCancelled   clarifai.StatusCode = 25405
	statusMetadataPatchInvalid     clarifai.StatusCode = 24900
	statusMessageTooLarge          clarifai.StatusCode = 40033
	statusSearchCountsUnavailable  clarifai.StatusCode = 43006
	statusModelTrained             clarifai.StatusCode = 21100
	statusEvaluationNeedsLabels    clarifai.StatusCode = 21315
	statusEvaluationNeedsInputs    clarifai.StatusCode = 21316
	statusEvaluationFailed         clarifai.StatusCode = 21317
	statusDuplicationInvalid       clarifai.StatusCode = 25204
	statusListObjectsFailed        clarifai.StatusCode = 66000
	statusArchiveFailed            clarifai.StatusCode = 67000
	statusUploadCancelled          clarifai.StatusCode = 68005
	statusInputConnectionFailed    clarifai.StatusCode = 39996
)
