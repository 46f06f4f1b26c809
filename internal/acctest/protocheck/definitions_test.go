package protocheck

import (
	"os"
	"path/filepath"
	"testing"

	"google.golang.org/protobuf/proto"
)

// isolateCache gives a test its own cache, and returns the directory of cached definitions.
func isolateCache(t *testing.T) string {
	t.Helper()
	home := t.TempDir()
	t.Setenv("HOME", home)
	t.Setenv("LocalAppData", home)
	t.Setenv("XDG_CACHE_HOME", filepath.Join(home, "cache"))
	cache, err := os.UserCacheDir()
	if err != nil {
		t.Fatal(err)
	}
	return filepath.Join(cache, "terraform-provider-clarifai", "definitions")
}

func TestDefinitions_compiledOnce(t *testing.T) {
	Need(t)
	release := filepath.Join(os.Getenv(DirectoryVariable), "clarifai-nodejs-grpc-"+Newest)
	kept := isolateCache(t)
	compiled, err := descriptors(release)
	if err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob(filepath.Join(kept, "*"))
	if err != nil || len(files) != 1 {
		t.Fatalf("kept are %v, %v, want one file", files, err)
	}
	again, err := descriptors(release)
	if err != nil || !proto.Equal(compiled, again) {
		t.Errorf("what was kept is not what was compiled: %v", err)
	}
	for _, damaged := range []string{"", "half a file"} {
		if err := os.WriteFile(files[0], []byte(damaged), 0o600); err != nil {
			t.Fatal(err)
		}
		again, err = descriptors(release)
		if err != nil || !proto.Equal(compiled, again) {
			t.Errorf("a damaged file (%q) was not compiled again: %v", damaged, err)
		}
	}
}

// An archive that was unpacked without changes has the top-level directory "package".
func TestDefinitions_withTopDirectory(t *testing.T) {
	Need(t)
	dir := t.TempDir()
	for _, release := range []string{Newest, Older} {
		name := "clarifai-nodejs-grpc-" + release
		unpacked, err := filepath.Abs(filepath.Join(os.Getenv(DirectoryVariable), name))
		if err != nil {
			t.Fatal(err)
		}
		if err := os.Mkdir(filepath.Join(dir, name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.Symlink(unpacked, filepath.Join(dir, name, "package")); err != nil {
			t.Skip(err)
		}
	}
	if _, err := Load(dir); err != nil {
		t.Error(err)
	}
}

// If files are missing, the error names them.
func TestDefinitions_incomplete(t *testing.T) {
	dir := t.TempDir()
	if _, err := Load(filepath.Join(dir, "nowhere")); err == nil {
		t.Error("a directory that does not exist was loaded")
	}
	if _, err := Load(dir); err == nil {
		t.Error("an empty directory was loaded")
	}
	broken := filepath.Join(dir, "clarifai-nodejs-grpc-"+Newest, filepath.Dir(serviceFile))
	if err := os.MkdirAll(broken, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(broken, "service.proto"), []byte("service V2 {"), 0o600); err != nil {
		t.Fatal(err)
	}
	isolateCache(t)
	if _, err := Load(dir); err == nil {
		t.Error("a file that does not compile was loaded")
	}
}
