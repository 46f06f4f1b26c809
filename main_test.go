package main

import (
	"bytes"
	"strings"
	"testing"
)

func TestRun(t *testing.T) {
	tests := map[string]struct {
		args   []string
		code   int
		stdout string
		stderr string
	}{
		"version":         {[]string{"version"}, 0, "terraform-provider-clarifai dev (go", ""},
		"-version":        {[]string{"-version"}, 0, "terraform-provider-clarifai dev (go", ""},
		"help":            {[]string{"help"}, 0, "  emulator   run an offline emulator", ""},
		"-help":           {[]string{"-help"}, 0, "", "  emulator   run an offline emulator"},
		"unknown command": {[]string{"emulate"}, 2, "", `unknown command "emulate"`},
		"unknown flag":    {[]string{"-emulator"}, 2, "", "flag provided but not defined: -emulator"},
		"command's flags": {[]string{"emulator", "-help"}, 0, "", "-listen"},
		"command fails":   {[]string{"emulator", "-listen", "nowhere"}, 1, "", "emulator: "},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			var stdout, stderr bytes.Buffer
			if code := run(test.args, &stdout, &stderr); code != test.code {
				t.Errorf("exit code %d, want %d", code, test.code)
			}
			if !strings.Contains(stdout.String(), test.stdout) || !strings.Contains(stderr.String(), test.stderr) {
				t.Errorf("stdout:\n%s\nstderr:\n%s", stdout.String(), stderr.String())
			}
		})
	}
}
