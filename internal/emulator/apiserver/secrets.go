package apiserver

import (
	"bytes"
	"slices"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// secret replaces credentials in records.
const secret = "(secret)"

// secretMembers are the fields of requests that hold credentials, in lower case
// and without underscores, because requests may use either spelling.
var secretMembers = []string{"credentials", "s3creds", "gcpcreds", "azureblobcreds", "apppat"}

// withoutSecrets returns the record without the credentials in its
// bodies. It omits a body that is not JSON.
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
		// The keys of an object are at odd positions.
		kind, n := in.StackIndex(in.StackDepth())
		if kind == '{' && n%2 == 1 && token.Kind() == '"' {
			name := strings.ToLower(strings.ReplaceAll(token.String(), "_", ""))
			hide = slices.Contains(secretMembers, name)
		}
	}
	return bytes.TrimSpace(shown.Bytes())
}
