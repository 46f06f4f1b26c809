package apiserver

import (
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// adminPrefix is the path of the endpoints about the emulator itself, which only
// clients on this machine may use.
const adminPrefix = "/__emulator/"

// serveAdmin serves the endpoints for the emulator itself:
//
//	GET    calls    the requests it served, without credentials (?op=PostInputs selects some)
//	DELETE calls    removes them
//	GET    faults   the active faults, and how often each was applied
//	POST   faults   adds one, see Fault
//	DELETE faults   removes all (?name=... one of them)
//	POST   outputs  randomizes fields that the service decides, seeded by ?seed=
//	DELETE outputs  ends that
//
// [Options.Admin] adds further ones.
func (h *Handler) serveAdmin(w http.ResponseWriter, r *http.Request, what string) {
	if !fromThisMachine(r) {
		http.Error(w, "only for callers on this machine", http.StatusForbidden)
		return
	}
	what = strings.TrimSuffix(what, "/")
	switch r.Method + " " + what {
	case "GET calls":
		calls := []Call{}
		for _, call := range h.Calls(r.URL.Query()["op"]...) {
			calls = append(calls, call.withoutSecrets())
		}
		WriteAdmin(w, map[string]any{"calls": calls})
	case "DELETE calls":
		h.ResetCalls()
		WriteAdmin(w, struct{}{})
	case "GET faults":
		WriteAdmin(w, map[string]any{"faults": h.Faults()})
	case "POST faults":
		var f Fault
		if err := json.UnmarshalRead(r.Body, &f, json.RejectUnknownMembers(true),
			json.WithUnmarshalers(json.UnmarshalFromFunc(readStatusCode))); err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		name, err := h.AddFault(f)
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		WriteAdmin(w, map[string]string{"name": name})
	case "DELETE faults":
		h.ClearFaults(r.URL.Query()["name"]...)
		WriteAdmin(w, struct{}{})
	case "POST outputs", "DELETE outputs":
		seed := uint64(0)
		if r.Method == http.MethodPost {
			var err error
			if seed, err = strconv.ParseUint(r.URL.Query().Get("seed"), 10, 64); err != nil || seed == 0 {
				http.Error(w, "seed is not a whole number above 0", http.StatusBadRequest)
				return
			}
		}
		h.RandomizeOutputs(seed)
		WriteAdmin(w, struct{}{})
	default:
		if h.options.Admin == nil || !h.options.Admin(w, r, what) {
			http.Error(w, "unknown admin endpoint: see the documentation of package apiserver", http.StatusNotFound)
		}
	}
}

// WriteAdmin writes the response of an admin endpoint.
func WriteAdmin(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json; charset=UTF-8")
	_ = json.MarshalWrite(w, v, json.Deterministic(true), jsontext.WithIndent("  "))
}

// fromThisMachine reports whether the client is on this machine and requested an
// address of this machine.
func fromThisMachine(r *http.Request) bool {
	from, _, err := net.SplitHostPort(r.RemoteAddr)
	return err == nil && net.ParseIP(from).IsLoopback() && isLoopback(r.Host)
}

// isLoopback reports whether a host, with or without a port, is this machine.
func isLoopback(host string) bool {
	if h, _, err := net.SplitHostPort(host); err == nil {
		host = h
	}
	return host == "localhost" || net.ParseIP(strings.Trim(host, "[]")).IsLoopback()
}

// fromWebPage returns why a request is rejected as one that a browser may have sent for a
// web page, or "". A page cannot hide its Origin nor, if its own host name
// resolves to this machine, the Host.
func fromWebPage(r *http.Request) string {
	if origin := r.Header.Get("Origin"); origin != "" {
		if u, err := url.Parse(origin); err != nil || !isLoopback(u.Host) {
			return "requests of web pages are rejected: Origin is " + origin
		}
	}
	switch site := r.Header.Get("Sec-Fetch-Site"); site {
	case "", "same-origin", "none":
	default:
		return "requests of web pages are rejected: Sec-Fetch-Site is " + site
	}
	if local, ok := r.Context().Value(http.LocalAddrContextKey).(*net.TCPAddr); ok && local.IP.IsLoopback() && !isLoopback(r.Host) {
		return "the emulator listens on this machine only, and has no name: Host is " + r.Host
	}
	return ""
}
