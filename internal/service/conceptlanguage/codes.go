package conceptlanguage

import (
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// codes are the documented languages.
var codes = []string{
	"ar", "bn", "da", "de", "en", "es", "fi", "fr", "hi", "hu", "it", "ja", "ko", "nl", "no", "pa", "pl", "pt", "ru", "sv", "tr", "zh",
	"zh-TW",
}

var codesText = "`" + strings.Join(codes, "`, `") + "`"

// validateCode rejects a language that is not documented, unless others are allowed.
func validateCode(at path.Path, language string, allowOther types.Bool, override string, to *diag.Diagnostics) {
	if slices.Contains(codes, language) || allowOther.IsUnknown() || allowOther.ValueBool() {
		return
	}
	meant := ""
	for _, code := range codes {
		if strings.EqualFold(code, language) {
			meant = fmt.Sprintf(" Did you mean %q?", code)
		}
	}
	to.AddAttributeError(at, "Unknown language",
		fmt.Sprintf("%q is not a documented language: %s.%s If the service supports it, set %s = true.",
			language, strings.Join(codes, ", "), meant, override))
}
