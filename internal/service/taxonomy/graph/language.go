package graph

import "strings"

// Documented are the languages that the service documents.
var Documented = []string{
	"ar", "bn", "da", "de", "en", "es", "fi", "fr", "hi", "hu", "it", "ja", "ko", "nl", "no", "pa", "pl", "pt", "ru", "sv", "tr", "zh",
	"zh-TW",
}

// traditionalChinese is the code of the only language that the service divides by script.
const traditionalChinese = "zh-TW"

// ServiceLanguage is the service's code for a language tag (BCP 47): the language without script, region and variant, except that
// traditional Chinese has a code of its own and that Bokmål and Nynorsk are Norwegian.
func ServiceLanguage(tag string) string {
	parts := strings.FieldsFunc(strings.ToLower(tag), func(r rune) bool { return r == '-' || r == '_' })
	if len(parts) == 0 {
		return ""
	}
	switch parts[0] {
	case "nb", "nn":
		return "no"
	case "zh", "cmn":
		if isTraditional(parts[1:]) {
			return traditionalChinese
		}
		return "zh"
	}
	return parts[0]
}

// isTraditional decides by the script, and without one by the region.
func isTraditional(parts []string) bool {
	traditional := false
	for _, part := range parts {
		switch part {
		case "hant":
			return true
		case "hans":
			return false
		case "tw", "hk", "mo":
			traditional = true
		}
	}
	return traditional
}

// TagRank orders the tags of one service language; the lowest comes first: the service's own code, the bare language (with or without a
// script), then tags with a region or variant. Tags of the same rank are ordered by their text.
func TagRank(tag string) int {
	parts := strings.FieldsFunc(tag, func(r rune) bool { return r == '-' || r == '_' })
	const script = 4 // letters
	switch {
	case len(parts) == 0:
		return 4 // no tag at all
	case strings.EqualFold(tag, ServiceLanguage(tag)):
		return 1
	case len(parts) == 1, len(parts) == 2 && len(parts[1]) == script:
		return 2
	}
	return 3
}
