package export

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/clarifai/terraform-provider-clarifai/internal/framework/configure"
)

// Connect configures the provider and returns the server that Terraform would talk to.
type Connect func(context.Context, configure.Settings) (tfprotov6.ProviderServer, *configure.Provider, error)

// Kinds that can be exported, in the order in which they are written.
const (
	KindApp             = "app"
	KindDatasets        = "datasets"
	KindDatasetVersions = "dataset_versions"
	KindConcepts        = "concepts"
	KindInputs          = "inputs"
	KindAnnotations     = "annotations" // of inputs that are exported
	KindSearches        = "saved_searches"
)

var allKinds = []string{KindApp, KindDatasets, KindConcepts, KindInputs, KindAnnotations, KindDatasetVersions, KindSearches}

// options are what the command line says.
type options struct {
	out      string
	kinds    []string
	single   []string // kinds that get a block for each object
	datasets []string // only these, and only their inputs; empty: all
	update   bool
	download bool // the content of uploaded inputs
	// manageContent makes rows reference the downloaded files.
	manageContent bool
}

func (o *options) has(kind string) bool      { return slices.Contains(o.kinds, kind) }
func (o *options) isSingle(kind string) bool { return slices.Contains(o.single, kind) }

const usage = `Usage: terraform-provider-clarifai export -out DIR [flags]

Writes an existing Clarifai app as Terraform configuration: one block for each dataset, version and saved search,
one clarifai_inputs with a manifest that has the annotations, one clarifai_taxonomy with a CSV file, and import
blocks for all of them. Nothing is changed at Clarifai. With -download, the content of uploaded inputs is written to
the folder content, with its checksums. The credentials are those of the provider: CLARIFAI_PAT, or the Clarifai CLI's
current context.

Flags:
`

// Command runs the export command with the arguments after its name.
func Command(ctx context.Context, args []string, stdout, stderr io.Writer, connect Connect) error {
	flags := flag.NewFlagSet("export", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.Usage = func() {
		_, _ = io.WriteString(stderr, usage)
		flags.PrintDefaults()
	}
	var (
		settings               configure.Settings
		opts                   options
		kinds, single, dataset string
		rate                   float64
	)
	flags.StringVar(&opts.out, "out", "", "`directory` to write to; it must be empty or not exist, unless -update is given")
	flags.StringVar(&settings.UserID, "user", "", "`ID` of the user or organization that owns the app (default: as the provider's user_id)")
	flags.StringVar(&settings.AppID, "app", "", "`ID` of the app (default: as the provider's app_id)")
	flags.StringVar(&settings.BaseURL, "base-url", "", "`URL` of the API (default: as the provider's base_url)")
	flags.StringVar(&settings.Context, "context", "", "`name` of a context of the Clarifai CLI's configuration file")
	flags.StringVar(&settings.ConfigFile, "config-file", "", "`path` of the Clarifai CLI's configuration file")
	flags.Float64Var(&rate, "requests-per-second", -1, "maximum `number` of requests per second; 0 is no limit (default: as the provider's)")
	flags.StringVar(&kinds, "kinds", strings.Join(allKinds, ","), "comma-separated `list` of what to export")
	flags.StringVar(&single, "single", "", "comma-separated `list` of kinds, of inputs and concepts, that get one block for each object "+
		"instead of one file for all")
	flags.StringVar(&dataset, "datasets", "", "comma-separated `list` of dataset IDs: only these datasets, their versions and their inputs")
	flags.BoolVar(&opts.update, "update", false, "write again what an earlier export wrote to the directory; other files in it are kept")
	flags.BoolVar(&opts.download, "download", false, "download the content of inputs that were uploaded to Clarifai, into the folder "+
		contentDir+"; with -update, only what is missing")
	flags.BoolVar(&opts.manageContent, "manage-content", false, "with -download: rows of the manifest reference the downloaded files, "+
		"so that the provider manages the content; the first apply may show changes")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if flags.NArg() > 0 {
		return fmt.Errorf("unexpected argument %q; see -help", flags.Arg(0))
	}
	if opts.out == "" {
		return errors.New("-out is required: the directory to write to; see -help")
	}
	if rate >= 0 {
		settings.RequestsPerSecond = &rate
	}
	opts.datasets = split(dataset)
	var err error
	if opts.kinds, err = splitKinds("-kinds", kinds, allKinds); err != nil {
		return err
	}
	if opts.single, err = splitKinds("-single", single, []string{KindInputs, KindConcepts}); err != nil {
		return err
	}
	if err := opts.checkContent(); err != nil {
		return err
	}
	server, configured, err := connect(ctx, settings)
	if err != nil {
		return err
	}
	e, err := newExporter(ctx, server, configured, opts, stderr)
	if err != nil {
		return err
	}
	if err := e.run(ctx); err != nil {
		return err
	}
	_, err = fmt.Fprint(stdout, e.summary())
	return err
}

// checkContent rejects flags about content that have no effect together.
func (o *options) checkContent() error {
	switch {
	case o.manageContent && !o.download:
		return errors.New("-manage-content needs -download: it references the files that -download writes")
	case o.manageContent && o.isSingle(KindInputs):
		return errors.New("-manage-content cannot be combined with -single inputs: only the rows of a manifest reference downloaded files")
	case o.download && !o.has(KindInputs):
		return fmt.Errorf("-download needs the kind %s: add it to -kinds", KindInputs)
	}
	return nil
}

func split(list string) []string {
	var out []string
	for item := range strings.SplitSeq(list, ",") {
		if item = strings.TrimSpace(item); item != "" {
			out = append(out, item)
		}
	}
	return out
}

func splitKinds(name, list string, known []string) ([]string, error) {
	kinds := split(list)
	for _, kind := range kinds {
		if !slices.Contains(known, kind) {
			return nil, fmt.Errorf("%s: %q is none of %s", name, kind, strings.Join(known, ", "))
		}
	}
	return kinds, nil
}
