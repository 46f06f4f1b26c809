package taxonomy

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"
)

// statement is one statement of Turtle on one line, and where it began.
type statement struct {
	text string
	line int
}

// turtleStatements writes Turtle in the plainest way: one statement a line,
// without comments, every text in double quotes with as few escapes as there can
// be. The parser reads line by line: without this, texts of several lines and
// several statements on one line are beyond it, and nothing says in which line a
// problem is. Problems that show here have the line in which they are.
func turtleStatements(text string) ([]statement, *Problem) {
	s := &turtleScanner{text: strings.TrimPrefix(text, "\xef\xbb\xbf"), line: 1}
	for s.at < len(s.text) {
		if what := s.step(); what != "" {
			return nil, &Problem{Where: strconv.Itoa(s.line), What: what}
		}
	}
	s.end() // without its dot, which the parser then complains about
	return s.done, nil
}

// turtleScanner goes through Turtle character by character.
type turtleScanner struct {
	text string
	at   int
	line int

	out     strings.Builder // the statement so far
	began   int             // its line
	nesting int             // brackets and parentheses that are open
	done    []statement
}

func (s *turtleScanner) rest() string { return s.text[s.at:] }

// step takes the next thing: a comment, white space, a text, an address, the end
// of a statement, or any other character. It answers what is wrong with it.
func (s *turtleScanner) step() string {
	c := s.text[s.at]
	switch {
	case c == '#':
		end := strings.IndexByte(s.rest(), '\n')
		if end < 0 {
			end = len(s.rest())
		}
		s.at += end
		return ""
	case strings.IndexByte(" \t\r\n", c) >= 0:
		if c == '\n' {
			s.line++
		}
		s.at++
		s.space()
		return ""
	}
	if s.out.Len() == 0 {
		s.began = s.line
	}
	switch {
	case c == '"' || c == '\'':
		return s.quoted(c)
	case c == '<':
		return s.address()
	case c == '\\' && s.at+1 < len(s.text): // a name with a character that has another meaning otherwise
		s.out.WriteString(s.text[s.at : s.at+2])
		s.at += 2
	case c == '.' && s.nesting == 0 && !inName(s.text[s.at+1:]):
		s.at++
		s.space()
		s.out.WriteByte('.')
		s.end()
	default:
		switch c {
		case '[', '(':
			s.nesting++
		case ']', ')':
			s.nesting--
		}
		s.out.WriteByte(c)
		s.at++
	}
	return ""
}

// inName tells whether a dot before the text is part of a name or a number: it
// can be neither's end.
func inName(text string) bool {
	r, size := utf8.DecodeRuneInString(text)
	return size > 0 && (r >= utf8.RuneSelf || strings.ContainsRune("_-:.%\\", r) ||
		'0' <= r && r <= '9' || 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z')
}

// space is all that white space means.
func (s *turtleScanner) space() {
	if n := s.out.Len(); n > 0 && s.out.String()[n-1] != ' ' {
		s.out.WriteByte(' ')
	}
}

func (s *turtleScanner) end() {
	if text := strings.TrimSpace(s.out.String()); text != "" {
		s.done = append(s.done, statement{text: text, line: s.began})
	}
	s.out.Reset()
	s.nesting = 0
}

// address takes <...>. In PREFIX and BASE, which have no dot, it is the end.
func (s *turtleScanner) address() string {
	end := strings.IndexAny(s.rest(), ">\n")
	if end < 0 || s.rest()[end] != '>' {
		return "an address that begins with < has no end"
	}
	s.out.WriteString(s.rest()[:end+1])
	s.at += end + 1
	word, _, _ := strings.Cut(s.out.String(), " ")
	if strings.EqualFold(word, "PREFIX") || strings.EqualFold(word, "BASE") {
		s.end()
	}
	return ""
}

// quoted takes a text in one or in three quotes of a kind.
func (s *turtleScanner) quoted(quote byte) string {
	mark := string(quote)
	if long := strings.Repeat(mark, 3); strings.HasPrefix(s.rest(), long) {
		mark = long
	}
	began := s.line
	s.at += len(mark)
	var content strings.Builder
	for !strings.HasPrefix(s.rest(), mark) || (len(mark) == 3 && strings.HasPrefix(s.rest()[1:], mark)) { // a quote may come before the last three
		c := byte('\n')
		if s.at < len(s.text) {
			c = s.text[s.at]
		}
		switch {
		case s.at >= len(s.text) || (c == '\n' && len(mark) == 1):
			s.line = began
			return "a text that begins here has no end"
		case c == '\\':
			r, size := escape(s.rest())
			if size == 0 {
				return fmt.Sprintf("%.6q is no escape", s.rest())
			}
			content.WriteRune(r)
			s.at += size
		default:
			if c == '\n' {
				s.line++
			}
			content.WriteByte(c)
			s.at++
		}
	}
	s.at += len(mark)
	s.out.WriteByte('"')
	_, _ = plainEscapes.WriteString(&s.out, content.String())
	s.out.WriteByte('"')
	return ""
}

var plainEscapes = strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`, "\r", `\r`, "\t", `\t`)

// escape reads what an escape stands for, and how long it is; 0 if it is none.
func escape(text string) (rune, int) {
	const kinds, meanings = `tbnrf"'\`, "\t\b\n\r\f\"'\\"
	if len(text) < 2 {
		return 0, 0
	}
	if i := strings.IndexByte(kinds, text[1]); i >= 0 {
		return rune(meanings[i]), 2
	}
	digits := map[byte]int{'u': 4, 'U': 8}[text[1]]
	if digits == 0 || len(text) < 2+digits {
		return 0, 0
	}
	n, err := strconv.ParseInt(text[2:2+digits], 16, 32)
	if err != nil || !utf8.ValidRune(rune(n)) {
		return 0, 0
	}
	return rune(n), 2 + digits
}
