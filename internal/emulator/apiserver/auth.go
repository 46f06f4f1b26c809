package apiserver

import (
	"crypto/subtle"
	"net/http"
	"regexp"
	"strings"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
)

var keyPattern = regexp.MustCompile(`^[A-Za-z0-9_.-]+$`)

// authenticate checks the Authorization header as the service does: the scheme
// word is case-sensitive, a malformed key is 11008, an unknown one 11009.
func (h *Handler) authenticate(r *http.Request) error {
	key, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Key ")
	if !ok {
		return &Rejection{
			Code:    clarifai.StatusInvalidRequest,
			HTTP:    http.StatusUnauthorized,
			Details: "Empty or malformed authorization header. Please provide an API key or session token.",
		}
	}
	if !keyPattern.MatchString(key) {
		return Reject(clarifai.StatusKeyInvalid, "Invalid format of key.")
	}
	if h.options.PAT != "" && subtle.ConstantTimeCompare([]byte(key), []byte(h.options.PAT)) != 1 {
		return Reject(clarifai.StatusKeyNotFound, "invalid key")
	}
	return nil
}
