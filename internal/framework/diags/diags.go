// Package diags turns errors into diagnostics for people: what failed, on which object,
// what the service said, and what to do.
package diags

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/wait"
)

// Error returns the diagnostic for err. The summary names the action and the object:
// `Unable to create dataset "trucks"`.
func Error(summary string, err error) diag.Diagnostic {
	return diag.NewErrorDiagnostic(summary, Detail(err))
}

// AttributeError is Error for an error that one attribute causes.
func AttributeError(at path.Path, summary string, err error) diag.Diagnostic {
	return diag.NewAttributeErrorDiagnostic(at, summary, Detail(err))
}

// Detail returns the text below the summary: what the service said, and what to do.
func Detail(err error) string {
	var parts []string
	add := func(format string, args ...any) { parts = append(parts, fmt.Sprintf(format, args...)) }

	var e *clarifai.Error
	var failed *wait.FailedError
	var interrupted *wait.InterruptedError
	switch {
	case errors.As(err, &interrupted):
		add("%s.", upperFirst(interrupted.Error()))
	case errors.As(err, &failed):
		add("%s.", upperFirst(failed.Error()))
	case errors.As(err, &e) && e.Status.Code != 0:
		add("The service answered %s with %q (status %d %s%s).", e.Op, e.Summary(), e.Status.Code, e.Status.Code.Name(), httpNote(e))
		if hint := hintFor(e); hint != "" {
			add("%s", hint)
		}
	case errors.Is(err, context.Canceled):
		add("Interrupted: %v.", err)
	case errors.As(err, &e):
		add("%s.", upperFirst(err.Error()))
		if hint := hintFor(e); hint != "" {
			add("%s", hint)
		}
	default:
		add("%s.", upperFirst(strings.TrimSuffix(err.Error(), ".")))
	}
	if e != nil {
		switch {
		case !e.OutcomeUnknown, clarifai.IsDuplicate(e): // the duplicate can be this run's own: it has been read back
		case e.Status.Code != 0:
			add("The service may have done the work nevertheless.")
		default:
			add("The request had been sent before the connection failed, so the service may have done the work nevertheless.")
		}
		if e.Attempts > 1 && e.Status.Code != 0 {
			add("It was tried %d times in %s.", e.Attempts, e.Waited.Round(1e8))
		}
		if e.Status.ReqID != "" {
			add("Request id: %s.", e.Status.ReqID)
		}
	}
	return strings.Join(parts, "\n\n")
}

func httpNote(e *clarifai.Error) string {
	if e.HTTPStatus == 0 {
		return ""
	}
	return fmt.Sprintf(", HTTP %d", e.HTTPStatus)
}

func upperFirst(s string) string {
	if s == "" || s[0] < 'a' || s[0] > 'z' || strings.Contains(strings.SplitN(s, " ", 2)[0], ":") {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:]
}

// hintFor returns what to do about a failure.
func hintFor(e *clarifai.Error) string {
	if e.Hint != "" {
		return e.Hint
	}
	return hints[e.Status.Code]
}

var hints = map[clarifai.StatusCode]string{
	clarifai.StatusInsufficientScopes: "The token is valid but may not do this. Give it the scopes that the operation needs (the " +
		"resource's documentation names them), or check that user_id and app_id are yours.",
	clarifai.StatusKeyInvalid: "Check pat (or CLARIFAI_PAT): it must be a personal access token of a user who may use this app. " +
		"App-specific keys do not work for everything that the provider does.",
	clarifai.StatusKeyNotFound: "Check pat (or CLARIFAI_PAT): the service does not know this token. It may have been deleted, or " +
		"belong to another deployment than base_url.",
	clarifai.StatusExceedsLimits: "A limit of the account's plan is reached. Remove something or change the plan.",
	clarifai.StatusThrottled: "The account's quota of requests per second is used up, perhaps by other programs too. Lower " +
		"requests_per_second in the provider block, or run with a smaller -parallelism.",
	clarifai.StatusHourlyLimit:        "The account's hourly quota is used up. Run again in the next hour; nothing that was done is lost.",
	clarifai.StatusDoesNotExist:       "Check user_id, app_id and the ids of the objects that this one refers to.",
	clarifai.StatusServiceUnavailable: "The service is in maintenance. Run again later; nothing that was done is lost.",
	clarifai.StatusMaintenanceWrites:  "Writing inputs is switched off for maintenance. Run again later; nothing that was done is lost.",
	clarifai.StatusMoved:              "The object, or the app that holds it, was renamed. Change the id in the configuration to the new one.",
}

// ReadError returns the diagnostic for an object that a data source could not read.
// argument is the one that names it, and what says which object of the app, such
// as `dataset "trucks"`.
func ReadError(argument, what string, app clarifai.AppRef, err error) diag.Diagnostic {
	if clarifai.IsNotFound(err) {
		return AttributeError(path.Root(argument), fmt.Sprintf("No %s in app %q", what, app.AppID), err)
	}
	return Error("Unable to read "+what, err)
}

// AlreadyExists returns the diagnostic for an ID of an object that the
// resource did not create.
func AlreadyExists(resourceType, noun, id, importID string, err error) diag.Diagnostic {
	return diag.NewAttributeErrorDiagnostic(path.Root("id"), fmt.Sprintf("%s %q already exists", upperFirst(noun), id),
		fmt.Sprintf("The resource did not create it, so the provider left it unchanged. To manage it here, import it:\n\n"+
			"  terraform import %s.NAME %s\n\nor with a block in the configuration:\n\n"+
			"  import {\n    to = %s.NAME\n    id = %q\n  }\n\n"+
			"If you renamed the block, or changed count to for_each, add a moved block instead. "+
			"If create_before_destroy is set, also by a resource that depends on this one, the object to be replaced still has the id: choose "+
			"another id for the new one. "+
			"If a run was killed before it could save its state, you can also set adopt_identical = true in the provider block. "+
			"Otherwise choose another id.\n\n%s",
			resourceType, importID, resourceType, importID, Detail(err)))
}

// StillRunning returns the diagnostic for a wait that ended before the work did.
// The object is in state; next says how to resume.
func StillRunning(summary string, err *wait.InterruptedError, timeoutKey, next string) diag.Diagnostic {
	detail := Detail(err)
	if err.TimedOut() {
		detail += fmt.Sprintf("\n\nTo wait longer, set timeouts.%s.", timeoutKey)
	}
	return diag.NewErrorDiagnostic(summary, detail+"\n\n"+next)
}

// AsWarning returns a diagnostic as a warning, for work that continues at the
// service: after an error on create, Terraform would destroy the object or start
// another one in the next apply.
func AsWarning(d diag.Diagnostic) diag.Diagnostic {
	return diag.NewWarningDiagnostic(d.Summary(), d.Detail())
}
