package clarifai

import (
	"fmt"
	"strings"
)

// present is the payload of an answer that must carry one.
func present[T any](op, key string, got *T) (*T, error) {
	if got == nil {
		return nil, missing(op, key)
	}
	return got, nil
}

// whole is the payload of a write's answer, which must carry an item for each one asked for. One that
// says success and carries less leaves open what was done.
func whole[T any](op, key string, asked int, got []T) ([]T, error) {
	if len(got) < asked {
		err := missing(op, key)
		err.OutcomeUnknown = true
		return nil, err
	}
	return got, nil
}

// outcomes sorts the items of an answer to those of the request, by id where both have
// one and else by position, and judges each by its own status. An answer that says no
// more than that all has failed is an error of the call.
func outcomes[T any](op string, call Status, asked, answered []T, id func(T) string, status func(T) Status) ([]Item[T], error) {
	if len(answered) == 0 && (call.Code == StatusMixed || call.Code == StatusFailure) {
		return nil, &Error{Op: op, Status: call, OutcomeUnknown: call.Code == StatusMixed}
	}
	matched := match(asked, answered, id)
	items := make([]Item[T], len(asked))
	for i := range asked {
		if matched[i] < 0 {
			items[i] = Item[T]{Value: asked[i], Err: &Error{
				Op: op, OutcomeUnknown: true,
				Err: fmt.Errorf("the answer says nothing about this item, so whether it was done is unknown (request id %s)", call.ReqID),
			}}
			continue
		}
		items[i].Value = answered[matched[i]]
		s := status(items[i].Value)
		if s.Code == 0 && call.Code == StatusFailure {
			s = call
		}
		// No status at all on an item is how some answers say that nothing was wrong with it.
		if class := s.Code.Class(); s.Code != 0 && class != ClassDone && class != ClassInProgress {
			items[i].Err = itemError(op, s, call.ReqID)
		}
	}
	return items, nil
}

// match finds for each item asked for the index of its answer, or -1.
func match[T any](asked, answered []T, id func(T) string) []int {
	byID := map[string][]int{} // ids may repeat: the first of the answer goes to the first asked
	for i, item := range answered {
		if key := id(item); key != "" {
			byID[key] = append(byID[key], i)
		}
	}
	matched, taken := make([]int, len(asked)), make([]bool, len(answered))
	for i, item := range asked {
		matched[i] = -1
		if queue := byID[id(item)]; len(queue) > 0 {
			matched[i], byID[id(item)] = queue[0], queue[1:]
			taken[queue[0]] = true
		}
	}
	if len(answered) != len(asked) {
		return matched // positions would tell nothing
	}
	for i, item := range asked {
		// Other ids at the same place are the service's own, or ours with a suffix against a conflict.
		if matched[i] < 0 && !taken[i] && (id(answered[i]) == "" || strings.HasPrefix(id(answered[i]), id(item))) {
			matched[i] = i
		}
	}
	return matched
}

// matchItems gives each item that was sent its own in the response, by ID if there is one and by position otherwise.
func matchItems[T any](op string, sent, received []T, id func(T) string, err error) ([]Item[T], error) {
	if err != nil {
		return nil, err
	}
	return outcomes(op, Status{Code: StatusSuccess}, sent, received, id, func(T) Status { return Status{} })
}
