package conceptlanguage

import (
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// codes are the languages that the documentation lists.
var codes = []string{
	"ar", "bn", "da", "de", "en", "es", "fi", "fr", "hi", "hu", "it", "ja", "ko", "nl", "no", "pa", "pl", "pt", "ru", "sv", "tr", "zh", "zh-TW",
}

var codesText = "`" + strings.Join(codes, "`, `") + "`"

// checkCode refuses a language that the documentation does not list, unless others are allowed.
func checkCode(at path.Path, language string, allowOther types.Bool, override string, to *diag.Diagnostics) {
	if slices.Contains(codes, language) || allowOther.IsUnknown() || allowOther.ValueBool() {
		return
	}
	meant := ""
	for _, code := range codes {
		if strings.EqualFold(code, language) {
			meant = fmt.Sprintf(" It is written %q.", code)
		}
	}
	to.AddAttributeError(at, "Unknown language",
		fmt.Sprintf("%q is not one of the languages that the service documents: %s.%s If the service has learnt it since, set %s = true.",
			language, strings.Join(codes, ", "), meant, override))
}
