package export

import (
	"bufio"
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"iter"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/clarifai/terraform-provider-clarifai/internal/clarifai"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/ids"
	"github.com/clarifai/terraform-provider-clarifai/internal/framework/inputcontent"
)

const (
	contentDir   = "content"
	checksumFile = "SHA256SUMS"
	partSuffix   = ".part"

	// maxDownloads is how many files are downloaded at once.
	maxDownloads = 8
	// contentWindow is how many inputs are read ahead of the row that is written, so that a large file does not stop the others.
	contentWindow = 256
	// maxUnreachable is after how many downloads in a row without a response no more files are requested: the host of the
	// files cannot be reached, and each file would be retried for minutes.
	maxUnreachable = 32
	// maxReasons is how many inputs the README lists with their reasons.
	maxReasons = 20

	contentProgress = 10 * time.Second
)

// content downloads the hosted files of inputs into a folder beside the manifest. A nil content downloads nothing.
type content struct {
	client *clarifai.Client
	dir    string
	manage bool // rows reference the files
	say    func(format string, args ...any)

	mu         sync.Mutex
	files      map[string]contentFile // by name without ending, see contentName
	checksums  *os.File               // of completed files, until they are written in order
	downloaded int
	bytes      int64
	existing   int // complete from an earlier run
	unhosted   int // the API returns no address
	failed     reasons
	inRow      int               // downloads without a response since the last response
	references map[string]string // file by input ID, of inputs whose rows have not been written
	unusable   reasons           // files that a row cannot reference
}

// contentFile is a complete file.
type contentFile struct {
	name   string
	sha256 [sha256.Size]byte
}

// reasons counts inputs and keeps the reasons of the first of them.
type reasons struct {
	n     int
	first []string
}

func (r *reasons) add(id, reason string) {
	r.n++
	if len(r.first) < maxReasons {
		reason, _, _ = strings.Cut(reason, "\n")
		r.first = append(r.first, fmt.Sprintf("`%s` (%s)", id, strings.TrimSuffix(reason, ".")))
	}
}

func (r *reasons) String() string {
	text := strings.Join(r.first, ", ")
	if more := r.n - len(r.first); more > 0 {
		text += fmt.Sprintf(" and %d more", more)
	}
	return text
}

// withContent runs the export of the inputs. With -download, it also downloads their content.
func (e *exporter) withContent(ctx context.Context, exportInputs func(context.Context) error) error {
	if !e.opts.download {
		return exportInputs(ctx)
	}
	c := &content{
		client: e.client, dir: filepath.Join(e.opts.out, contentDir), manage: e.opts.manageContent, say: e.say,
		files: map[string]contentFile{}, references: map[string]string{},
	}
	if err := c.open(); err != nil {
		return fmt.Errorf("unable to prepare the folder for content: %w", err)
	}
	defer func() { _ = c.checksums.Close() }()
	e.content = c
	if err := exportInputs(ctx); err != nil {
		return err
	}
	if e.opts.isSingle(KindInputs) { // blocks come from the provider, which does not read the addresses of content
		all := e.client.AllInputsByCursor(ctx, e.app, clarifai.StreamInputsQuery{PerPage: clarifai.MaxPerPage})
		for _, err := range c.download(ctx, all, func(*clarifai.Input) bool { return true }) {
			if err != nil {
				return fmt.Errorf("unable to list the inputs: %w", err)
			}
		}
	}
	if err := errors.Join(c.checksums.Close(), c.writeChecksums()); err != nil {
		return fmt.Errorf("unable to write %s: %w", checksumFile, err)
	}
	e.counted("content files", c.downloaded+c.existing, "in `"+contentDir+"/`")
	e.leftOut = append(e.leftOut, c.leftOut()...)
	return nil
}

// open creates the folder, and reads which files an earlier run completed.
func (c *content) open() error {
	if err := os.MkdirAll(c.dir, 0o750); err != nil {
		return err
	}
	entries, err := os.ReadDir(c.dir)
	if err != nil {
		return err
	}
	for _, entry := range entries { // of a run that was killed
		if entry.Type().IsRegular() && strings.HasSuffix(entry.Name(), partSuffix) {
			if err := os.Remove(filepath.Join(c.dir, entry.Name())); err != nil {
				return err
			}
		}
	}
	if err := c.readChecksums(); err != nil {
		return err
	}
	if err := c.writeChecksums(); err != nil { // without a last line that is cut, to append to
		return err
	}
	c.checksums, err = os.OpenFile(filepath.Join(c.dir, checksumFile), os.O_APPEND|os.O_WRONLY, 0)
	return err
}

// checksumLine is a line of sha256sum, of a file in the same folder.
var checksumLine = regexp.MustCompile(`^([0-9a-f]{64}) [ *]([^/\\]+)$`)

// readChecksums reads which files exist. The last line of a file counts.
func (c *content) readChecksums() error {
	f, err := os.Open(filepath.Join(c.dir, checksumFile))
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }()
	lines := bufio.NewScanner(f)
	for lines.Scan() {
		match := checksumLine.FindStringSubmatch(lines.Text())
		if match == nil {
			continue
		}
		file := contentFile{name: match[2]}
		if _, err := hex.Decode(file.sha256[:], []byte(match[1])); err != nil {
			continue
		}
		if info, err := os.Lstat(filepath.Join(c.dir, file.name)); err == nil && info.Mode().IsRegular() {
			c.files[strings.TrimSuffix(file.name, filepath.Ext(file.name))] = file
		}
	}
	return lines.Err()
}

// writeChecksums writes the checksums of all files, in the order of their names.
func (c *content) writeChecksums() error {
	files := slices.SortedFunc(maps.Values(c.files), func(a, b contentFile) int { return cmp.Compare(a.name, b.name) })
	return replaceFile(c.dir, checksumFile, func(w io.Writer) error {
		out := bufio.NewWriter(w)
		for _, file := range files {
			_, _ = out.WriteString(file.line()) // Flush returns the error
		}
		return out.Flush()
	})
}

func (f *contentFile) line() string { return fmt.Sprintf("%x  %s\n", f.sha256, f.name) }

// download yields the inputs in their order, each after the file of its content is complete or has failed. If a file
// fails, the others are still downloaded. wants reports whether the content of an input is exported.
func (c *content) download(ctx context.Context, inputs iter.Seq2[clarifai.Input, error],
	wants func(*clarifai.Input) bool) iter.Seq2[clarifai.Input, error] {
	if c == nil {
		return inputs
	}
	return func(yield func(clarifai.Input, error) bool) {
		var running sync.WaitGroup
		defer running.Wait()
		ctx, cancel := context.WithCancel(ctx)
		defer cancel()
		progress := time.NewTicker(contentProgress)
		defer progress.Stop()
		type item struct {
			input clarifai.Input
			done  chan struct{}
		}
		var window []item
		flush := func(keep int) bool {
			for ; len(window) > keep; window = window[1:] {
				for waiting := true; waiting; {
					select {
					case <-window[0].done:
						waiting = false
					case <-progress.C:
						c.reportProgress()
					}
				}
				if err := ctx.Err(); err != nil {
					yield(clarifai.Input{}, err)
					return false
				}
				if !yield(window[0].input, nil) {
					return false
				}
			}
			return true
		}
		slots := make(chan struct{}, maxDownloads)
		for input, err := range inputs {
			if err != nil {
				yield(input, err)
				return
			}
			next := item{input, make(chan struct{})}
			if wants(&input) && isUploaded(&input) {
				running.Go(func() {
					defer close(next.done)
					slots <- struct{}{}
					defer func() { <-slots }()
					c.fetch(ctx, &next.input)
				})
			} else {
				close(next.done)
			}
			if window = append(window, next); !flush(contentWindow) {
				return
			}
		}
		flush(0)
	}
}

// isUploaded reports whether the content of an input was sent as bytes.
func isUploaded(input *clarifai.Input) bool {
	kind, source, _ := inputcontent.FromData(input.Data)
	return kind != "" && source == ""
}

func (c *content) reportProgress() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.say("content: %d files downloaded (%d MB), %d existed, %d failed", c.downloaded, c.bytes>>20, c.existing, c.failed.n)
}

// fetch downloads the file of one input, unless it is complete from an earlier run.
func (c *content) fetch(ctx context.Context, input *clarifai.Input) {
	kind, _, hosted := inputcontent.FromData(input.Data)
	base := contentName(input.ID)
	c.mu.Lock()
	earlier, exists := c.files[base]
	stop := c.inRow >= maxUnreachable
	c.mu.Unlock()
	if exists && c.isComplete(earlier, input.CreatedAt) {
		problem := c.problem(input, kind, earlier)
		c.mu.Lock()
		defer c.mu.Unlock()
		c.existing++
		c.completed(input, earlier, problem)
		return
	}
	address := inputcontent.HostedURL(hosted)
	if address == "" {
		c.mu.Lock()
		defer c.mu.Unlock()
		c.unhosted++
		return
	}
	var file contentFile
	var n int64
	var problem string
	err := fmt.Errorf("not requested, since %d downloads in a row received no response", maxUnreachable)
	if !stop {
		if file, n, err = c.save(ctx, address, base, input); err == nil {
			problem = c.problem(input, kind, file)
		}
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if err == nil {
		if exists && earlier.name != file.name { // the input has been replaced by one of another format
			_ = os.Remove(filepath.Join(c.dir, earlier.name))
		}
		c.files[base] = file
		_, err = c.checksums.WriteString(file.line())
	}
	if err != nil {
		if ctx.Err() == nil {
			c.failed.add(input.ID, err.Error())
		}
		var rejected *clarifai.Error
		if c.inRow++; errors.As(err, &rejected) && rejected.HTTPStatus != 0 {
			c.inRow = 0
		}
		return
	}
	c.inRow = 0
	c.downloaded++
	c.bytes += n
	c.completed(input, file, problem)
}

// problem returns why a row cannot reference a file; "" if it can, or if no row is to do so.
func (c *content) problem(input *clarifai.Input, kind string, file contentFile) string {
	if !c.manage {
		return ""
	}
	if input.Status.Code.Class() == clarifai.ClassFailed {
		return "the input failed processing, and the plan would be to send it again"
	}
	if problem := ids.InputProblem(input.ID); problem != "" {
		return "the ID cannot be used for a new input: " + problem
	}
	return inputcontent.CopyFile(io.Discard, kind, filepath.Join(c.dir, file.name))
}

// completed notes the file for the row of the input. The caller holds the lock.
func (c *content) completed(input *clarifai.Input, file contentFile, problem string) {
	switch {
	case !c.manage:
	case problem != "":
		c.unusable.add(input.ID, problem)
	default:
		c.references[input.ID] = contentDir + "/" + file.name
	}
}

// isComplete reports whether a file has the content that was downloaded, of this input and not of an earlier one with its
// ID. Files have the time at which their input was created.
func (c *content) isComplete(file contentFile, created time.Time) bool {
	f, err := os.Open(filepath.Join(c.dir, file.name))
	if err != nil {
		return false
	}
	defer func() { _ = f.Close() }()
	const precision = 2 * time.Second // of the times of some file systems
	if info, err := f.Stat(); err != nil || info.ModTime().Add(precision).Before(created) {
		return false
	}
	digest := sha256.New()
	_, err = io.Copy(digest, f)
	return err == nil && [sha256.Size]byte(digest.Sum(nil)) == file.sha256
}

// save downloads a file. It appears under its name only when it is complete.
func (c *content) save(ctx context.Context, address, base string, input *clarifai.Input) (file contentFile, n int64, err error) {
	name := filepath.Join(c.dir, base+partSuffix)
	// What the app holds is for the group that works on it, not for everybody.
	part, err := os.OpenFile(name, os.O_CREATE|os.O_TRUNC|os.O_RDWR, 0o640) //nolint:gosec // see above
	if err != nil {
		return file, 0, err
	}
	defer func() {
		if err != nil {
			_ = part.Close()
			_ = os.Remove(part.Name())
		}
	}()
	digest := sha256.New()
	if n, err = c.client.Download(ctx, address, io.MultiWriter(part, digest)); err != nil {
		return file, n, err
	}
	head := make([]byte, 512)
	length, err := part.ReadAt(head, 0)
	if err != nil && !errors.Is(err, io.EOF) {
		return file, n, err
	}
	ending, err := contentEnding(input.Data, head[:length])
	if err != nil {
		return file, n, err
	}
	if err = part.Close(); err != nil {
		return file, n, err
	}
	if err = os.Chtimes(part.Name(), time.Time{}, input.CreatedAt); err != nil {
		return file, n, err
	}
	file = contentFile{name: base + ending, sha256: [sha256.Size]byte(digest.Sum(nil))}
	return file, n, os.Rename(part.Name(), filepath.Join(c.dir, file.name))
}

// reference makes the row of an input set the downloaded file, so that the provider manages the content.
func (c *content) reference(out *row) {
	if c == nil {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if file, ok := c.references[out.ID]; ok {
		out.File, out.URL = file, "" // the URL could only be the service's own copy
		delete(c.references, out.ID)
	}
}

// err returns an error if downloads failed, after everything else was written.
func (c *content) err() error {
	if c == nil || c.failed.n == 0 {
		return nil
	}
	return fmt.Errorf("the content of %d inputs was not downloaded: %s. Everything else is written. "+
		"Run the same command again with -update: it downloads only what is missing", c.failed.n, c.failed.String())
}

// leftOut is what of the content was not downloaded, as sentences for the README.
func (c *content) leftOut() []string {
	var out []string
	if c.failed.n > 0 {
		out = append(out, fmt.Sprintf("The content of %d inputs whose downloads failed: %s. Run the same command again with `-update`: it "+
			"downloads only what is missing.", c.failed.n, c.failed.String()))
	}
	if c.unhosted > 0 {
		out = append(out, fmt.Sprintf("The content of %d uploaded inputs for which Clarifai returns no address.", c.unhosted))
	}
	if c.unusable.n > 0 {
		out = append(out, fmt.Sprintf("References to %d downloaded files that the provider cannot manage: %s. Their content stays as it "+
			"is.", c.unusable.n, c.unusable.String()))
	}
	return out
}

// unmanaged is the README's sentence about n rows that set no content.
func (c *content) unmanaged(n int) string {
	if c == nil {
		return fmt.Sprintf("The content of %d inputs that were uploaded to Clarifai: their rows have no source, so "+
			"their content stays as it is and is not managed.", n)
	}
	text := fmt.Sprintf("Content in %d rows of inputs that were uploaded to Clarifai: it stays as it is and is not managed.", n)
	if !c.manage {
		text += " With `-manage-content`, rows reference the downloaded files."
	}
	return text
}

// readme is the README's section about the files.
func (c *content) readme() string {
	if c == nil {
		return ""
	}
	text := fmt.Sprintf(`
## Content

The folder %[1]s has the content of inputs that were uploaded to Clarifai, one file for each input, named by its ID. If an ID has
capital letters or characters that a file name cannot have, the name is changed and has a checksum of the ID after a plus sign.
%[2]d files were downloaded, and %[3]d files of an earlier export were complete. Inputs that Clarifai downloaded from a URL have no file.

To verify the files:

    cd %[4]s && sha256sum -c %[5]s

`, "`"+contentDir+"/`", c.downloaded, c.existing, contentDir, checksumFile)
	if c.manage {
		return text + "The rows of `" + manifestFile + "` reference the files, so that the provider manages the content. Clarifai does " +
			"not say whether the\ncontent of an input equals a file, so that the first apply may show changes.\n"
	}
	return text + "The configuration does not reference the files: the content at Clarifai stays as it is.\n"
}

// plainName is an ID that is a file name on all systems, also where names that differ only in case are equal.
var plainName = regexp.MustCompile(`^[a-z0-9_][a-z0-9_.-]{0,99}$`)

// deviceName is a name that Windows reserves, with any ending.
var deviceName = regexp.MustCompile(`^(?i:con|prn|aux|nul|com[0-9]|lpt[0-9])(\.|$)`)

// contentName is the name of an input's file without its ending. Different IDs have different names.
func contentName(id string) string {
	if plainName.MatchString(id) && !deviceName.MatchString(id) {
		return id
	}
	sum := sha256.Sum256([]byte(id))
	name := strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '-' || r == '_' {
			return r
		}
		return '_'
	}, id)
	name = strings.TrimLeft(name, "-")
	return fmt.Sprintf("%s+%x", name[:min(len(name), 100)], sum[:8])
}

// endings are those of the types that http.DetectContentType detects.
var endings = map[string]map[string]string{
	inputcontent.Image: {
		"image/jpeg": ".jpg", "image/png": ".png", "image/gif": ".gif", "image/webp": ".webp", "image/bmp": ".bmp", "image/x-icon": ".ico",
	},
	inputcontent.Video: {"video/mp4": ".mp4", "video/webm": ".webm", "video/avi": ".avi", "application/ogg": ".ogv"},
	inputcontent.Audio: {
		"audio/mpeg": ".mp3", "audio/wave": ".wav", "audio/aiff": ".aiff", "audio/basic": ".au", "application/ogg": ".ogg",
		"video/mp4": ".m4a", "video/webm": ".weba",
	},
}

// usualEndings are those of content whose type is not known.
var usualEndings = map[string]string{
	inputcontent.Image: ".jpg", inputcontent.Video: ".mp4", inputcontent.Audio: ".mp3", inputcontent.Text: ".txt",
}

// contentEnding returns the ending of a file's name for the beginning of its content.
func contentEnding(data *clarifai.Data, head []byte) (string, error) {
	kind, _, _ := inputcontent.FromData(data)
	detected, _, _ := strings.Cut(http.DetectContentType(head), ";")
	if kind != inputcontent.Text && detected == "text/html" {
		return "", fmt.Errorf("the response is a web page, and the input is of type %s", kind)
	}
	if ending := endings[kind][detected]; ending != "" {
		return ending, nil
	}
	format := ""
	switch {
	case data.Image != nil && data.Image.ImageInfo != nil:
		format = data.Image.ImageInfo.Format
	case data.Video != nil && data.Video.VideoInfo != nil:
		format = data.Video.VideoInfo.VideoFormat
	case data.Audio != nil && data.Audio.AudioInfo != nil:
		format = data.Audio.AudioInfo.AudioFormat
	}
	if ending := "." + strings.ToLower(format); inputcontent.TypeOf("x"+ending) == kind {
		return ending, nil
	}
	return usualEndings[kind], nil
}
