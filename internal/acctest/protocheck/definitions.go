package protocheck

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/bufbuild/protocompile"
	"github.com/bufbuild/protocompile/protoutil"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protodesc"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"
	"google.golang.org/protobuf/types/descriptorpb"
	"google.golang.org/protobuf/types/dynamicpb"
)

const (
	serviceFile = "proto/clarifai/api/service.proto"
	serviceName = "clarifai.api.V2"
	shownOption = "clarifai.api.utils.cl_show_if_empty"
	httpOption  = "google.api.http"
)

// googleFiles are parts of Google's definitions that the official ones import and the npm
// package leaves out.
var googleFiles = map[string]string{
	"google/api/annotations.proto": `syntax = "proto3";
package google.api;
import "google/api/http.proto";
import "google/protobuf/descriptor.proto";
extend google.protobuf.MethodOptions { HttpRule http = 72295728; }
`,
	"google/api/http.proto": `syntax = "proto3";
package google.api;
message HttpRule {
  oneof pattern { string get = 2; string put = 3; string post = 4; string delete = 5; string patch = 6; }
  string body = 7;
  repeated HttpRule additional_bindings = 11;
}
`,
}

// definitions is one release of the official definitions.
type definitions struct {
	release  string
	files    *protoregistry.Files
	types    *dynamicpb.Types // resolves types for proto-JSON
	rpcs     map[string]*rpc
	bindings []*binding
	shown    map[protoreflect.FullName]bool // fields that are written even if empty
}

// rpc is a method of the service with its HTTP bindings.
type rpc struct {
	name     string
	in, out  protoreflect.MessageDescriptor
	bindings []*binding
}

// loadDefinitions reads the release in dir.
func loadDefinitions(release, dir string) (*definitions, error) {
	if _, err := os.Stat(filepath.Join(dir, "package", serviceFile)); err == nil {
		dir = filepath.Join(dir, "package") // unpacked with the archive's top-level directory
	}
	set, err := descriptors(dir)
	if err != nil {
		return nil, fmt.Errorf("official definitions %s: %w", release, err)
	}
	files, err := protodesc.NewFiles(set)
	if err != nil {
		return nil, fmt.Errorf("official definitions %s: %w", release, err)
	}
	d := &definitions{
		release: release,
		files:   files,
		types:   dynamicpb.NewTypes(files),
		rpcs:    map[string]*rpc{},
		shown:   map[protoreflect.FullName]bool{},
	}
	if err := d.readOptions(); err != nil {
		return nil, fmt.Errorf("official definitions %s: %w", release, err)
	}
	return d, nil
}

// readOptions reads the options that the checks need.
func (d *definitions) readOptions() error {
	shown, err := d.types.FindExtensionByName(shownOption)
	if err != nil {
		return err
	}
	http, err := d.types.FindExtensionByName(httpOption)
	if err != nil {
		return err
	}
	d.files.RangeFiles(func(file protoreflect.FileDescriptor) bool {
		err = d.readShown(file.Messages(), shown)
		return err == nil
	})
	if err != nil {
		return err
	}
	found, err := d.files.FindDescriptorByName(serviceName)
	if err != nil {
		return err
	}
	service, ok := found.(protoreflect.ServiceDescriptor)
	if !ok {
		return fmt.Errorf("%s is not a service", serviceName)
	}
	for i := range service.Methods().Len() {
		method := service.Methods().Get(i)
		options, err := d.option(method.Options(), &descriptorpb.MethodOptions{}, http)
		if err != nil {
			return err
		}
		if !options.IsValid() {
			continue // streams have no HTTP binding
		}
		r := &rpc{name: string(method.Name()), in: method.Input(), out: method.Output()}
		if err := r.bind(options.Message()); err != nil {
			return err
		}
		d.rpcs[r.name] = r
		d.bindings = append(d.bindings, r.bindings...)
	}
	return nil
}

func (d *definitions) readShown(messages protoreflect.MessageDescriptors, shown protoreflect.ExtensionType) error {
	for i := range messages.Len() {
		m := messages.Get(i)
		for j := range m.Fields().Len() {
			field := m.Fields().Get(j)
			v, err := d.option(field.Options(), &descriptorpb.FieldOptions{}, shown)
			if err != nil {
				return err
			}
			if v.IsValid() && v.Bool() {
				d.shown[field.FullName()] = true
			}
		}
		if err := d.readShown(m.Messages(), shown); err != nil {
			return err
		}
	}
	return nil
}

// option reads an extension of a descriptor's options, which the descriptors
// only contain as bytes. The result is invalid if the option is not set.
func (d *definitions) option(options, empty proto.Message, extension protoreflect.ExtensionType) (protoreflect.Value, error) {
	unknown := options.ProtoReflect().GetUnknown()
	if len(unknown) == 0 {
		return protoreflect.Value{}, nil
	}
	if err := (proto.UnmarshalOptions{Resolver: d.types}).Unmarshal(unknown, empty); err != nil {
		return protoreflect.Value{}, err
	}
	field := extension.TypeDescriptor()
	if !empty.ProtoReflect().Has(field) {
		return protoreflect.Value{}, nil
	}
	return empty.ProtoReflect().Get(field), nil
}

// descriptors compiles the definitions below dir. Under the race detector that
// takes a second for each test package, because each runs in its own process. So the
// result is cached in the user's cache directory by a digest of the sources.
func descriptors(dir string) (*descriptorpb.FileDescriptorSet, error) {
	sources, digest, err := readSources(dir)
	if err != nil {
		return nil, err
	}
	cached := ""
	if cache, err := os.UserCacheDir(); err == nil {
		cached = filepath.Join(cache, "terraform-provider-clarifai", "definitions", digest+".pb")
		if b, err := os.ReadFile(cached); err == nil {
			set := &descriptorpb.FileDescriptorSet{}
			// Without a resolver, options stay bytes even if their types are linked in.
			if (proto.UnmarshalOptions{Resolver: &protoregistry.Types{}}).Unmarshal(b, set) == nil && len(set.File) > 0 {
				return set, nil
			}
		}
	}
	b, err := compile(sources)
	if err != nil {
		return nil, err
	}
	set := &descriptorpb.FileDescriptorSet{}
	if err := (proto.UnmarshalOptions{Resolver: &protoregistry.Types{}}).Unmarshal(b, set); err != nil {
		return nil, err
	}
	if cached != "" {
		_ = keep(cached, b) // if it fails, the next process compiles again
	}
	return set, nil
}

// readSources reads all .proto files below dir, and a digest of them.
func readSources(dir string) (sources map[string][]byte, digest string, err error) {
	sources = map[string][]byte{}
	hash := sha256.New()
	add := func(name string, content []byte) {
		sources[name] = content
		_, _ = fmt.Fprintf(hash, "%s %d\n%s", name, len(content), content) // writing to a hash cannot fail
	}
	for _, name := range slices.Sorted(maps.Keys(googleFiles)) {
		add(name, []byte(googleFiles[name]))
	}
	root := os.DirFS(dir)
	err = fs.WalkDir(root, "proto", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !strings.HasSuffix(name, ".proto") {
			return err
		}
		content, err := fs.ReadFile(root, name)
		if err == nil {
			add(name, content)
		}
		return err
	})
	if err == nil && sources[serviceFile] == nil {
		err = fmt.Errorf("%s has no %s", dir, serviceFile)
	}
	return sources, hex.EncodeToString(hash.Sum(nil)), err
}

// compile returns a serialized FileDescriptorSet of the service and its imports.
func compile(sources map[string][]byte) ([]byte, error) {
	compiler := protocompile.Compiler{
		Resolver: protocompile.WithStandardImports(&protocompile.SourceResolver{
			Accessor: func(name string) (io.ReadCloser, error) {
				content, ok := sources[name]
				if !ok {
					return nil, fs.ErrNotExist
				}
				return io.NopCloser(bytes.NewReader(content)), nil
			},
		}),
	}
	compiled, err := compiler.Compile(context.Background(), serviceFile)
	if err != nil {
		return nil, err
	}
	set := &descriptorpb.FileDescriptorSet{}
	seen := map[string]bool{}
	var add func(protoreflect.FileDescriptor)
	add = func(file protoreflect.FileDescriptor) { // imports first
		if seen[file.Path()] {
			return
		}
		seen[file.Path()] = true
		for i := range file.Imports().Len() {
			add(file.Imports().Get(i).FileDescriptor)
		}
		set.File = append(set.File, protoutil.ProtoFromFileDescriptor(file))
	}
	for _, file := range compiled {
		add(file)
	}
	return proto.MarshalOptions{Deterministic: true}.Marshal(set)
}

// keep writes a file atomically: other processes see all of it or nothing.
func keep(name string, content []byte) error {
	dir := filepath.Dir(name)
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	file, err := os.CreateTemp(dir, "new-*")
	if err != nil {
		return err
	}
	_, err = file.Write(content)
	err = errors.Join(err, file.Close())
	if err == nil {
		err = os.Rename(file.Name(), name)
	}
	if err != nil {
		_ = os.Remove(file.Name())
	}
	return err
}
