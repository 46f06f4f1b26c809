package apiserver

import (
	"bytes"
	"slices"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// secret replaces credentials in records.
const secret = "(secret)"

// secretMembers are the members of requests that hold credentials, in lower case
// and without underscores: they come in either spelling.
var secretMembers = []string{"credentials", "s3creds", "gcpcreds", "azureblobcreds", "apppat"}

// withoutSecrets is the record as it may be shown: without the credentials in its
// bodies. A body that is not JSON is left out.
func (c Call) withoutSecrets() Call {
	c.Request, c.Response = hideSecrets(c.Request), hideSecrets(c.Response)
	return c
}

func hideSecrets(body jsontext.Value) jsontext.Value {
	if !body.IsValid() {
		return nil
	}
	in := jsontext.NewDecoder(bytes.NewReader(body))
	var shown bytes.Buffer
	out := jsontext.NewEncoder(&shown)
	hide := false
	for in.PeekKind() != 0 {
		if hide {
			hide = false
			if in.SkipValue() != nil || out.WriteToken(jsontext.String(secret)) != nil {
				return nil
			}
			continue
		}
		token, err := in.ReadToken()
		if err != nil || out.WriteToken(token) != nil {
			return nil
		}
		// Names of members are at odd places of their objects.
		kind, n := in.StackIndex(in.StackDepth())
		if kind == '{' && n%2 == 1 && token.Kind() == '"' {
			name := strings.ToLower(strings.ReplaceAll(token.String(), "_", ""))
			hide = slices.Contains(secretMembers, name)
		}
	}
	return bytes.TrimSpace(shown.Bytes())
}
