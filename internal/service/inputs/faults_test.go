package inputs_test

import (
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/emulator"
)

// emulatorFault makes the processing of inputs fail.
func emulatorFault(id string) emulator.Fault {
	return emulator.Fault{Object: "input", ID: "^" + id + "$", Code: clarifai.StatusInputFailed}
}

// lostResponse does the work and cuts the connection, once.
func lostResponse(op string) emulator.Fault {
	return emulator.Fault{Op: op, Count: 1, Reset: emulator.AfterWork}
}

var tfjsonpathChanges = tfjsonpath.New("changes")
