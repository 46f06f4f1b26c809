// Command policy evaluates a policy of the Open Policy Agent against a plan, as "opa eval" does. It prints each message of
// data.clarifai.deny, and ends with 1 if there is one.
//
//	policy FILE.rego PLAN.json
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"slices"

	"github.com/open-policy-agent/opa/v1/format"
	"github.com/open-policy-agent/opa/v1/rego"
)

func main() {
	if len(os.Args) != 3 {
		fmt.Fprintln(os.Stderr, "usage: policy FILE.rego PLAN.json")
		os.Exit(2)
	}
	messages, err := denied(context.Background(), os.Args[1], os.Args[2])
	if err != nil {
		fmt.Fprintln(os.Stderr, "policy:", err)
		os.Exit(2)
	}
	for _, message := range messages {
		fmt.Println(message)
	}
	if len(messages) > 0 {
		os.Exit(1)
	}
}

func denied(ctx context.Context, policy, plan string) ([]string, error) {
	source, err := os.ReadFile(policy)
	if err != nil {
		return nil, err
	}
	formatted, err := format.Source(policy, source)
	if err != nil {
		return nil, err
	}
	if string(formatted) != string(source) {
		return nil, fmt.Errorf("%s is not formatted as \"opa fmt\" does", policy)
	}
	content, err := os.ReadFile(plan)
	if err != nil {
		return nil, err
	}
	var input map[string]any
	if err := json.Unmarshal(content, &input); err != nil {
		return nil, err
	}
	results, err := rego.New(rego.Query("data.clarifai.deny"), rego.Module(policy, string(source)), rego.Input(input),
		rego.Strict(true), rego.StrictBuiltinErrors(true)).Eval(ctx)
	if err != nil {
		return nil, err
	}
	if len(results) != 1 || len(results[0].Expressions) != 1 {
		return nil, errors.New("the policy defines no data.clarifai.deny")
	}
	values, ok := results[0].Expressions[0].Value.([]any)
	if !ok {
		return nil, fmt.Errorf("data.clarifai.deny is %v, not a set", results[0].Expressions[0].Value)
	}
	messages := make([]string, len(values))
	for i, value := range values {
		messages[i] = fmt.Sprint(value)
	}
	slices.Sort(messages)
	return messages, nil
}
