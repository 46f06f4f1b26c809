// Command live probes the open facts of the Clarifai API: behavior that is not known outside Clarifai
// and for which the emulator has dialects. It needs an empty app,
// sends a few requests per fact, removes what it created, also after an interrupt,
// and prints a table: the fact, the emulator's assumption, the behavior of the service,
// and the result. "make live" runs it, and then the tests that are safe there.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"text/tabwriter"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/clarifai/terraform-provider-clarifai/internal/emulator/apiserver"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := command(ctx, os.Args[1:], os.Getenv, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "live:", err)
		stop()
		os.Exit(1)
	}
}

func command(ctx context.Context, args []string, env func(string) string, stdout io.Writer) error {
	flags := flag.NewFlagSet("live", flag.ContinueOnError)
	out := flags.String("json", "", "also write the table to this `file`")
	if err := flags.Parse(args); err != nil {
		return err
	}
	target := target{
		base: env("CLARIFAI_API_BASE"), pat: env("CLARIFAI_PAT"), user: env("CLARIFAI_USER_ID"), app: env("CLARIFAI_APP_ID"),
		interval: time.Second, timeout: 2 * time.Minute, clock: apiserver.RealClock{},
	}
	if target.base == "" {
		target.base = "https://api.clarifai.com"
	}
	if target.pat == "" || target.user == "" || target.app == "" {
		return errors.New("set CLARIFAI_PAT, CLARIFAI_USER_ID and CLARIFAI_APP_ID of an empty app")
	}
	results, err := run(ctx, target, &http.Client{Timeout: time.Minute}, nil)
	if len(results) > 0 {
		if err := printTable(stdout, results); err != nil {
			return err
		}
	}
	if len(results) > 0 && *out != "" { // also those before an interrupt
		err = errors.Join(err, writeJSON(*out, results))
	}
	return err
}

func writeJSON(file string, results []result) error {
	b, err := json.Marshal(results, jsontext.WithIndent("  "))
	if err != nil {
		return err
	}
	return os.WriteFile(file, append(b, '\n'), 0o600)
}

func printTable(w io.Writer, results []result) error {
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	_, _ = fmt.Fprintln(table, "FACT\tRESULT\tASSUMPTION\tWHAT THE SERVICE DID")
	for _, r := range results {
		_, _ = fmt.Fprintf(table, "%s\t%s\t%s\t%s\n", r.Fact, r.Result, r.Assumption, r.Observed)
	}
	return table.Flush()
}
