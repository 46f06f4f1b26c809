package export

import (
	"fmt"
	"strings"
)

// notExported says what no export contains, and why.
var notExported = []string{
	"Exports of dataset versions, imports, uploads, evaluations and duplications: they are work that has been done. The resources of the " +
		"same names start such work.",
	"Models, workflows, collaborators and billing: the provider does not manage them.",
	"Knowledge graphs: the API cannot change or delete them.",
}

// readme is the README of the directory.
func (e *exporter) readme() string {
	var b strings.Builder
	fmt.Fprintf(&b, `# App %s of %s

Written by terraform-provider-clarifai export. The files describe the app as it is. Nothing was changed at Clarifai.

## Adopt the app

    terraform init
    terraform plan    # "N to import, 0 to add, 0 to change, 0 to destroy"
    terraform apply

With OpenTofu, use `+"`tofu`"+` in place of `+"`terraform`"+`. If you use a build of your own (`+"`dev_overrides`"+`), skip `+"`init`"+`.
After the apply, `+"`imports.tf`"+` has done its work and can be deleted.

Imported objects have the deletion policy `+"`prevent`"+`: a plan that would delete them is an error. To let Terraform delete an object, set
`+"`deletion_policy = \"delete\"`"+` and apply. To stop managing it, use a `+"`removed`"+` block.

## What is here

| what | number | |
|---|---|---|
`, e.app.AppID, e.app.UserID)
	for _, c := range e.counts {
		fmt.Fprintf(&b, "| %s | %d | %s |\n", c.what, c.n, c.note)
	}
	b.WriteString(e.content.readme())
	b.WriteString("\n## What is not here\n\n")
	for _, sentence := range append(append([]string{}, e.leftOut...), notExported...) {
		fmt.Fprintf(&b, "* %s\n", sentence)
	}
	return b.String()
}

// summary is what the command prints at the end.
func (e *exporter) summary() string {
	return fmt.Sprintf("The app %q is written to %s. Next: terraform -chdir=%s plan. README.md there says what was left out.\n",
		e.app.AppID, e.opts.out, e.opts.out)
}
