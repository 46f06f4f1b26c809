package emulator

import (
	"net"
	"net/http"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// adminPrefix is where the emulator itself can be looked into, from this machine only.
const adminPrefix = "/__emulator/"

// serveAdmin answers the calls that are about the emulator:
//
//	GET    state    what it holds; a seed file of the same shape brings it back
//	GET    calls    the calls it answered, without credentials (?op=PostInputs narrows them down)
//	DELETE calls    forgets them
//	GET    faults   the faults that are set, and how often each struck
//	POST   faults   sets one, see Fault
//	DELETE faults   takes all away (?name=... one of them)
func (s *Service) serveAdmin(w http.ResponseWriter, r *http.Request, what string) {
	if !fromThisMachine(r) {
		http.Error(w, "only for callers on this machine", http.StatusForbidden)
		return
	}
	switch r.Method + " " + strings.TrimSuffix(what, "/") {
	case "GET state":
		writeAdmin(w, s.Snapshot())
	case "GET calls":
		calls := []Call{}
		for _, call := range s.Calls(r.URL.Query()["op"]...) {
			calls = append(calls, call.withoutSecrets())
		}
		writeAdmin(w, map[string]any{"calls": calls})
	case "DELETE calls":
		s.ResetCalls()
		writeAdmin(w, struct{}{})
	case "GET faults":
		writeAdmin(w, map[string]any{"faults": s.Faults()})
	case "POST faults":
		var f Fault
		if err := json.UnmarshalRead(r.Body, &f, json.RejectUnknownMembers(true), json.WithUnmarshalers(json.UnmarshalFromFunc(readStatusCode))); err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		name, err := s.AddFault(f)
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		writeAdmin(w, map[string]string{"name": name})
	case "DELETE faults":
		s.ClearFaults(r.URL.Query()["name"]...)
		writeAdmin(w, struct{}{})
	default:
		http.Error(w, "see the package documentation for what is served here", http.StatusNotFound)
	}
}

func writeAdmin(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json; charset=UTF-8")
	_ = json.MarshalWrite(w, v, json.Deterministic(true), jsontext.WithIndent("  "))
}

// fromThisMachine also looks at the address that was asked for, so that no web
// page can have a browser ask on its behalf.
func fromThisMachine(r *http.Request) bool {
	from, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil || !net.ParseIP(from).IsLoopback() {
		return false
	}
	host := r.Host
	if h, _, err := net.SplitHostPort(host); err == nil {
		host = h
	}
	return host == "localhost" || net.ParseIP(strings.Trim(host, "[]")).IsLoopback()
}
