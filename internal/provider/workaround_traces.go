package provider

import "os"

// Workaround: the plugin libraries trace every request even if no logging is enabled.
//
// The loggers of a served provider default to TRACE: the lines are written to stderr, and the CLI reads
// and drops them. The framework also adds a field to the context for each value that it visits, and each
// trace walks all of them, so the cost grows with the square of the number of values in one resource
// (hashicorp/terraform-plugin-framework#721 and #1086; framework 1.19.0). A map of 5,000 objects takes
// minutes to plan with traces and seconds without.
//
// TestWorkaround_traces fails when the libraries no longer trace by default.

// traceVariables set the level of the libraries' own logs. Each one is set: only then does its library
// skip collecting what it would have logged.
var traceVariables = []string{"TF_LOG_SDK", "TF_LOG_SDK_FRAMEWORK", "TF_LOG_SDK_PROTO"}

// disableSDKTraces disables the libraries' traces, unless the environment enables any logging.
func disableSDKTraces() {
	for _, name := range append([]string{"TF_LOG", "TF_LOG_PROVIDER"}, traceVariables...) {
		if os.Getenv(name) != "" {
			return
		}
	}
	for _, name := range traceVariables {
		_ = os.Setenv(name, "off")
	}
}
