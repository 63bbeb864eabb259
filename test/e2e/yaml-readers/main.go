// Program yaml-readers reads a JSON list of YAML texts, and prints what each of Kubernetes' YAML readers says about each: `[v2, v3, sigs]`.
// A number, a boolean, a null or an error is a map with its type, so that only a string equals a string.
package main

import (
	"encoding/json"
	"fmt"
	"os"

	v2 "go.yaml.in/yaml/v2"
	v3 "gopkg.in/yaml.v3"
	sigs "sigs.k8s.io/yaml"
)

func main() {
	var texts []string
	if err := json.NewDecoder(os.Stdin).Decode(&texts); err != nil {
		panic(err)
	}
	answers := make([][3]any, len(texts))
	for index, text := range texts {
		bytes := []byte(text)
		for reader, unmarshal := range []func([]byte, any) error{
			func(in []byte, out any) error { return v2.Unmarshal(in, out) },
			func(in []byte, out any) error { return v3.Unmarshal(in, out) },
			func(in []byte, out any) error { return sigs.Unmarshal(in, out) },
		} {
			var value any
			if err := unmarshal(bytes, &value); err != nil {
				answers[index][reader] = map[string]string{"error": err.Error()}
				continue
			}
			answers[index][reader] = plain(value)
		}
	}
	encoder := json.NewEncoder(os.Stdout)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(answers); err != nil {
		panic(err)
	}
}

func plain(value any) any {
	switch value := value.(type) {
	case map[any]any:
		entries := map[string]any{}
		for key, item := range value {
			entries[name(key)] = plain(item)
		}
		return entries
	case map[string]any:
		for key, item := range value {
			value[key] = plain(item)
		}
		return value
	case []any:
		for index, item := range value {
			value[index] = plain(item)
		}
		return value
	case string:
		return value
	}
	return map[string]string{fmt.Sprintf("%T", value): fmt.Sprint(value)}
}

func name(key any) string {
	if text, ok := key.(string); ok {
		return text
	}
	return fmt.Sprintf("%T %v", key, key)
}
