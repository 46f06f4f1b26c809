package clarifai

import (
	"errors"
	"fmt"
	"reflect"
	"strings"
)

// errIncomplete is the cause of an error about a response that reports success and lacks a part.
var errIncomplete = errors.New("the response is incomplete")

// missing returns the error of a response that reports success and lacks a part.
func missing(op, key string) *Error {
	return &Error{Op: op, Hint: hintUnreadable, Err: fmt.Errorf("%w: it claims success but has no %q", errIncomplete, key)}
}

// present returns the object of a response that must carry one.
func present[T any](op, key string, got *T) (*T, error) {
	if got == nil {
		return nil, missing(op, key)
	}
	return got, nil
}

// whole returns the objects in the response of a write, in the order they were sent. If the response reports success and
// lacks one of them, the outcome is unknown; then whole returns the objects it has together with the error.
func whole[T any](op, key string, sent, received []T, id func(T) string) ([]T, error) {
	ordered := make([]T, 0, len(sent))
	for _, i := range match(sent, received, id) {
		if i < 0 {
			return received, incompleteWrite(op, key)
		}
		ordered = append(ordered, received[i])
	}
	return ordered, nil
}

// wholeNumber is whole for responses whose objects are not of the type that was sent: there must be n with an ID.
func wholeNumber[T any](op, key string, n int, received []T, id func(T) string) ([]T, error) {
	for _, object := range received {
		if id(object) == "" {
			return received, incompleteWrite(op, key)
		}
	}
	if len(received) < n {
		return received, incompleteWrite(op, key)
	}
	return received, nil
}

func incompleteWrite(op, key string) *Error {
	err := missing(op, key)
	err.OutcomeUnknown = true
	return err
}

// matchItems assigns each item that was sent its own item in the response. The outcome of items that the response lacks is
// unknown. err is the error of the request.
func matchItems[T any](op string, sent, received []T, id func(T) string, err error) ([]Item[T], error) {
	if err != nil && !errors.Is(err, errIncomplete) {
		return nil, err
	}
	return outcomes(op, Status{Code: StatusSuccess}, sent, received, id, func(T) Status { return Status{} })
}

// outcomes assigns the items of a response to those of the request and decides each by its own status. If a response only
// says that the request failed, outcomes returns the error of the request.
func outcomes[T any](op string, request Status, sent, received []T, id func(T) string, status func(T) Status) ([]Item[T], error) {
	failed := request.Code != StatusSuccess && request.Code != StatusAccepted && request.Code != StatusMixed
	if len(received) == 0 && (failed || request.Code == StatusMixed) {
		return nil, &Error{Op: op, Status: request, OutcomeUnknown: request.Code == StatusMixed}
	}
	matched := match(sent, received, id)
	items := make([]Item[T], len(sent))
	for i := range sent {
		if matched[i] < 0 {
			items[i] = Item[T]{Value: sent[i], Err: &Error{
				Op: op, OutcomeUnknown: true,
				Err: fmt.Errorf("%w: it does not contain this item (request id %s)", errIncomplete, request.ReqID),
			}}
			continue
		}
		items[i].Value = received[matched[i]]
		s := status(items[i].Value)
		if s.Code == 0 && failed {
			s = request
		}
		// Some responses say nothing about an item that succeeded.
		if class := s.Code.Class(); s.Code != 0 && class != ClassDone && class != ClassInProgress {
			items[i].Err = itemError(op, s, request.ReqID)
		}
	}
	return items, nil
}

// itemError returns the failure of one item of a response. After a transient status the item may have been processed.
func itemError(op string, s Status, reqID string) error {
	if s.ReqID == "" {
		s.ReqID = reqID
	}
	return &Error{Op: op, Status: s, OutcomeUnknown: s.Code == StatusMixed || s.Code.Retryable()}
}

// match finds for each item that was sent the index of its own among those received, or -1: by ID, or by position where
// the service assigned or extended the ID. Items that are null in the response match nothing.
func match[T any](sent, received []T, id func(T) string) []int {
	byID := map[string][]int{} // IDs may repeat: the first received belongs to the first sent
	for i, item := range received {
		if key := id(item); key != "" {
			byID[key] = append(byID[key], i)
		}
	}
	matched, taken := make([]int, len(sent)), make([]bool, len(received))
	for i, item := range sent {
		matched[i] = -1
		if queue := byID[id(item)]; len(queue) > 0 {
			matched[i], byID[id(item)] = queue[0], queue[1:]
			taken[queue[0]] = true
		}
	}
	if len(received) != len(sent) {
		return matched // positions would say nothing
	}
	for i, item := range sent {
		if matched[i] >= 0 || taken[i] || isZero(received[i]) {
			continue
		}
		if got := id(received[i]); got == "" || strings.HasPrefix(got, id(item)) {
			matched[i] = i
		}
	}
	return matched
}

func isZero[T any](v T) bool { return reflect.ValueOf(&v).Elem().IsZero() }
