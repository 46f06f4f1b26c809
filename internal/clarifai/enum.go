package clarifai

import "strconv"

// enumNames is an enum of the API: number by official name.
type enumNames map[string]int32

func (names enumNames) unmarshal(b []byte, kind string, into *int32) error {
	n, err := unmarshalEnum(b, names, kind)
	if err != nil {
		return err
	}
	*into = n
	return nil
}

// name is the official name of n, or its digits where the service is newer
// than this table.
func (names enumNames) name(n int32) string {
	for name, value := range names {
		if value == n {
			return name
		}
	}
	return strconv.Itoa(int(n))
}
