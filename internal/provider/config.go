package provider

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/goccy/go-yaml"
)

// envVarMark in a CLI context means that the value comes from the environment.
const envVarMark = "ENVVAR"

// cliContext is one context of the Clarifai CLI's configuration file: settings
// by upper-case name (CLARIFAI_PAT, CLARIFAI_USER_ID, CLARIFAI_APP_ID,
// CLARIFAI_API_BASE).
type cliContext map[string]string

// get returns a setting by its long name, or by the short name that the CLI also reads ("pat" for
// CLARIFAI_PAT).
func (c cliContext) get(name string) string {
	short := strings.TrimPrefix(name, "CLARIFAI_")
	for _, key := range []string{name, short} {
		if v := c[key]; v != "" && v != envVarMark {
			return v
		}
	}
	return ""
}

// readCLIContext reads the named context of the Clarifai CLI's configuration
// file, or its current one when name is "". A missing file is no error unless the
// configuration names it or a context in it.
func readCLIContext(file, name string) (cliContext, error) {
	explicit := file != "" || name != ""
	if file == "" {
		home, err := os.UserHomeDir()
		if err != nil {
			if explicit {
				return nil, fmt.Errorf("cannot find the home directory: %w", err)
			}
			return nil, nil
		}
		file = filepath.Join(home, ".config", "clarifai", "config")
	}
	content, err := os.ReadFile(file) //nolint:gosec // the user names the file
	switch {
	case errors.Is(err, fs.ErrNotExist) && !explicit:
		return nil, nil
	case err != nil:
		return nil, fmt.Errorf("cannot read the Clarifai CLI configuration: %w", err)
	}
	var config struct {
		CurrentContext string                    `yaml:"current_context"`
		Contexts       map[string]map[string]any `yaml:"contexts"`
	}
	if err := yaml.Unmarshal(content, &config); err != nil {
		if !explicit {
			return nil, nil // a file of another program: not an error
		}
		// The parser's error quotes lines of the file, and one of them may contain the token.
		return nil, fmt.Errorf("%s is not a Clarifai CLI configuration (YAML with current_context and contexts)", file)
	}
	if name == "" {
		name = config.CurrentContext
	}
	settings, ok := config.Contexts[name]
	if !ok {
		if !explicit {
			return nil, nil
		}
		return nil, fmt.Errorf("%s has no context %q; it has %s", file, name, quoted(slices.Sorted(maps.Keys(config.Contexts))))
	}
	// The CLI reads settings from the section "env" only, if there is one.
	if env, ok := settings["env"].(map[string]any); ok {
		settings = env
	}
	context := cliContext{}
	for key, value := range settings {
		if text, ok := value.(string); ok { // the settings used here are all texts
			context[strings.ToUpper(key)] = text
		}
	}
	return context, nil
}

func quoted(names []string) string {
	if len(names) == 0 {
		return "none"
	}
	for i, name := range names {
		names[i] = strconv.Quote(name)
	}
	return strings.Join(names, ", ")
}
