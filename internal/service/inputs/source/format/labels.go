package format

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"regexp"
	"strings"

	"github.com/clarifai/terraform-provider-clarifai/internal/framework/annotation"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/ids"
)

// Labels turns the classes of a file into concepts.
type Labels struct {
	Names  bool // ids are derived from names, which the concepts keep; otherwise a class is an id
	idOf   map[string]string
	nameOf map[string]string
}

var notInIDs = regexp.MustCompile(`[^A-Za-z0-9_-]+`)

// Identifier is the id that is derived from a name: what an id cannot have becomes a hyphen, and a long
// one keeps its beginning and gets digits of a hash, so that it is the same in every run.
func Identifier(name string) string {
	const digits = 8
	id := strings.Trim(notInIDs.ReplaceAllString(name, "-"), "-")
	if len(id) > ids.MaxLength || id == "" {
		sum := sha256.Sum256([]byte(name))
		hash := hex.EncodeToString(sum[:])[:digits]
		if id == "" {
			return hash
		}
		id = id[:ids.MaxLength-digits-1] + "-" + hash
	}
	return id
}

// Resolve sets the ids of the concepts that have only a name.
func (l *Labels) Resolve(concepts []annotation.Concept) error {
	for i := range concepts {
		c := &concepts[i]
		if c.ID != "" {
			continue
		}
		id, err := l.id(c.Name)
		if err != nil {
			return err
		}
		if c.ID = id; !l.Names {
			c.Name = ""
		}
	}
	return nil
}

func (l *Labels) id(name string) (string, error) {
	if !l.Names {
		if problem := ids.ReferenceProblem(name); problem != "" {
			return "", fmt.Errorf(
				"class %q cannot be the id of a concept: %s; set labels = \"names\" to derive ids from the names of classes",
				name,
				problem,
			)
		}
		return name, nil
	}
	if id, ok := l.idOf[name]; ok {
		return id, nil
	}
	if l.idOf == nil {
		l.idOf, l.nameOf = map[string]string{}, map[string]string{}
	}
	if strings.TrimSpace(name) == "" {
		return "", fmt.Errorf("there is a label without a class")
	}
	id := Identifier(name)
	if other, taken := l.nameOf[id]; taken {
		return "", fmt.Errorf("classes %q and %q both become concept %q; rename one of them in the file", other, name, id)
	}
	l.idOf[name], l.nameOf[id] = id, name
	return id, nil
}
