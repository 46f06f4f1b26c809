package graph

import (
	"crypto/sha256"
	"encoding/hex"
	"regexp"
	"strings"

	"github.com/clarifai/terraform-provider-clarifai/internal/framework/ids"
)

var notInIDs = regexp.MustCompile(`[^A-Za-z0-9_-]+`)

// NewID returns an id for a concept that a source names by text: what an id must not hold becomes a hyphen, and an id that is too long
// keeps
// its beginning and ends in digits that follow from key. It is empty if nothing of the text may stand in an id.
func NewID(text, key string) string {
	const digits = 8
	id := strings.Trim(notInIDs.ReplaceAllString(text, "-"), "-")
	if len(id) <= ids.MaxLength {
		return id
	}
	return id[:ids.MaxLength-digits-1] + "-" + HashID(key)[:digits]
}

// HashID returns 32 hexadecimal digits that follow from key.
func HashID(key string) string {
	sum := sha256.Sum256([]byte(key))
	return hex.EncodeToString(sum[:16])
}
