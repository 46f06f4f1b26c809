package protocheck

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/descriptorpb"
	"google.golang.org/protobuf/types/dynamicpb"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
)

// Releases of the definitions. The older one is only used for
// operations that the newer one does not have.
const (
	Newest = "11.11.0"
	Older  = "10.2.1"
)

const apiPrefix = "/v2/"

// newerCodes are status codes of the client's table that a later release than [Newest] defines: 12.4.0
// of the Go definitions.
var newerCodes = map[protoreflect.EnumNumber]bool{
	64008: true, // JOB_PAUSED
}

// A Checker checks calls against the official definitions.
type Checker struct {
	newest, older *definitions
}

// Load reads the definitions from a directory that has the unpacked npm packages
// clarifai-nodejs-grpc-11.11.0 and clarifai-nodejs-grpc-10.2.1.
func Load(dir string) (*Checker, error) {
	if info, err := os.Stat(dir); err != nil || !info.IsDir() {
		return nil, fmt.Errorf("official definitions: %s is not a directory", dir)
	}
	newest, err := loadDefinitions(Newest, filepath.Join(dir, "clarifai-nodejs-grpc-"+Newest))
	if err != nil {
		return nil, err
	}
	older, err := loadDefinitions(Older, filepath.Join(dir, "clarifai-nodejs-grpc-"+Older))
	if err != nil {
		return nil, err
	}
	return &Checker{newest: newest, older: older}, nil
}

// Mode describes a service and its callers.
type Mode int

const (
	// Untrusted callers may send invalid requests on purpose: their requests are checked
	// only if the service accepted them, and may use any spelling
	// that proto-JSON reads.
	Untrusted Mode = 1 << iota
	// Camel services respond with camelCase keys.
	Camel
)

// Check returns what is wrong with a call.
//
// The operation must be an RPC, and method and path must be one of its bindings. Of several
// matching bindings, the one with the first literal segment counts. Body, path and query
// must be a valid request message in strict proto-JSON; query parameters are
// fields that neither the path nor the body has. Keys are the fields' own names.
//
// The response must be a valid response message in strict proto-JSON, with the
// fields' own names, enums as known integers, 64-bit integers as strings, floats
// with no more digits than 32 bits have, timestamps in UTC with Z, no null, no
// empty field unless it is marked as shown if empty, and all fields that are
// marked so. Its status must be complete and match the HTTP status. Responses that a
// fault changed are not checked.
func (c *Checker) Check(call emulator.Call, mode Mode) []error {
	accepted := call.Status/100 == 2 && call.Fault == ""
	f := &finder{mode: mode}
	d, b, variables := c.locate(f, call)
	if b != nil {
		d.checkRequest(f, b, variables, call)
	}
	if mode&Untrusted != 0 && !accepted {
		f.found = nil
	}
	if call.Fault == "" && call.Status != 0 {
		c.checkResponse(f, d, call)
	}
	return f.found
}

// locate finds the RPC of a call and the binding that it used.
func (c *Checker) locate(f *finder, call emulator.Call) (*definitions, *binding, map[string]string) {
	if !strings.HasPrefix(call.Path, apiPrefix) {
		return c.newest, nil, nil // a file, which is not part of the API
	}
	if call.Op == "" {
		f.add("request", "no operation answers %s %s", call.Method, call.Path)
		return c.newest, nil, nil
	}
	d, r, nth := c.newest, (*rpc)(nil), 0
	for _, release := range []*definitions{c.newest, c.older} {
		if r, nth = release.operation(call.Op); r != nil {
			d = release
			break
		}
	}
	if r == nil {
		f.add("request", "%s is no rpc of the definitions", call.Op)
		return d, nil, nil
	}
	b, variables := d.find(call.Method, call.Path, r.name)
	switch {
	case b == nil:
		f.add("request", "%s %s is a binding of no rpc; those of %s are %s", call.Method, call.Path, r.name, r.describe())
	case b.rpc != r:
		f.add("request", "%s %s is a binding of %s, not of %s", call.Method, call.Path, b.rpc.name, r.name)
	case nth != 0 && b.nth != nth:
		f.add("request", "%s %s is binding %d of %s, and %s means binding %d", call.Method, call.Path, b.nth, r.name, call.Op, nth)
	default:
		return d, b, variables
	}
	return d, nil, nil
}

// operation finds an RPC by operation ID. Operation IDs number the further
// bindings of an RPC: ListConceptRelations2 is the second of ListConceptRelations.
func (d *definitions) operation(op string) (r *rpc, nth int) {
	if r := d.rpcs[op]; r != nil {
		return r, 0
	}
	name := strings.TrimRight(op, "0123456789")
	n, err := strconv.Atoi(op[len(name):])
	if err != nil {
		return nil, 0
	}
	return d.rpcs[name], n
}

// output returns the response message of an operation. If no RPC has the name, it returns
// the message that only has a status.
func (d *definitions) output(op string) protoreflect.MessageDescriptor {
	if r, _ := d.operation(op); r != nil {
		return r.out
	}
	return d.message("clarifai.api.status.BaseResponse")
}

// message returns a message of the definitions, or nil.
func (d *definitions) message(name protoreflect.FullName) protoreflect.MessageDescriptor {
	found, err := d.files.FindDescriptorByName(name)
	if err != nil {
		return nil
	}
	m, _ := found.(protoreflect.MessageDescriptor)
	return m
}

// unmarshal reads JSON strictly.
func (d *definitions) unmarshal(b []byte, m protoreflect.MessageDescriptor) (*dynamicpb.Message, error) {
	message := dynamicpb.NewMessage(m)
	return message, protojson.UnmarshalOptions{Resolver: d.types}.Unmarshal(b, message)
}

func (c *Checker) checkResponse(f *finder, d *definitions, call emulator.Call) {
	if call.Response == nil {
		if strings.HasPrefix(call.Path, apiPrefix) {
			f.add("answer", "is not JSON")
		}
		return
	}
	output := d.output(call.Op)
	if _, err := d.unmarshal(call.Response, output); err != nil {
		f.add("answer", "is not a %s: %s", output.Name(), plain(err))
	}
	var members any
	if err := json.Unmarshal(call.Response, &members); err != nil {
		f.add("answer", "is not JSON: %v", err)
		return
	}
	d.checkForm(f, "answer", output, members)

	var envelope clarifai.Envelope
	if err := clarifai.Decode(call.Response, &envelope); err != nil {
		f.add("answer.status", "cannot be read: %v", err)
		return
	}
	status := envelope.Status
	if status.Code == 0 || status.Description == "" || status.ReqID == "" {
		f.add("answer.status", "lacks its code, description or req_id")
	}
	if call.Op == "GetStatusCode" && call.Status == 200 {
		return // its status is the requested one
	}
	if fits := httpStatuses(status.Code); !slices.Contains(fits, call.Status) {
		f.add("answer.status", "code %d (%s) goes with HTTP %v, not with %d", status.Code, status.Code.Name(), fits, call.Status)
	}
}

// httpStatuses returns the HTTP statuses that match the code of a call.
func httpStatuses(code clarifai.StatusCode) []int {
	switch code {
	case clarifai.StatusSuccess:
		return []int{200}
	case clarifai.StatusMixed:
		return []int{200, 207}
	case clarifai.StatusAccepted:
		return []int{200, 202}
	case clarifai.StatusFailure:
		return []int{400}
	case clarifai.StatusMoved:
		return []int{307}
	case clarifai.StatusThrottled:
		return []int{400, 429}
	case clarifai.StatusInsufficientScopes:
		return []int{403}
	case clarifai.StatusKeyInvalid, clarifai.StatusKeyNotFound:
		return []int{401}
	case clarifai.StatusDoesNotExist:
		return []int{404}
	case clarifai.StatusInvalidRequest:
		return []int{400, 401} // 401: the Authorization header
	case clarifai.StatusMethodNotAllowed:
		return []int{405}
	case clarifai.StatusDuplicateID:
		return []int{400, 409}
	default:
		return []int{code.HTTPStatus()}
	}
}

func (r *rpc) describe() string {
	var all []string
	for _, b := range r.bindings {
		all = append(all, b.method+" "+b.template)
	}
	return strings.Join(all, ", ")
}

// finder collects the violations of one call.
type finder struct {
	mode  Mode
	found []error
}

// add records a violation: its field path and a description.
func (f *finder) add(where, format string, args ...any) {
	f.found = append(f.found, fmt.Errorf("%s: %s", where, fmt.Sprintf(format, args...)))
}

// plain returns the text of a protobuf error with normalized spaces, which protobuf varies on
// purpose from build to build.
func plain(err error) string {
	return strings.ReplaceAll(strings.TrimPrefix(strings.ReplaceAll(err.Error(), "\u00a0", " "), "proto: "), "  ", " ")
}

// Messages returns the names of an operation's request and response messages, empty
// if no release has it.
func (c *Checker) Messages(op string) (request, response string) {
	for _, d := range []*definitions{c.newest, c.older} {
		if r, _ := d.operation(op); r != nil {
			return string(r.in.Name()), string(r.out.Name())
		}
	}
	return "", ""
}

// RequestField reports whether the request of an operation has a field at a path of names with dots between, in any
// release, and whether the newest release that has it calls it deprecated.
func (c *Checker) RequestField(op, path string) (found, deprecated bool) {
	for _, d := range []*definitions{c.newest, c.older} {
		r, _ := d.operation(op)
		if r == nil {
			continue
		}
		message := r.in
		var field protoreflect.FieldDescriptor
		for name := range strings.SplitSeq(path, ".") {
			if message == nil {
				field = nil
				break
			}
			if field = message.Fields().ByName(protoreflect.Name(name)); field == nil {
				break
			}
			message = field.Message()
		}
		if field != nil {
			options, _ := field.Options().(*descriptorpb.FieldOptions)
			return true, options.GetDeprecated()
		}
	}
	return false, false
}
