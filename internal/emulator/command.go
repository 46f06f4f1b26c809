package emulator

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// DefaultApp is the app that the command creates if -app is not given.
const DefaultApp = "main"

// Command runs the emulator until ctx ends. The first line on stdout is
// "listening on http://127.0.0.1:PORT".
func Command(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	flags := flag.NewFlagSet("emulator", flag.ContinueOnError)
	flags.SetOutput(stderr)
	options := Options{Buckets: map[string]string{}}
	listen := flags.String("listen", "127.0.0.1:0", "address to listen on; port 0 takes a free one")
	seed := flags.String("seed", "", "JSON `file` to start from, in the form of GET /__emulator/state")
	verbose := flags.Bool("verbose", false, "report each request on standard error")
	help := false
	flags.StringVar(&options.PAT, "pat", "", "the only personal access token that is accepted; any if empty")
	flags.StringVar(&options.User, "user", DefaultUser, "id of the user that \"me\" is")
	flags.StringVar(&options.App, "app", DefaultApp, "id of an app that is created at start, and meant by paths without user and app")
	flags.DurationVar(&options.Latency, "latency", 0, "added to each request, such as 50ms")
	flags.DurationVar(&options.Async, "async", 0, "how long asynchronous work takes, such as 2s; 0: done at the next request")
	flags.Float64Var(&options.RPS, "rps", 0, "requests per second before requests are throttled with 429; 0: unlimited")
	flags.BoolVar(&options.CamelCase, "camel", false, "respond in camelCase, as in the published swagger documentation")
	flags.Func("dialect", "comma-separated `NAMES` of alternative behaviours where Clarifai's is not known; \"help\" lists them",
		func(v string) error {
			if v == "help" {
				help = true
				return nil
			}
			options.Dialects = append(options.Dialects, strings.Split(v, ",")...)
			return checkDialects(options.Dialects)
		})
	flags.Func("bucket", "`NAME=DIR`: folder behind data sources such as s3://NAME/prefix; may be repeated", func(v string) error {
		name, dir, ok := strings.Cut(v, "=")
		if !ok || name == "" {
			return errors.New("want NAME=DIR")
		}
		dir, err := filepath.Abs(dir)
		if err != nil {
			return err
		}
		if info, err := os.Stat(dir); err != nil || !info.IsDir() {
			return fmt.Errorf("%s is not a folder", dir)
		}
		options.Buckets[name] = dir
		return nil
	})
	flags.Usage = func() {
		_, _ = fmt.Fprintln(stderr, "Runs an in-memory Clarifai service, to try and test configurations offline.")
		flags.PrintDefaults()
	}
	if err := flags.Parse(args); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			return nil
		}
		return err
	}
	if help {
		_, err := io.WriteString(stdout, dialectHelp())
		return err
	}
	if flags.NArg() > 0 {
		return fmt.Errorf("unexpected argument %q", flags.Arg(0))
	}
	if options.Latency < 0 || options.Async < 0 || options.RPS < 0 {
		return errors.New("-latency, -async and -rps cannot be negative")
	}
	if *verbose {
		options.Logf = func(format string, args ...any) { _, _ = fmt.Fprintf(stderr, format+"\n", args...) }
	}
	if *seed != "" {
		f, err := os.Open(*seed)
		if err != nil {
			return err
		}
		defer f.Close() //nolint:errcheck // only read from
		options.Seed = f
	}
	service, err := New(options)
	if err != nil {
		return err
	}
	server, err := service.Listen(ctx, *listen)
	if err != nil {
		return err
	}
	if _, err := fmt.Fprintf(stdout, "listening on %s\n", server.URL()); err != nil {
		server.Close()
		return err
	}
	<-ctx.Done()
	stopping, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	if err := server.Shutdown(stopping); err != nil {
		server.Close()
	}
	return nil
}
